"""Words of a message: what they ask for."""
