"""What people see of the quarantine: lists, a message to look at, digests and their pages."""
