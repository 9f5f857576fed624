"""Times and places as people read them in a verdict or a coverage statement (UTC)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exward.incidents.story import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exward.model.finding import Finding

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_NAMES = 6
MAX_PATH_CHARS = 60


def when(time: int | None) -> str:
    """µs since 1970 as `2026-01-05 02:14:09 UTC`."""
    if time is None:
        return "at an unknown time"
    try:
        return f"{EPOCH + timedelta(microseconds=time):%Y-%m-%d %H:%M:%S} UTC"
    except OverflowError:
        return "at a time outside the calendar"


def period(first: int | None, last: int | None) -> str:
    """From when to when."""
    return f"{when(first)} to {when(last)}"


def told(finding: Finding) -> str:
    """Title, time and place of a finding in a few words."""
    text = f"{shortened(finding.title)} ({finding.severity}), {when(finding.first)}"
    if finding.evidence:
        place = finding.evidence[0]
        text += f", {_ending(place.file)}:{place.position}"
    return text if finding.count == 1 else f"{text} and {finding.count - 1} more times"


def _ending(path: str) -> str:
    """The last parts of a path, which tell more than the first; the finding has it whole."""
    if len(path) <= MAX_PATH_CHARS:
        return path
    kept = path[-MAX_PATH_CHARS:]
    return f"…{kept[kept.find('/') :] if '/' in kept else kept}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """`a, b and c`; the names after the first few are counted."""
    shown = list(names[:MAX_NAMES])
    if len(names) > MAX_NAMES:
        shown.append(f"{len(names) - MAX_NAMES} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def counted(number: int, noun: str) -> str:
    """`1 record`, `1,234 records`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
