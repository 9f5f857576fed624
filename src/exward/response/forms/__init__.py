"""One file for each form in which a plan is written."""
