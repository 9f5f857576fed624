"""Grades of findings: a correlation is no weaker than what it is made of."""

from __future__ import annotations

import pytest

from exward.model.finding import Evidence, Grade
from exward.rules.hits import CorrelationMatch
from exward.rules.ir import (
    Correlation,
    CorrelationType,
    Like,
    LogSource,
    Meta,
    Node,
    Number,
    Rule,
    RuleSet,
)
from exward.scan.collect import NO_TIME, Group
from exward.scan.findings import from_correlations, from_groups, grade_of


def _rule(name: str, condition: Node, category: str = "process_creation") -> Rule:
    meta = Meta(id=name, title=name, path="p")
    return Rule(meta=meta, logsource=LogSource(category=category), condition=condition)


def _correlation(name: str, rules: tuple[str, ...]) -> Correlation:
    meta = Meta(id=name, title=name, path="p")
    kind = CorrelationType.EVENT_COUNT
    return Correlation(meta=meta, type=kind, rules=rules, group_by=(), timespan_s=60)


DEED = _rule("deed", Like("Image", ("x",)))
LOGON = _rule("logon", Number("EventID", 4625), category="")
REQUEST = _rule("request", Like("cs-uri-stem", ("x",)), category="webserver")


@pytest.mark.parametrize(
    ("rule", "grade"),
    [(DEED, Grade.SUCCESS), (LOGON, Grade.ATTEMPT), (REQUEST, Grade.ATTEMPT)],
)
def test_grade_of_a_rule(rule: Rule, grade: Grade) -> None:
    assert grade_of(rule) is grade


@pytest.mark.parametrize(
    ("parts", "grade"),
    [
        (("deed",), Grade.SUCCESS),
        (("logon", "request"), Grade.ATTEMPT),
        (("logon", "deed"), Grade.SUCCESS),
    ],
)
def test_grade_of_a_correlation(parts: tuple[str, ...], grade: Grade) -> None:
    rules = RuleSet(
        rules=(DEED, LOGON, REQUEST), correlations=(_correlation("c", parts),), unusable=()
    )
    match = CorrelationMatch("c", (), "s", 1, 2, 3.0, 3, (Evidence("f", 1, 1),))
    (finding,) = from_correlations([match], rules)
    assert finding.grade is grade


def test_a_correlation_that_only_feeds_another_is_silent() -> None:
    inner, outer = _correlation("inner", ("deed",)), _correlation("outer", ("inner",))
    rules = RuleSet(rules=(DEED,), correlations=(inner, outer), unusable=())
    matches = [
        CorrelationMatch(name, (), "s", 1, 2, 3.0, 3, (Evidence("f", 1, 1),))
        for name in ("inner", "outer")
    ]
    assert [finding.rule for finding in from_correlations(matches, rules)] == ["outer"]


@pytest.mark.parametrize(
    ("files", "is_past"),
    [
        (["x.zip!C/inetpub/history/CFGHISTORY_0000000012/applicationHost.config"], True),
        (["inetpub/history/CFGHISTORY_0000000012/a.config", "inetsrv/config/a.config"], False),
    ],
)
def test_what_stood_in_the_configuration_once_is_told_so(files: list[str], is_past: bool) -> None:
    group = Group(places=[], excerpts={})
    for file in files:
        group.add((NO_TIME, file, 1))
    rules = RuleSet(rules=(DEED,), correlations=(), unusable=())
    (found,) = from_groups({("deed", "s", "", "", ""): group}, rules)
    assert ("configuration history" in found.why) is is_past
