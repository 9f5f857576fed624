"""The posture of servers on the terminal: one server at length, many side by side, worst first."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.text import Text

from exward.model.outcome import About, Outcome, Status
from exward.model.posture import Precision, ServerPosture, Support
from exward.model.severity import Severity
from exward.reports.posture_view import FleetRow, first_steps, fleet, seen, urgency
from exward.reports.visible import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from exward.model.result import ScanResult

MAX_SERVERS = 25
MAX_AT_LENGTH = 3
"""Servers that are shown with what is open on them; more are one line each."""
MAX_OPEN, MAX_UNKNOWN, MAX_SEEN, MAX_STEPS, MAX_LOSSES = 8, 3, 20, 3, 3
MAX_VALUE = 300
MARK = "≠"
_URL = "https://"
_LEVELS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFORMATIONAL: "dim",
}


def print_posture(result: ScanResult, console: Console) -> None:
    """Print the summary; lines are cut to the width of the console, but not what is to be done."""
    for line in _lines(result, console.width):
        plain = line.plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
        text = line if plain == line.plain else Text(plain)
        text.truncate(console.width, overflow="ellipsis")
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _lines(result: ScanResult, width: int) -> Iterator[Text]:
    ranked = fleet(result.postures, result.outcomes)
    if not ranked:
        yield Text.assemble(("Servers   ", "bold"), "none: nothing here tells of a server's set-up")
        yield Text()
    if len(ranked) > 1:
        yield from _fleet(ranked)
        yield Text()
    for row in ranked[:MAX_AT_LENGTH]:
        yield from _server(row)
        yield Text()
    yield from _end(result, width)
    yield from _advice(result, width)


def _fleet(ranked: Sequence[FleetRow]) -> Iterator[Text]:
    """One line for each server."""
    said = "worst first: vulnerabilities open, exploited and not known; weak settings"
    yield Text.assemble(("Servers   ", "bold"), f"{len(ranked):,}, {said}")
    if any(row.is_odd for row in ranked):
        yield Text(f"          {MARK} another build than most have")
    for row in ranked[:MAX_SERVERS]:
        mark = MARK if row.is_odd else " "
        build = _build(row.posture) if row.posture.product else "build not known"
        yield Text(f"{mark} {_say(row.posture.server):<28}  {_counts(row)}  {build}")
    if len(ranked) > MAX_SERVERS:
        yield Text(f"  … and {len(ranked) - MAX_SERVERS:,} more: --report FILE.html")


def _counts(row: FleetRow) -> str:
    return (
        f"{row.open:>3,} open, {row.exploited:>2,} exploited, {row.unknown:>3,} unknown, "
        f"{row.weak:>2,} weak"
    )


def _sum(row: FleetRow) -> str:
    return (
        f"{row.open:,} vulnerabilities open, {row.exploited:,} of them exploited, "
        f"{row.unknown:,} not known; {row.weak:,} weak settings"
    )


def _build(one: ServerPosture) -> str:
    level = {Precision.CU_ONLY: ", security update not known"}.get(one.precision, "")
    listed = "" if one.listed or one.precision is not Precision.EXACT else ", not a listed build"
    return f"{_say(one.label)} ({_say(one.build)}{level}{listed})"


def _server(row: FleetRow) -> Iterator[Text]:
    one = row.posture
    name = one.product or "Exchange"
    yield Text.assemble((_say(one.server), "bold"), f"  {_say(name)}")
    yield Text(f"  Build     {_build(one) if one.product else _say(one.build) or 'not known'}")
    if one.read_from:
        yield Text(f"            from {_say(', '.join(one.read_from))}")
    yield Text(f"  Support   {_support(one)}")
    yield Text(f"  Missing   {_missing(one)}")
    yield Text(f"  Sum       {_sum(row)}")
    failed = [one for one in row.outcomes if one.status is Status.FAIL]
    yield from _section("Open", failed, MAX_OPEN)
    unknown = [one for one in row.outcomes if one.status is Status.UNKNOWN]
    yield from _section("Unknown", unknown, MAX_UNKNOWN)
    yield from _seen(row.outcomes)


def _support(one: ServerPosture) -> str:
    words = {
        Support.SUPPORTED: "supported",
        Support.PAID: f"ended {one.support_end}; only paid updates since",
        Support.ENDED: f"ended {one.support_end}: there are no further fixes",
        Support.UNKNOWN: "not known",
    }
    return words[one.support]


def _missing(one: ServerPosture) -> str:
    if not one.missing:
        return "nothing that the facts know" if one.product else "not known"
    steps = ", then ".join(f"{_say(step.label)} ({_say(step.build)})" for step in one.missing)
    return steps if one.days_behind is None else f"{steps}; {one.days_behind:,} days behind"


def _section(title: str, outcomes: Sequence[Outcome], most: int) -> Iterator[Text]:
    ranked = sorted(outcomes, key=urgency)
    for number, one in enumerate(ranked[:most]):
        head = f"  {title:<9} " if number == 0 else " " * 12
        sign = "exploited  " if one.exploited else ""
        level = (f"{one.severity.upper():<8}  ", _LEVELS[one.severity])
        what = one.check.upper() if one.about is About.VULNERABILITY else one.check
        yield Text.assemble(head, level, f"{_say(what)}  {sign}{_say(one.reason)}")
    if len(ranked) > most:
        yield Text(f"            … and {len(ranked) - most:,} more: --report FILE.html")


def _seen(outcomes: Sequence[Outcome]) -> Iterator[Text]:
    for number, one in enumerate(seen(outcomes)[:MAX_SEEN]):
        head = "  Seen      " if number == 0 else " " * 12
        mark = ("✔ ", "green") if one.status is Status.PASS else ("· ", "dim")
        yield Text.assemble(head, mark, _say(one.reason))


def _end(result: ScanResult, width: int) -> Iterator[Text]:
    days = sorted({one.facts_as_of for one in result.postures})
    known = f"; facts up to {_say(days[0])}" if days else ""
    visited = any(path.startswith(_URL) for path in result.run.paths)
    what = "answers" if visited else "files"
    strange = result.run.files_not_evidence
    other = f", {strange:,} files of no form that is read" if strange else ""
    yield Text.assemble(
        ("Read      ", "bold"),
        f"{result.run.files:,} {what}, {len(result.skipped):,} places not read{other}{known}",
    )
    # What was not read and why stands in full: a long path must not cut the reason off.
    said = dict.fromkeys(f"{_say(loss.source)}: {_say(loss.reason)}" for loss in result.skipped)
    for one in list(said)[:MAX_LOSSES]:
        yield from map(Text, _folded("  ", one, width))
    if len(said) > MAX_LOSSES:
        yield Text(f"  … and {len(said) - MAX_LOSSES:,} more: --report FILE.html")


def _advice(result: ScanResult, width: int) -> Iterator[Text]:
    """What to do now, in full, and how to go on."""
    steps = first_steps(result.outcomes)
    for number, step in enumerate(steps[:MAX_STEPS]):
        head = "Do now    " if number == 0 else " " * 10
        where = step.servers[0] if step.count == 1 else f"{step.count:,} servers"
        closes = f" Closes {', '.join(step.closes[:4]).upper()}" if step.closes else ""
        more = f" and {len(step.closes) - 4:,} more" if len(step.closes) > 4 else ""
        said = f"{_say(where)}: {_say(step.fix)}{_say(closes + more)}"
        lines = _folded("", said, width - len(head))
        yield Text.assemble((head, "bold"), lines[0])
        yield from (Text(f"{' ' * 10}{line}") for line in lines[1:])
    unknown = {one.check for one in result.outcomes if one.status is Status.UNKNOWN}
    if steps:
        said = "exward posture … --plan plan.ps1   every step with preview and undo"
        yield Text.assemble(("Next      ", "bold"), said)
    if unknown:
        said = f"exward collect   a script that gathers what {len(unknown):,} checks lack"
        yield Text.assemble((" " * 10 if steps else "Next      ", "bold"), said)
    if not result.postures:
        said = "exward collect   a script that gathers what posture reads"
        yield Text.assemble(("Next      ", "bold"), said)


def _folded(indent: str, said: str, width: int) -> list[str]:
    return textwrap.wrap(
        said,
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)
