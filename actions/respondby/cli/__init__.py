"""What people and runners type: one file a command, thin."""
