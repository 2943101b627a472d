"""Changes the code in small ways and looks whether the tests notice.

`changing` says what can be changed and makes the code of it, `reaching` which test gets where and how long it takes,
`forking` does a piece of work in a copy of this process, `playing` puts the three together, `named` reads the mutants
that no test can tell from the code as it is.
"""
