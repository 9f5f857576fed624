"""What things are: the values that every other part passes on. Imports nothing of ours."""
