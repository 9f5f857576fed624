"""Checks of what a server shows to the outside; each is one file."""
