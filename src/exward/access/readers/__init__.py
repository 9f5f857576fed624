"""One module for each way in which a directory is written to a file."""
