"""Many repositories, one desk: which they are, by which policy, who sweeps which, and what became of each."""
