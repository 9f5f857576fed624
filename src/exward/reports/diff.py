"""What changed between two scans: findings that are new, gone or worse, and verdicts.

Findings are compared by `id`, which is the same for the same evidence. A finding whose evidence
was not read the second time is not called gone: nobody looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.model.finding import Grade
from exward.reports.order import ATTENTION, rank_findings
from exward.reports.visible import cut, utc_time, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exward.model.finding import Finding
    from exward.model.incident import Verdict
    from exward.model.result import ScanResult

MAX_VALUE = 300
_GRADE_RANK = {Grade.STATE: 0, Grade.ATTEMPT: 1, Grade.SUCCESS: 2}


@dataclass(frozen=True, slots=True)
class Worse:
    """The same finding before and after: its severity or its grade has risen."""

    before: Finding
    after: Finding


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """Another word for a server; None where a scan did not see it."""

    server: str
    before: Verdict | None
    after: Verdict | None
    because: str
    """What decides the later verdict, or the earlier one if there is no later one."""


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes from one result to the next; findings are ordered worst first."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    """Not found again, although a file that proved them was read again."""
    not_looked_at: tuple[Finding, ...]
    """Not found again, and none of the files that proved them was read."""
    worse: tuple[Worse, ...]
    verdicts: tuple[VerdictChange, ...]

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return any((self.new, self.gone, self.not_looked_at, self.worse, self.verdicts))


def diff(a: ScanResult, b: ScanResult) -> Diff:
    """Compare the earlier result `a` with the later one `b`."""
    before = {finding.id: finding for finding in a.findings}
    after = {finding.id: finding for finding in b.findings}
    was_read = _reader(b)
    missing = rank_findings(one for one in before.values() if one.id not in after)
    looked = [one for one in missing if was_read(one)]
    common = rank_findings(one for one in after.values() if one.id in before)
    return Diff(
        new=tuple(rank_findings(one for one in after.values() if one.id not in before)),
        gone=tuple(looked),
        not_looked_at=tuple(one for one in missing if not was_read(one)),
        worse=tuple(Worse(before[one.id], one) for one in common if _is_worse(before[one.id], one)),
        verdicts=_verdict_changes(a, b),
    )


def _reader(b: ScanResult) -> Callable[[Finding], bool]:
    """Make a function that says whether what proved a finding was looked at by scan `b`.

    No row stands for a single web file: where web files were read, what lay in a folder or archive
    that was given again was looked at, or is gone.
    """
    read = {source.source for source in b.coverage}
    given = tuple(b.run.paths) if b.web_files else ()

    def was_read(finding: Finding) -> bool:
        if any(place.file in read for place in finding.evidence):
            return True
        return bool(finding.path) and any(_lies_in(finding.path, path) for path in given)

    return was_read


def _lies_in(file: str, given: str) -> bool:
    rest = file.removeprefix(given.rstrip("/\\"))
    return rest != file and rest[:1] in {"", "/", "\\", "!"}


def _is_worse(before: Finding, after: Finding) -> bool:
    return (
        after.severity.rank > before.severity.rank
        or _GRADE_RANK[after.grade] > _GRADE_RANK[before.grade]
    )


def _verdict_changes(a: ScanResult, b: ScanResult) -> tuple[VerdictChange, ...]:
    before = {one.server: one for one in a.verdicts}
    after = {one.server: one for one in b.verdicts}
    changes = []
    for server in {*before, *after}:
        old, new = before.get(server), after.get(server)
        words = (None if old is None else old.verdict, None if new is None else new.verdict)
        if words[0] != words[1]:
            because = new.because if new is not None else old.because if old is not None else ""
            changes.append(VerdictChange(server, *words, because))
    return tuple(sorted(changes, key=_attention))


def _attention(change: VerdictChange) -> tuple[int, str]:
    rank = len(ATTENTION) if change.after is None else ATTENTION.index(change.after)
    return rank, change.server


def render_diff(changes: Diff) -> Iterator[str]:
    """Yield the changes as text for a terminal, line by line."""
    if not changes:
        yield "No difference: same findings, same verdicts.\n"
        return
    yield from _section("Verdicts", [_verdict_line(one) for one in changes.verdicts])
    yield from _section("New findings", _finding_lines(changes.new))
    yield from _section("Worse findings", [_worse_line(one) for one in changes.worse])
    yield from _section("Gone: the evidence was read again", _finding_lines(changes.gone))
    yield from _section(
        "Not looked at: the evidence was not read again", _finding_lines(changes.not_looked_at)
    )


def _finding_lines(findings: Sequence[Finding]) -> list[str]:
    return [_finding_line(one) for one in findings]


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title} ({len(lines):,})\n"
        yield from (f"  {line}\n" for line in lines)


def _verdict_line(change: VerdictChange) -> str:
    before = change.before or "not seen"
    after = change.after or "not seen"
    return f"{_say(change.server)}: {before} → {after}. {_say(change.because)}"


def _finding_line(finding: Finding) -> str:
    where = _say(finding.server) or "server not known"
    return (
        f"{finding.severity:<13} {utc_time(finding.first)}  {where}  {_say(finding.title)}"
        f"  ({finding.grade}, {_say(finding.rule)}{', accepted' if finding.accepted else ''})"
    )


def _worse_line(pair: Worse) -> str:
    before, after = pair.before, pair.after
    return (
        f"{_finding_line(after)}: {before.severity}, {before.grade}"
        f" → {after.severity}, {after.grade}"
    )


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)
