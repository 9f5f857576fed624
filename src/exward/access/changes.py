"""Who got where since when and by whom: from logs, and against an earlier snapshot.

What a record says is told by `security_changes` (events of Windows) and `cmdlet_changes` (cmdlets
from MSExchange Management, remote PowerShell and the admin audit log).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from exward.access.facts import Place


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


def between(
    earlier: Mapping[str, Mapping[str, object]],
    later: Mapping[str, Mapping[str, object]],
    places: Mapping[str, Mapping[str, Place]],
) -> Iterator[Change]:
    """Changes of effective members from one snapshot to the next; all by group, then member.

    A group that only one of the two has is not compared: it was not exported.
    """
    for group in sorted(earlier.keys() & later.keys()):
        for member in sorted(earlier[group].keys() ^ later[group].keys()):
            yield Change(
                time=None,
                by="",
                group=group,
                member=member,
                added=member in later[group],
                how="compared with the earlier snapshot",
                place=places.get(group, {}).get(member) or Place("", 0),
            )
