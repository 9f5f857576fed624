"""The quarantine: messages in files, an index of them, and what was decided about each."""
