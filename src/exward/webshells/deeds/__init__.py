"""Where a value becomes a deed: code that is run, a command, a file, a connection.

One file for each kind. `look(reader, call)` notes the signs of one call; it returns the call's
value if that is special, and None if the call is none of its kind. Every kind sees every call, in
whatever order; what several say of its value holds together.
"""
