"""Runs code of a page that works on constants alone, as it happens: what it decodes is known then.

Nothing is run by Python or by a shell: each statement and function is one that is written here.
"""
