"""The posture of servers on the terminal: one server at length, many side by side, worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from exward.model.outcome import About, Outcome, Status
from exward.model.posture import Precision, ServerPosture, Support
from exward.model.severity import Severity
from exward.reports.visible import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from exward.model.result import ScanResult

MAX_SERVERS = 25
MAX_AT_LENGTH = 3
"""Servers that are shown with what is open on them; more are one line each."""
MAX_OPEN, MAX_UNKNOWN = 8, 3
MAX_VALUE = 300
MARK = "≠"
_LEVELS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFORMATIONAL: "dim",
}


def print_posture(result: ScanResult, console: Console) -> None:
    """Print the summary; every line is cut to the width of the console."""
    for line in _lines(result):
        plain = line.plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
        text = line if plain == line.plain else Text(plain)
        text.truncate(console.width, overflow="ellipsis")
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _lines(result: ScanResult) -> Iterator[Text]:
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in result.outcomes:
        outcomes[outcome.server].append(outcome)
    ranked = sorted(result.postures, key=lambda one: (_rank(outcomes[one.server]), one.server))
    if len(ranked) > 1:
        yield from _fleet(ranked, outcomes)
        yield Text()
    for posture in ranked[:MAX_AT_LENGTH]:
        yield from _server(posture, outcomes[posture.server])
        yield Text()
    yield from _end(result)


def _rank(outcomes: Iterable[Outcome]) -> tuple[int, ...]:
    """For sorting, worst first: exploited and open, then failures by severity."""
    failed = [one for one in outcomes if one.status is Status.FAIL]
    by_severity = Counter(one.severity for one in failed)
    exploited = sum(one.exploited for one in failed)
    return -exploited, *(-by_severity[level] for level in reversed(Severity))


def _fleet(
    ranked: Sequence[ServerPosture], outcomes: Mapping[str, Sequence[Outcome]]
) -> Iterator[Text]:
    """One line for each server; builds that differ from most others' are marked."""
    usual = Counter(one.label for one in ranked).most_common(1)[0][0]
    said = f"{len(ranked):,}, worst first; {MARK} marks another build than most have"
    yield Text.assemble(("Servers   ", "bold"), said)
    for one in ranked[:MAX_SERVERS]:
        mark = " " if one.label == usual else MARK
        counts = _counts(outcomes[one.server])
        build = _build(one) if one.product else "build not known"
        yield Text(f"{mark} {_say(one.server):<28}  {counts}  {build}")
    if len(ranked) > MAX_SERVERS:
        yield Text(f"  … and {len(ranked) - MAX_SERVERS:,} more: --format jsonl or csv has all")


def _counts(outcomes: Iterable[Outcome]) -> str:
    states: Counter[tuple[About, Status]] = Counter()
    exploited = 0
    for one in outcomes:
        states[one.about, one.status] += 1
        exploited += one.exploited and one.status is Status.FAIL
    open_cves = states[About.VULNERABILITY, Status.FAIL]
    unknown = states[About.VULNERABILITY, Status.UNKNOWN]
    weak = states[About.CONFIGURATION, Status.FAIL]
    return (
        f"{open_cves:>3,} open, {exploited:>2,} exploited, {unknown:>3,} unknown, {weak:>2,} weak"
    )


def _build(one: ServerPosture) -> str:
    level = {Precision.CU_ONLY: ", security update not known"}.get(one.precision, "")
    listed = "" if one.listed or one.precision is not Precision.EXACT else ", not a listed build"
    return f"{_say(one.label)} ({_say(one.build)}{level}{listed})"


def _server(one: ServerPosture, outcomes: Sequence[Outcome]) -> Iterator[Text]:
    name = one.product or "Exchange"
    yield Text.assemble((_say(one.server), "bold"), f"  {_say(name)}")
    yield Text(f"  Build     {_build(one) if one.product else _say(one.build) or 'not known'}")
    if one.read_from:
        yield Text(f"            from {_say(', '.join(one.read_from))}")
    yield Text(f"  Support   {_support(one)}")
    yield Text(f"  Missing   {_missing(one)}")
    yield Text(f"  Sum       {_counts(outcomes).lstrip()}")
    failed = [one for one in outcomes if one.status is Status.FAIL]
    yield from _section("Open", failed, MAX_OPEN)
    unknown = [one for one in outcomes if one.status is Status.UNKNOWN]
    yield from _section("Unknown", unknown, MAX_UNKNOWN)


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
    ranked = sorted(
        outcomes,
        key=lambda one: (not one.exploited, -one.severity.rank, one.about, _newest(one.check)),
    )
    for number, one in enumerate(ranked[:most]):
        head = f"  {title:<9} " if number == 0 else " " * 12
        sign = "exploited  " if one.exploited else ""
        level = (f"{one.severity.upper():<8}  ", _LEVELS[one.severity])
        what = one.check.upper() if one.about is About.VULNERABILITY else one.check
        yield Text.assemble(head, level, f"{_say(what)}  {sign}{_say(one.reason)}")
    if len(ranked) > most:
        yield Text(f"            … and {len(ranked) - most:,} more: --report FILE.html")


def _newest(check: str) -> tuple[int, ...]:
    """CVE numbers, the newest first; other checks stay in order."""
    return tuple(-int(part) for part in check.split("-") if part.isdigit() and len(part) < 10)


def _end(result: ScanResult) -> Iterator[Text]:
    days = sorted({one.facts_as_of for one in result.postures})
    known = f"; facts up to {_say(days[0])}" if days else ""
    yield Text.assemble(
        ("Read      ", "bold"),
        f"{result.run.files:,} files, {len(result.skipped):,} places not read{known}",
    )
    for loss in result.skipped[:3]:
        yield Text(f"  {_say(loss.source)}: {_say(loss.reason)}")
    fixes = [one for one in result.outcomes if one.status is Status.FAIL and one.fix]
    if fixes:
        first = max(fixes, key=lambda one: (one.check == "newest-update", one.severity.rank))
        yield Text.assemble(("Do now    ", "bold"), f"{_say(first.server)}: {_say(first.fix)}")


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)
