"""What to do: triage, commands and ladders become one Plan, purely."""
