"""The mail filter for Postfix and other servers that speak the milter protocol."""
