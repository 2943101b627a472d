"""What is owed and what was kept: `assess()` turns a policy and a history into an Assessment."""
