"""One module for each check of a server's set-up."""
