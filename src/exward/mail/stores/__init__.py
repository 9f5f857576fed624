"""Where messages lie: one file for each kind of store."""
