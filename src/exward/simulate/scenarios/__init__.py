"""One file for each scenario: what happens, what a scan has to tell of it, and the verdicts."""
