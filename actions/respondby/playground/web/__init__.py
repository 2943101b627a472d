"""The pages on which one plays: rendered here, whole, and working without JavaScript."""
