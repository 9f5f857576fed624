"""The answer of a posture check."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from exward.model.severity import Severity


class Status(StrEnum):
    """Answers of a check; no evidence is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class About(StrEnum):
    """What a check is about."""

    CONFIGURATION = "configuration"
    VULNERABILITY = "vulnerability"


class Outcome(msgspec.Struct, frozen=True):
    """What one check says of one server, in one sentence, with the fix.

    A fleet of five hundred servers has 140,000 of them.

    `fix`, `preview` (shows what the fix would change), `undo` and `breaks` (what the fix may
    break) are for people; `read_from` are the places that were read, `FILE` or `FILE:position`.
    `exploited`: the vulnerability is in CISA's catalogue of known exploited ones.
    """

    check: str
    title: str
    status: Status
    severity: Severity
    server: str
    reason: str
    fix: str = ""
    references: tuple[str, ...] = ()
    about: About = About.CONFIGURATION
    why: str = ""
    preview: str = ""
    undo: str = ""
    breaks: str = ""
    read_from: tuple[str, ...] = ()
    exploited: bool = False


def install(update: str, *, after: str = "") -> str:
    """How an update is asked for in `Outcome.fix`, `Jun26SU` or the newest; `after` what, if any.

    A security update can be installed only on the cumulative updates that it was made for.
    """
    if not update:
        return "Install the newest update."
    return f"Install {after}, then {update} or later." if after else f"Install {update} or later."


def asks_for_update(fix: str) -> bool:
    """Whether `fix` is what `install` says: newer updates do as well."""
    return fix == install("") or (fix.startswith("Install ") and fix.endswith(" or later."))
