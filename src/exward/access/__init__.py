"""Who may do what: groups, rights, roles and mailboxes, from a directory or its exports."""
