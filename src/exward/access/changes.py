"""Who got where since when and by whom.

From logs: `security_changes` (events of Windows) and `cmdlet_changes` (cmdlets from MSExchange
Management, remote PowerShell and the admin audit log). Against an earlier snapshot: `comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from exward.access.facts import Place
from exward.model.account import bare_name

COMPARED = "compared with the earlier snapshot"
"""How a change is known that no log tells of."""
SINCE = "since the earlier snapshot"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Given(StrEnum):
    """What kind of right somebody got or lost."""

    ROLE = "role"
    MAILBOX = "mailbox"
    DIRECTORY = "directory"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a group's members. `time` is µs since 1970-01-01 UTC, None if not known.

    `by` is "" where nothing says who did it; `how` names the log or the comparison; `host` the
    machine whose group it may be, "" if the record does not say.
    """

    time: int | None
    by: str
    group: str
    member: str
    added: bool
    how: str
    place: Place
    host: str = ""


class RightChange(msgspec.Struct, frozen=True, kw_only=True):
    """One right that somebody got (`added`) or lost; the rest as in `Change`.

    `who` and `on` (mailbox, directory object; of a role its scope, "" for everything) are
    references; `what` is the role or the rights in words. `who` is "" where only the name of a
    role assignment, then in `on`, is known.
    """

    time: int | None
    by: str
    kind: Given
    who: str
    what: str
    on: str
    added: bool
    how: str
    place: Place


def said(one: Change | RightChange) -> str:
    """When and by whom, in words: `on 2026-11-20 by CONTOSO\\eve (event 4728)`."""
    if one.how == COMPARED:
        return SINCE
    day = "" if one.time is None else f"on {(_EPOCH + timedelta(microseconds=one.time)).date()} "
    return f"{day}by {one.by or 'somebody'} ({one.how})"


def hands(changes: Sequence[Change | RightChange]) -> str:
    """Who made the changes and what says so, in words; a person whom logs write in several forms is
    named once.
    """
    named: dict[str, str] = {}
    for by in sorted({one.by for one in changes if one.by}):
        named.setdefault(bare_name(by), by)
    hows = ", ".join(sorted({one.how for one in changes}))
    if named:
        return f"by {', '.join(named.values())} ({hows})"
    return f"{SINCE if hows == COMPARED else f'({hows})'}; by whom is not known"
