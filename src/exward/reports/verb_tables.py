"""Which verbs have a table of their own on the terminal."""

from __future__ import annotations

from exward.reports.access_table import print_access
from exward.reports.accounts_table import print_accounts
from exward.reports.posture_table import print_posture

PRINTERS = {"access": print_access, "accounts": print_accounts, "posture": print_posture}
"""By `verb` of the run's settings."""
