"""One file per output. A renderer shows a result; it never computes a verdict."""
