"""One file for each step of a repair plan."""
