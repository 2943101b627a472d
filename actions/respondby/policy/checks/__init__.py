"""Does a policy that loads make sense? One rule is one function, in a table of its family."""
