"""What a message shows, what it claims to be, and what to do with it."""
