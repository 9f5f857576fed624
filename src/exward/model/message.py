"""What is said of a message, and of many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from exward.model.skipped import Skipped

SCHEMA = 1
"""Version of the JSONL objects; raised when a field changes its meaning."""


class Disposal(StrEnum):
    """What to do with a message, from harmless to harmful."""

    DELIVER = "deliver"
    TAG = "tag"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """Place in the order, from 0."""
        return list(Disposal).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict. `weight` is in points; `evidence` quotes the message."""

    check: str
    weight: float
    why: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MessageVerdict:
    """What exward says of one message; the reasons stand in order of their weight."""

    path: str
    """The evidence path; of several messages in one file, with `#` and the number from 1."""
    verdict: Disposal
    score: float
    """The sum of the reasons' weights, in points."""
    classes: tuple[str, ...]
    """phishing, bec, malware, spam, spoof, bulk: the gravest first."""
    sender: str
    subject: str
    reasons: tuple[Reason, ...]
    message_id: str = ""
    """With its angle brackets, as Exchange's message tracking logs it; "" without one."""
    recipients: tuple[str, ...] = ()
    """The envelope's; of a stored message those that its headers name, without blind copies."""
    time: int | None = None
    """When it came, else when it says it was written; µs since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class MailResult:
    """All that `exward mail check` says: the only thing its renderers get."""

    version: str
    messages: tuple[MessageVerdict, ...]
    skipped: tuple[Skipped, ...]
    files_not_mail: int
    interrupted: bool = False
