"""Service accounts: what each one normally does, and what it suddenly does."""
