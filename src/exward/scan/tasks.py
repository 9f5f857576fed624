"""What a worker is given and what it gives back; all of it plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from exward.incidents.acceptance import Entry as Accepted
from exward.incidents.process_tree import Started
from exward.model.finding import Evidence, Finding
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.scan.collect import Group, Key
from exward.scan.tally import Span
from exward.webshells.belonging import files

PAGE = "web-page"
"""The format of a task that judges a web page instead of reading records."""
SERVED = "web-file"
"""That of another file in a web folder, which only the user's YARA rules can judge."""
WEB = frozenset({PAGE, SERVED})
CHECK = "collection-check"
"""The format of a task that compares a file with its SHA-256 in the collection's manifest."""
MAIL = "mail"
"""The format of a task that judges messages, or reads what was said of them."""
FIRST = WEB | {MAIL}
"""Tasks that come before the logs are read: what they find is then looked for there."""


@dataclass(frozen=True, slots=True)
class Task:
    """One share of one evidence file."""

    source: Source
    format: str
    part: Part
    size_bytes: int
    digest: str = ""
    """The SHA-256 that the file should have, of a task to compare it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker needs: files to read once. Times are µs UTC."""

    rules_file: str
    spool_folder: str
    correlated: Mapping[str, tuple[str, ...]]
    """Rule id → the fields that correlations want of its hits."""
    time_from: int | None
    time_to: int | None
    salt: bytes = b""
    """Of this evidence; see `collect`."""
    accepted: Mapping[str, tuple[Accepted, ...]] = dataclasses.field(default_factory=dict)
    """Rule id → the accepted risks about it."""
    followed: frozenset[str] = frozenset()
    """Ids of rules whose hits are sign-ins to be told apart by address and client."""
    signatures_file: str = ""
    """Compiled YARA rules; "" if there are none."""


class Reporter(Protocol):
    """How a worker tells its progress."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """So much more was read."""

    def cancelled(self) -> bool:
        """Whether to stop and return what was found so far."""


class Lure(msgspec.Struct, frozen=True):
    """A message that takes somebody in. `time` in µs since 1970 UTC; addresses in lower case.

    `is_saved`: told by a saved verdict, which says nothing of the server it lies with.
    """

    file: str
    position: int
    is_saved: bool
    message_id: str
    sender: str
    subject: str
    recipients: tuple[str, ...]
    time: int | None
    verdict: str
    score: float
    mail_class: str
    why: str


SignInKey = tuple[str, str, str, str]
"""Account (bare name), server, address, way: the client program and the service it spoke to."""


class SignIn(msgspec.Struct):
    """All sign-ins of one key: how many, from when to when (µs UTC), the earliest place."""

    count: int
    first: int
    last: int
    place: Evidence


class Outcome(msgspec.Struct):
    """What one task found."""

    groups: list[tuple[Key, Group]]
    limits: list[tuple[tuple[str, str], bytes]]
    spans: dict[str, Span]
    routed: set[str]
    """Ids of rules that could fire on an event type that occurred."""
    skipped: list[Skipped]
    runs: list[str]
    records: int
    started: list[Started]
    """Process creations that an incident's process tree may show."""
    findings: list[Finding] = []
    """What judging a web page gave."""
    hints: list[Finding] = []
    """What judging it gave that counts only if the page does not belong where it lies."""
    web_files: list[files.WebFile] = []
    signatures: list[Finding] = []
    """What the user's YARA rules say of it."""
    lures: list[Lure] = []
    sign_ins: list[tuple[SignInKey, SignIn]] = []
    stopped: bool = False
