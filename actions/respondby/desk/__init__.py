"""What happened: cases, moments, request bodies, commands said, and the record of what we did."""
