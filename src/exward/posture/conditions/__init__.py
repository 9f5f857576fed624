"""One module for each kind of condition under which a fixed build closes a vulnerability."""
