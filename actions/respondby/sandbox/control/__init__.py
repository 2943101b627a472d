"""The control API under `/_sandbox/`, which GitHub does not have: in this process, and over HTTP."""
