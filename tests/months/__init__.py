"""Three simulated months of each process, lived through the real desk, and recomputed from their raw timelines."""
