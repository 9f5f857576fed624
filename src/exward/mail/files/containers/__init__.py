"""One file for each kind of container that files are packed in."""
