"""One file for each thing that mail is judged by."""
