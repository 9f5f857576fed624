"""The Sigma engine: load, check, compile, match, correlate."""
