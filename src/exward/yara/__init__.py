"""YARA rules of the user's own, matched against the web files of the evidence."""
