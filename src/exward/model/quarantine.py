"""What is held back: messages with their envelopes, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from exward.model.message import Disposal, Reason

SCHEMA = 1
"""Version of the JSONL objects; raised when a field changes its meaning."""


class State(StrEnum):
    """Where a message is on its way out."""

    HELD = "held"
    RELEASING = "releasing"
    """A release was begun and its end is not known: the mail server may have the message."""
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A message as it was taken; stands at the head of its file.

    `held_at` is µs since 1970-01-01 UTC. Parameters are those of MAIL and RCPT (RFC 5321), one
    tuple for each recipient.
    """

    id: str
    """32 hexadecimal digits, from envelope and content: the same message has the same."""
    held_at: int
    mail_from: str
    recipients: tuple[str, ...]
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: tuple[tuple[str, ...], ...] = ()
    client: str = ""
    helo: str = ""
    queue_id: str = ""
    server: str = ""
    """The filter's own name."""
    results: str = ""
    """What Authentication-Results said; empty: nobody checked."""
    sender: str = ""
    """The From header for people."""
    sender_address: str = ""
    """The address in it, lower case; what lists name."""
    subject: str = ""
    verdict: Disposal = Disposal.QUARANTINE
    score: float = 0.0
    classes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A release to one recipient; `at` is µs since 1970-01-01 UTC."""

    recipient: str
    attempt: str
    at: int
    is_done: bool
    queue_id: str
    """Under which the mail server showed it to the filter again; empty: it has not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the quarantine as it stands now."""

    holding: Holding
    state: State
    deliveries: tuple[Delivery, ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Recipients to whom no release was begun."""
        taken = {one.recipient for one in self.deliveries}
        return tuple(one for one in self.holding.recipients if one not in taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry of the audit trail: who did what, when (ISO 8601, UTC) and why."""

    when: str
    who: str
    what: str
    why: str = ""
    id: str = ""
    held_at: int = 0
    attempt: str = ""
    recipients: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    queue_id: str = ""
    link: str = ""
    """A digest of the link that was used, never the link."""
    until: int = 0
    """Up to which `held_at` a user was told."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is attached to a message, and what it is by its content."""

    name: str
    kind: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A message to look at: text only, nothing in it acts or is fetched."""

    kept: Kept
    headers: tuple[tuple[str, str], ...]
    text: str = field(repr=False)
    links: tuple[tuple[str, str], ...]
    """What stands for each link, and its address."""
    files: tuple[Shown, ...]
    is_cut: bool


class Answer(StrEnum):
    """What a user gets who follows a link."""

    READY = "ready"
    """It may be released; nothing is done yet."""
    RELEASED = "released"
    UNKNOWN = "unknown"
    """No link of ours, or the message is gone."""
    ENDED = "ended"
    USED = "used"
    """The link was used, or the message is on its way already."""
    ADMINISTRATOR = "administrator"
    """Of a class that only administrators release."""
    LATER = "later"
    """The mail server or the quarantine could not do it now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to a link, and the message it is about, if there is one."""

    answer: Answer
    holding: Holding | None = None
    recipient: str = ""
    said: str = ""
    """What went wrong, for the log."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A held message in a digest; without a link the user cannot release it."""

    holding: Holding
    link: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What was held for one recipient since the last digest, newest first; `expires` as above."""

    recipient: str
    notices: tuple[Notice, ...]
    left_out: int
    expires: int
