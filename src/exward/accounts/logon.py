"""One sign-in of one account, whatever log told it."""

from __future__ import annotations

import msgspec

INTERACTIVE_TYPES = frozenset({"2", "7", "10", "11", "12", "13"})
"""Interactive, unlock, remote interactive, cached (Microsoft Learn, event 4624), as text."""
UNATTENDED_TYPES = frozenset({"4", "5"})
"""Batch (scheduled task) and service (Microsoft Learn, event 4624)."""


class Logon(msgspec.Struct, frozen=True, gc=False):
    """A sign-in. `time` is µs since 1970-01-01 UTC; texts are lower case, "" where not told.

    `account` is the bare name; `type` the number of the logon type as text; `target` the host or
    service that was signed in to; `file` and `position` say where it is written.
    """

    time: int
    account: str
    source_host: str = ""
    address: str = ""
    target: str = ""
    type: str = ""
    package: str = ""
    process: str = ""
    client: str = ""
    succeeded: bool = True
    file: str = ""
    position: int = 0
