"""Keeping in step with the policy what GitHub reads elsewhere: forms, what workflows pass, the repository's labels."""
