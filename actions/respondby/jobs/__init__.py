"""Which cases to gather; then the one loop. One job a file; what they share is in the floors below."""
