"""What a server shows to anybody who asks: version, reachable services, TLS."""
