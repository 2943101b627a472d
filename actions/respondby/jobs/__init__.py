"""Which cases to gather; then the one loop: assess, decide, apply, read again until there is nothing to do."""
