"""What built-in commands do on a case: `effects` at once, a file each for those that do more than set."""
