"""What every request passes, whatever it asks for: its address, its route, faults, limits and the log."""
