"""A review of access on the terminal: what changed, what is wrong, what to decide, what is next."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from exward.model.finding import Grade
from exward.model.result import NOT_JUDGED
from exward.model.severity import Severity
from exward.reports.reviews import counted
from exward.reports.visible import cut, utc_time, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from exward.model.finding import Finding
    from exward.model.result import ScanResult

MAX_LINES = 15
"""Findings shown under each heading."""
MAX_LOSSES = 3
MAX_VALUE = 600
_INDENT = 16
_TO_DECIDE = "access-group-members"
_SUSPECT = "access-suspect-member"
_LOG = "log"
_UNKNOWN = "not known: give logs of domain controllers and of Exchange as well, or --previous"
_LEVELS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFORMATIONAL: "dim",
}

Entry = tuple["Finding", tuple[str, ...]]
"""A finding, and the titles of others that say the same of the same account."""


def print_access(result: ScanResult, console: Console) -> None:
    """Print the summary, wrapped to the width of the console; accepted findings are left out."""
    for line in _lines(result, console.width):
        plain = line.plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
        text = line if plain == line.plain else Text(plain)
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _lines(result: ScanResult, width: int) -> Iterator[Text]:
    ranked = sorted(
        (one for one in result.findings if not one.accepted),
        key=lambda one: (-one.severity.rank, one.title, one.id),
    )
    changed = [one for one in ranked if one.grade is not Grade.STATE]
    standing = [one for one in ranked if one.grade is Grade.STATE]
    wrong = [one for one in standing if one.rule != _TO_DECIDE]
    decide = [one for one in standing if one.rule == _TO_DECIDE]
    nothing = "nothing" if _shows_changes(result) else _UNKNOWN
    yield from _part("What changed", _joined(changed), nothing, width)
    yield from _part("What is wrong", _joined(wrong), "nothing", width)
    yield from _part("What to decide", _joined(decide), "nothing", width)
    yield from _next(result, wrong + changed, decide, width)
    yield from _read(result)


def _shows_changes(result: ScanResult) -> bool:
    return bool(result.run.settings.get("previous")) or any(
        row.format == _LOG for row in result.coverage
    )


def _joined(findings: Sequence[Finding]) -> list[Entry]:
    """One entry for each finding; an account that is suspect in several groups has one in all."""
    groups: dict[tuple[str, ...], list[str]] = {}
    firsts: list[Finding] = []
    for one in findings:
        about = _about(one)
        if about not in groups:
            firsts.append(one)
        groups.setdefault(about, []).append(one.title)
    return [(one, tuple(groups[_about(one)][1:])) for one in firsts]


def _about(one: Finding) -> tuple[str, ...]:
    """What tells an entry: of a suspect member its name, and its SID as others share the name."""
    if one.rule != _SUSPECT or not one.account:
        return (one.id,)
    sid = one.evidence[0].fields.get("sid", "") if one.evidence else ""
    return one.account, str(sid)


def _part(title: str, entries: Sequence[Entry], nothing: str, width: int) -> Iterator[Text]:
    yield Text.assemble((f"{title}: ", "bold"), f"{len(entries):,}" if entries else nothing)
    for one, others in entries[:MAX_LINES]:
        level = (f"  {one.severity.upper():<{_INDENT - 2}}", _LEVELS[one.severity])
        when = f"  {utc_time(one.first)}" if one.first is not None else ""
        yield Text.assemble(level, f"{_say(one.title)}{when}")
        yield from _wrapped(one.why, width)
        for other in others:
            yield from _wrapped(f"also: {other}", width)
        if one.advice and (one.rule != _TO_DECIDE or one.count > len(one.evidence)):
            yield from _wrapped(one.advice, width)
    if len(entries) > MAX_LINES:
        yield Text(f"  … and {len(entries) - MAX_LINES:,} more: see --report FILE.html")
    yield Text()


def _next(
    result: ScanResult, found: Sequence[Finding], decide: Sequence[Finding], width: int
) -> Iterator[Text]:
    counts = Counter(one.severity for one in found)
    urgent = [f"{counts[one]:,} {one}" for one in (Severity.CRITICAL, Severity.HIGH) if counts[one]]
    yield Text("What to do next:", "bold")
    if urgent:
        yield from _wrapped(
            f"Now: settle the {' and '.join(urgent)} above: each is a way to the mail or the "
            "domain. What is meant to be so is accepted: exward accept.", width
        )  # fmt: skip
    small = [one for one in decide if one.count <= len(one.evidence)]
    if small:
        members = sum(one.count for one in small)
        yield from _wrapped(
            f"Then: have an owner keep or remove each of {counted(members, 'member')} of "
            f"{counted(len(small), 'group')}, and the roles and rights above, on record: run this "
            "with --format jsonl --output now.jsonl, then exward access review start now.jsonl "
            "review.yml --owner NAME", width
        )  # fmt: skip
    if large := len(decide) - len(small):
        yield from _wrapped(
            f"Before that: make {counted(large, 'group')} smaller, with too many members to decide "
            "on one by one.", width
        )  # fmt: skip
    unknown = result.run.settings.get(NOT_JUDGED, "")
    if unknown:
        yield from _wrapped(f"Not judged, as nothing here tells of it: {unknown}.", width)
    if not urgent and not decide:
        again = "review again when something changes, or in 90 days."
        yield from _wrapped(f"Nothing{' else' * bool(unknown)}: {again}", width)
    yield Text()


def _read(result: ScanResult) -> Iterator[Text]:
    run, lost = result.run, len(result.skipped)
    accepted = sum(bool(one.accepted) for one in result.findings)
    said = f"{run.records:,} facts in {run.files:,} files, {counted(lost, 'place')} not read"
    yield Text.assemble(("Read: ", "bold"), f"{said}; accepted: {accepted:,} findings")
    for loss in result.skipped[:MAX_LOSSES]:
        yield Text(f"  {_say(loss.source)}: {_say(loss.reason)}")
    if lost > MAX_LOSSES:
        yield Text(f"  … and {lost - MAX_LOSSES:,} more: see --report FILE.html")


def _wrapped(words: str, width: int) -> Iterator[Text]:
    room = max(40, width - _INDENT)
    for line in textwrap.wrap(_say(words), room, break_long_words=False, break_on_hyphens=False):
        yield Text(" " * _INDENT + line)


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)
