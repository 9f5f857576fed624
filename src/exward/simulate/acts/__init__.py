"""One act in the world, written to every log in which a real server would write it."""
