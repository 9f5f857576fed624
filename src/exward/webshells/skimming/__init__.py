"""What the scripts of a logon page do with the passwords that people type into it."""
