"""Staying awake: a run that sleeps until something is due, and acts to the second."""
