"""What if: plays a scenario through the whole desk, against the sandbox, with real runs of the real actions."""
