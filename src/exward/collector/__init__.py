"""The script that gathers evidence on a server, and what its collections promise."""
