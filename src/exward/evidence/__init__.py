"""Finds evidence files in folders and archives, safely, and says what each one is."""
