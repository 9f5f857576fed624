"""One module for each kind of file that tells what a server runs and how it is set up."""
