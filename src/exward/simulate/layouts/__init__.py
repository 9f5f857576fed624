"""One file for each kind of log: where it lies, how it begins, and how a row is written."""
