"""Web pages on which a person can look at what the sandbox holds, much as GitHub would show it."""
