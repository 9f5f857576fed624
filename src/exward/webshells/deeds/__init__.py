"""Where a value becomes a deed: code that is run, a command, a file, a connection.

One file for each kind: `ABOUT` says which calls concern it, and `look(reader, call)` notes the
signs of one of them; it returns the call's value if that is special, and None if the call is none
of its kind. Kinds do not depend on each other's order; what several say of a value holds together.
"""
