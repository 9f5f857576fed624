"""What is known of a message from elsewhere than itself."""

from __future__ import annotations

from dataclasses import dataclass

from exward.mail.antivirus.clamd import Scan
from exward.mail.authentication.results import Authentication
from exward.mail.file_rules import FileRules
from exward.mail.history.store import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Each is None or empty where nobody was asked or told."""

    authentication: Authentication | None = None
    """What we checked ourselves of the sender."""
    scan: Scan | None = None
    """What the antivirus program says."""
    rules: FileRules | None = None
    """The user's rules for files; they belong to the process that judges, as the history does."""
    history: History | None = None
    """Who wrote before."""
    recipients: tuple[str, ...] = ()
    """The envelope's."""
    time: int | None = None
    """When the message came, in seconds since 1970 UTC; None for a stored one."""


NOTHING = Known()
