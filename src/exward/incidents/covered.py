"""Which kinds of log cover which time on one server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from exward.model.coverage import Gap, SourceCoverage

SYSMON = "microsoft-windows-sysmon/operational"
POWERSHELL = "microsoft-windows-powershell/operational"
SECURITY = "security"

HOUR = 3_600_000_000
"""µs."""

Interval = tuple[int, int]
"""From, to; µs since 1970-01-01 UTC."""


def is_web(row: SourceCoverage) -> bool:
    """A log of web requests with their answers: IIS, or Exchange's front end proxy."""
    return row.log.casefold() in {"iis", "exchange.httpproxy"}


def is_host(row: SourceCoverage) -> bool:
    """A log of what accounts and programs did on the host."""
    return row.log.casefold() in {SECURITY, SYSMON}


def is_security(row: SourceCoverage) -> bool:
    """The Windows Security log."""
    return row.log.casefold() == SECURITY


def is_execution(row: SourceCoverage) -> bool:
    """A log of programs or scripts that ran."""
    return row.log.casefold() in {SYSMON, POWERSHELL}


def shows_web_role(row: SourceCoverage) -> bool:
    """A log that only a web or Exchange server has."""
    return is_web(row) or row.log.casefold().startswith(
        ("msexchange", "exchange", "microsoft-iis-", "microsoft-exchange")
    )


def covered(rows: Iterable[SourceCoverage]) -> list[Interval]:
    """The time that rows of one kind cover together, without their silences, in order.

    A record vouches for an hour at most: a stray one with a wrong clock (event logs hold some
    from 1601) makes no log that covers centuries.
    """
    pieces: list[Interval] = []
    for row in rows:
        if row.first is not None and row.last is not None:
            earliest = row.last - row.records * HOUR
            pieces.extend(_without((max(row.first, earliest), row.last), row.gaps))
    merged: list[Interval] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1] + HOUR:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The time in both lists of ordered, separate intervals."""
    shared: list[Interval] = []
    first = second = 0
    while first < len(one) and second < len(other):
        start = max(one[first][0], other[second][0])
        end = min(one[first][1], other[second][1])
        if start < end:
            shared.append((start, end))
        if one[first][1] < other[second][1]:
            first += 1
        else:
            second += 1
    return shared


def common_time(
    rows: Sequence[SourceCoverage],
    one: Callable[[SourceCoverage], bool],
    other: Callable[[SourceCoverage], bool],
) -> list[Interval]:
    """The time that both kinds of log cover."""
    return common(covered(filter(one, rows)), covered(filter(other, rows)))


def length(intervals: Iterable[Interval]) -> int:
    """µs in all."""
    return sum(end - start for start, end in intervals)


def longest_silence(rows: Iterable[SourceCoverage]) -> tuple[SourceCoverage, Gap] | None:
    """The longest unusual silence inside one log and the log; None if there is none."""
    silences = [(row, gap) for row in rows for gap in row.gaps]
    return max(
        silences,
        key=lambda found: (found[1].end - found[1].start, -found[1].start, found[0].source),
        default=None,
    )


def _without(whole: Interval, gaps: Iterable[Gap]) -> list[Interval]:
    start, end = whole
    pieces = []
    for gap in sorted(gaps, key=lambda gap: gap.start):
        if start < gap.start:
            pieces.append((start, min(gap.start, end)))
        start = max(start, gap.end)
    if start <= end:
        pieces.append((start, end))
    return pieces
