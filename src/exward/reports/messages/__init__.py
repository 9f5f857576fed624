"""Renderers of what is said of mail; one file each, found by discovery."""
