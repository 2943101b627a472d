"""Looking at a living repository: is everything there that its desk needs, and if not, what to do. Writes nothing."""
