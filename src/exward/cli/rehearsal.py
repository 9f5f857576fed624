"""`exward rules test RULES --against PATH`: what rules would have said of the user's own past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from exward.cli import exits
from exward.cli.interrupt import interruptible
from exward.cli.progress import showing
from exward.cli.terminal import note, show
from exward.model.coverage import RuleCoverage
from exward.model.finding import Finding
from exward.model.result import ScanResult
from exward.reports.visible import cut, utc_span, visible
from exward.scan import pipeline

MAX_NAME = 40
MAX_SHOWN = 3


def rehearse(rules: str, paths: Sequence[str]) -> int:
    """Scan `paths` with only these rules and show a line for each; returns the exit code."""
    settings = pipeline.ScanSettings(paths=tuple(paths), rule_dirs=(rules,), builtin_rules=False)
    with (
        interruptible() as cancelled,
        showing(cancelled, wanted=True, color=True) as progress,
    ):
        result = pipeline.scan(settings, progress)
    for line in lines(result):
        show(line)
    run = result.run
    note(f"{run.records:,} records in {run.files:,} files, {len(result.skipped):,} places not read")
    if run.interrupted:
        return exits.INTERRUPTED
    return exits.INCOMPLETE if result.skipped or not run.records else exits.DONE


def lines(result: ScanResult) -> Iterator[str]:
    """A line for each rule: hits, findings, when, where; below it the busiest accounts."""
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        by_rule[finding.rule].append(finding)
    yield f"{'hits':>9}  {'findings':>8}  rule"
    for row in sorted(result.rules, key=lambda row: (-_hits(by_rule[row.rule]), row.title)):
        yield from _rule(row, by_rule[row.rule])


def _hits(findings: Sequence[Finding]) -> int:
    return sum(finding.count for finding in findings)


def _rule(row: RuleCoverage, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"{_hits(findings):>9,}  {len(findings):>8,}  {visible(row.title)}"
    if not findings:
        if not row.could_fire:
            yield f"{'':21}could not fire: {visible(row.reason)}"
        return
    times = [time for one in findings for time in (one.first, one.last) if time is not None]
    if times:
        yield f"{'':21}{utc_span(min(times), max(times))}"
    for name, values in (
        ("servers", _counts((one.server, one.count) for one in findings)),
        ("accounts", _counts((one.account, one.count) for one in findings)),
        ("addresses", _counts((one.source_ip, one.count) for one in findings)),
    ):
        if values:
            yield f"{'':21}{name}: {values}"


def _counts(pairs: Iterator[tuple[str, int]]) -> str:
    totals: defaultdict[str, int] = defaultdict(int)
    for name, count in pairs:
        if name:
            totals[name] += count
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{cut(visible(name), MAX_NAME)} {count:,}" for name, count in ranked[:MAX_SHOWN]]
    more = [f"{len(ranked) - MAX_SHOWN:,} more"] if len(ranked) > MAX_SHOWN else []
    return ", ".join([*shown, *more])
