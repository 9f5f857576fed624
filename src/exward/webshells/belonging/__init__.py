"""Whether a file in a web folder belongs there: Exchange's stock files, its place, its times."""
