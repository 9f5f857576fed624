"""What a server runs and how it is set up: inventories, facts, checks."""
