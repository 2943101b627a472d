"""What may happen: issues, pull requests, repositories and all else by GitHub's rules, whichever surface asks."""
