"""What is: the database, its clock, git's objects, and the questions that every floor above asks of them."""
