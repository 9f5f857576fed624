"""What to do about a result: an ordered repair plan. Nothing here runs a command."""
