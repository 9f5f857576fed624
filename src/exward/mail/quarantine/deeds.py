"""The words of the audit trail, and its times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

RELEASE_BEGUN = "release-begun"
SEEN = "seen-by-filter"
"""The mail server showed the filter what a release hands over: it has the whole message."""
RELEASED = "released"
NOT_RELEASED = "not-released"
"""The mail server did not take it; the message waits as before."""
LEARNED = "learned"
BLOCKED = "blocked"
DELETED = "deleted"
EXPIRED = "expired"
VANISHED = "vanished"
"""The file is gone without a decision: somebody removed it by hand."""
TOLD = "told"
"""A user was told of what is held for them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros_now() -> int:
    """Now, in µs since 1970-01-01 UTC."""
    return (datetime.now(UTC) - _EPOCH) // _MICROSECOND


def now() -> str:
    """Now, as the trail writes it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros(when: str) -> int:
    """A time of the trail in µs since 1970-01-01 UTC; 0 for what is no time."""
    try:
        return (datetime.fromisoformat(when).astimezone(UTC) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return 0
