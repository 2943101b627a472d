"""From a policy's text to the policy: what each section means, and that every name in it exists."""
