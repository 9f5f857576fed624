"""Which rules could have fired on this evidence, and why the others could not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from exward.model.coverage import RuleCoverage, SourceCoverage, StageCoverage
from exward.model.stage import CHAIN
from exward.rules import routing
from exward.rules.ir import Correlation, LogSource, Rule, RuleSet
from exward.rules.stages import stage_of


def rule_coverage(rules: RuleSet, routed: Collection[str]) -> Iterator[RuleCoverage]:
    """A line for every rule, correlation and rule that cannot be used, sorted by rule id."""
    could = set(routed)
    rows = [_rule(rule, rule.meta.id in could) for rule in rules.rules]
    rows += [_correlation(rule, could) for rule in rules.correlations]
    rows += [
        RuleCoverage(bad.id or bad.path, bad.title, False, bad.reason, usable=False, path=bad.path)
        for bad in rules.unusable
    ]
    yield from sorted(rows, key=lambda row: (row.rule, row.path))


def stage_coverage(
    rules: RuleSet, routed: Mapping[str, Collection[str]], coverage: Iterable[SourceCoverage]
) -> Iterator[StageCoverage]:
    """For each server and stage of the chain: rules that could fire on its logs, and all there are.

    `routed` has by evidence file the rules that its events could fire; `coverage` says whose the
    files are. Sorted by server and stage.
    """
    metas = [*(one.meta for one in rules.rules), *(one.meta for one in rules.correlations)]
    stages = {meta.id: stage_of(meta.stage, meta.tags) for meta in metas}
    in_all = Counter(stages.values())
    files: dict[str, set[str]] = {}
    for row in coverage:
        files.setdefault(row.server, set()).add(row.source)
    for server in sorted(files):
        could = {rule for source in files[server] for rule in routed.get(source, ())}
        for rule in rules.correlations:
            if could.issuperset(rule.rules):
                could.add(rule.meta.id)
        able = Counter(stages[rule] for rule in could if rule in stages)
        for stage in CHAIN:
            if in_all[stage]:
                yield StageCoverage(server, stage, able[stage], in_all[stage])


def _rule(rule: Rule, could_fire: bool) -> RuleCoverage:
    meta = rule.meta
    stage = stage_of(meta.stage, meta.tags)
    if could_fire:
        notes = "; ".join(rule.notes)
        return RuleCoverage(meta.id, meta.title, True, notes, path=meta.path, stage=stage)
    problem = routing.problem(rule.logsource)
    reason = problem or f"no record of {described(rule.logsource)} that the rule is about"
    return RuleCoverage(meta.id, meta.title, False, reason, path=meta.path, stage=stage)


def _correlation(rule: Correlation, could: set[str]) -> RuleCoverage:
    meta = rule.meta
    stage = stage_of(meta.stage, meta.tags)
    missing = [name for name in rule.rules if name not in could]
    if not missing:
        could.add(meta.id)
        return RuleCoverage(meta.id, meta.title, True, "", path=meta.path, stage=stage)
    reason = f"rule {missing[0]} that it builds on could not fire"
    return RuleCoverage(meta.id, meta.title, False, reason, path=meta.path, stage=stage)


def described(source: LogSource) -> str:
    """The log source in words: the events that would carry it."""
    patterns = routing.patterns_of(source)
    names = []
    for pattern in patterns[:2]:
        ids = ", ".join(map(str, pattern.event_ids or ()))
        names.append(" ".join(part for part in (pattern.channel or pattern.log, ids) if part))
    more = " …" if len(patterns) > 2 else ""
    return " or ".join(names) + more
