"""What is known of a message from elsewhere than itself."""

from __future__ import annotations

from dataclasses import dataclass

from exward.mail.antivirus.clamd import Scan
from exward.mail.authentication.results import Authentication
from exward.mail.file_rules import FileRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Each is None where nobody was asked."""

    authentication: Authentication | None = None
    """What we checked ourselves of the sender."""
    scan: Scan | None = None
    """What the antivirus program says."""
    rules: FileRules | None = None
    """The user's rules for files; they belong to the process that judges."""


NOTHING = Known()
