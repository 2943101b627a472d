"""What was promised: the policy, frozen. It knows nothing of its text."""
