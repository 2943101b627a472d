"""The one loop: read, assess, decide, apply, read again until there is nothing to do."""
