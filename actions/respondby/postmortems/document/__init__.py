"""A post-mortem from text to facts, each fact with its line and column. Nothing here judges."""
