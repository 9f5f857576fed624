"""From findings to judgement: the order in which findings are merged, explained and joined.

docs/verdicts.md describes each step.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from exward.incidents import (
    acceptance,
    attribution,
    campaigns,
    chain,
    habits,
    mail_story,
    monitoring,
    process_tree,
    same_act,
    silence,
    supporting,
    updates,
    verdict,
)
from exward.incidents.acceptance import Tuning
from exward.incidents.process_tree import Started
from exward.incidents.silence import Heard
from exward.model.acceptance import Acceptance
from exward.model.coverage import SourceCoverage
from exward.model.finding import Finding
from exward.model.incident import Incident, ServerVerdict
from exward.model.outcome import Outcome
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.rules.ir import Meta, RuleSet
from exward.scan import findings as make
from exward.scan import page_writers, shell_requests


@dataclass(frozen=True, slots=True)
class Material:
    """What the reading brought: `hours` of each coverage row, in the same order.

    `candidates`: finding id → ids of the accepted risks that cover each of its records.
    `requested`: id of the finding on a web page → id of the rule for requests to it.
    `signatures`: ids of the YARA rules. `came`: which mailboxes each harmful message reached.
    `lowest`: the level from which findings are wanted.
    """

    coverage: tuple[SourceCoverage, ...]
    hours: tuple[Mapping[int, int], ...]
    skipped: tuple[Skipped, ...]
    started: tuple[Started, ...]
    candidates: Mapping[str, Sequence[str]]
    requested: Mapping[str, str]
    outcomes: tuple[Outcome, ...] = ()
    signatures: frozenset[str] = frozenset()
    came: mail_story.Came = field(default_factory=dict)
    lowest: Severity = Severity.INFORMATIONAL


@dataclass(frozen=True, slots=True)
class Judged:
    """What a scan says."""

    findings: tuple[Finding, ...]
    incidents: tuple[Incident, ...]
    verdicts: tuple[ServerVerdict, ...]
    coverage: tuple[SourceCoverage, ...]
    acceptances: tuple[Acceptance, ...]


def judge(
    found: Iterable[Finding],
    material: Material,
    rules: RuleSet,
    tuning: Tuning,
    today: datetime.date,
) -> Judged:
    """Attribute, accept, merge, explain, fold, join, and give the verdicts."""
    named, covered = attribution.attribute(sorted(found, key=make.order), material.coverage)
    called = shell_requests.joined(page_writers.told(named), material.requested)
    marked, fared = acceptance.apply(called, tuning, material.candidates, today)
    metas = _metas(rules)
    known = {meta.id for meta in metas} | material.signatures
    logs = {row.source: row.log for row in covered}
    accepted = shell_requests.accepted_with(marked, material.requested)
    acts = monitoring.explain(same_act.merge(accepted, logs))
    explained = updates.explain(
        acts,
        {meta.id: meta.marks for meta in metas if meta.marks},
        {meta.id: meta.explained_by for meta in metas if meta.explained_by},
    )
    folded = campaigns.fold(_with_mail(habits.explain(explained), material))
    silent = silence.find(_heard(covered, material.hours), folded)
    findings = tuple(sorted((*folded, *silent), key=make.order))
    decisive = tuple(one for one in findings if not one.accepted)
    built = supporting.attach(chain.build(decisive), decisive)
    incidents = process_tree.attach(built, decisive, material.started)
    return Judged(
        findings=findings,
        incidents=incidents,
        verdicts=verdict.judge(decisive, incidents, covered, material.skipped, material.outcomes),
        coverage=covered,
        acceptances=(*fared, *acceptance.changed_levels(tuning, known)),
    )


def _with_mail(findings: Sequence[Finding], material: Material) -> Sequence[Finding]:
    """Harmful messages tied to what followed; what is below the level wanted was kept for that."""
    if not material.came:
        return findings
    told = mail_story.connect(findings, material.came)
    return [one for one in told if one.severity.rank >= material.lowest.rank]


def _metas(rules: RuleSet) -> list[Meta]:
    return [rule.meta for rule in rules.rules] + [rule.meta for rule in rules.correlations]


def _heard(
    covered: Sequence[SourceCoverage], hours: Sequence[Mapping[int, int]]
) -> Iterable[Heard]:
    for row, known in zip(covered, hours, strict=True):
        yield Heard(row.server, row.log, row.source, row.records, row.last, known)
