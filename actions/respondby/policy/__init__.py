"""What was promised: the model, its loader with line numbers, the checks of sense, forms made from it."""
