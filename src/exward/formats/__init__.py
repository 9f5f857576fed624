"""One file per format: bytes to batches of records."""
