"""Documents to rules: what cannot be used says why and stops nothing else."""

from __future__ import annotations

import pytest
import yaml

from exward.rules import sigma_loader
from exward.rules.ir import And, CorrelationType, Like, Or, RuleSet
from exward.rules.sigma_loader import Located

RULE = """
title: One
id: 11111111-1111-4111-8111-111111111111
name: one
logsource: {category: process_creation, product: windows}
detection: {sel: {Image: x}, condition: sel}
"""


def _load(text: str, placeholders: dict[str, tuple[str, ...]] | None = None) -> RuleSet:
    documents = [Located("file.yml", 1, one) for one in yaml.safe_load_all(text)]
    return sigma_loader.build(sigma_loader.merge_actions(documents), placeholders or {})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("title: t", "no detection"),
        ("title: t\ndetection: {s: {a: b}, condition: s}", "no logsource"),
        (
            "title: t\nlogsource: {product: w}\ndetection: {s: {'a|re': '(x'}, condition: s}",
            "regular",
        ),
        ("[a, b]", "no Sigma document"),
        ("title: t\nlogsource: {product: windows}", "no detection"),
        (
            "title: t\nlevel: huge\nlogsource: {product: w}\ndetection: {s: {a: b}, condition: s}",
            "level",
        ),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {a: b}}", "no condition"),
        ("title: t\nlogsource: {product: w}\ndetection: {condition: s}", "no search"),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {}, condition: s}", "empty"),
        (
            "title: t\nlogsource: {product: w}\ndetection: {s: {'a|bogus': b}, condition: s}",
            "bogus",
        ),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {'a|cidr': x}, condition: s}", "cidr"),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {'a|gt': x}, condition: s}", "gt"),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {'a|i': x}, condition: s}", "behind"),
        ("title: t\nlogsource: {product: w}\ndetection: {s: {a: {b: c}}, condition: s}", "value"),
        (
            "title: t\nlogsource: {product: w}\ndetection: {s: {'a|base64': 'x*'}, condition: s}",
            "wild",
        ),
        (
            "title: t\nlogsource: {product: w}\n"
            "detection: {s: {'a|windash': '-a -b -c -d'}, condition: s}",
            "windash",
        ),
    ],
)
def test_a_bad_document_is_listed_and_the_others_are_used(change: str, reason: str) -> None:
    rules = _load(f"{change}\n---\n{RULE}")
    assert [rule.meta.title for rule in rules.rules] == ["One"]
    assert len(rules.unusable) == 1
    assert reason in rules.unusable[0].reason
    assert rules.unusable[0].path == "file.yml:1"


def test_the_same_id_twice_is_said() -> None:
    rules = _load(f"{RULE}---{RULE}")
    assert len(rules.rules) == 1
    assert "same id" in rules.unusable[0].reason


def test_a_rule_without_id_gets_a_stable_one() -> None:
    text = RULE.replace("id: 11111111-1111-4111-8111-111111111111\n", "")
    assert _load(text).rules[0].meta.id == _load(text).rules[0].meta.id
    assert _load(text).rules[0].meta.id != _load(text.replace("x}", "y}")).rules[0].meta.id


def test_global_documents_are_merged_into_those_that_follow() -> None:
    text = """
action: global
title: Base
logsource: {product: windows, service: security}
detection: {condition: sel}
---
detection: {sel: {EventID: 1}}
---
detection: {sel: {EventID: 2}}
"""
    rules = _load(text)
    assert rules.unusable == ()
    assert len(rules.rules) == 2
    assert {rule.logsource.service for rule in rules.rules} == {"security"}


def test_filters_narrow_the_rules_they_name() -> None:
    text = f"""{RULE}
---
title: Filter
id: 22222222-2222-4222-8222-222222222222
logsource: {{product: windows}}
filter: {{rules: [one], sel: {{User: admin}}, condition: not sel}}
"""
    condition = _load(text).rules[0].condition
    assert isinstance(condition, And)
    assert condition.args[0] == Like("Image", ("x",))
    other = _load(text.replace("[one]", "[two]")).rules[0]
    assert other.condition == Like("Image", ("x",))


def test_placeholders_are_expanded_or_reported() -> None:
    text = RULE.replace("{Image: x}", "{'Image|expand|endswith': '%apps%.exe'}")
    rule = _load(text, {"apps": ("a", "b*")}).rules[0]
    assert rule.condition == Or((Like("Image", (0, "a.exe")), Like("Image", (0, "b", 0, ".exe"))))
    unknown = _load(text).rules[0]
    assert unknown.condition == Or(())
    assert "%apps%" in unknown.notes[0]


CORRELATION = """
title: Many
id: 33333333-3333-4333-8333-333333333333
correlation:
  type: event_count
  rules: [one]
  group-by: [User]
  timespan: 5m
  condition: {gte: 10, lt: 100}
"""


def test_a_correlation_knows_its_rules_by_name_and_silences_them() -> None:
    rules = _load(f"{RULE}---{CORRELATION}")
    (found,) = rules.correlations
    assert found.type is CorrelationType.EVENT_COUNT
    assert found.rules == (rules.rules[0].meta.id,)
    assert (found.timespan_s, found.bounds) == (300, (("lt", 100.0), ("gte", 10.0)))
    assert rules.rules[0].report is False


def test_generate_lets_the_base_rule_speak() -> None:
    text = f"{RULE}---{CORRELATION}  generate: true\n"
    assert _load(text).rules[0].report is True


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[one]", "[two]", "not loaded"),
        ("event_count", "bogus", "type"),
        ("5m", "5 minutes", "timespan"),
        ("{gte: 10, lt: 100}", "{}", "condition"),
        ("{gte: 10, lt: 100}", "{gte: ten}", "number"),
        ("{gte: 10, lt: 100}", "{over: 10}", "unknown key"),
        ("event_count", "value_count", "field"),
        ("[one]", "[33333333-3333-4333-8333-333333333333]", "circle"),
    ],
)
def test_a_bad_correlation_is_listed(old: str, new: str, reason: str) -> None:
    rules = _load(f"{RULE}---{CORRELATION.replace(old, new)}")
    assert rules.correlations == ()
    assert reason in rules.unusable[0].reason
    assert rules.rules[0].report is True


def test_the_extended_condition_names_rules() -> None:
    text = CORRELATION.replace("event_count", "temporal").replace(
        "{gte: 10, lt: 100}", "one and not two"
    )
    two = RULE.replace("One", "Two").replace("one", "two").replace("1111", "4444")
    rules = _load(f"{RULE}---{two}---{text.replace('[one]', '[one, two]')}")
    (found,) = rules.correlations
    assert found.type is CorrelationType.EXTENDED_TEMPORAL
    assert found.expression == f"{found.rules[0]} and not {found.rules[1]}"


@pytest.mark.parametrize(
    "change",
    [
        ("5m", "0s"),
        ("event_count", "value_sum"),
        ("{gte: 10, lt: 100}", "'one and'"),
    ],
)
def test_a_correlation_that_could_not_run_is_listed(change: tuple[str, str]) -> None:
    text = CORRELATION.replace(*change)
    if "one and" in text:
        text = text.replace("event_count", "temporal")
    if "value_sum" in text:
        text = text.replace("lt: 100", "lt: 100, field: [A, B]")
    rules = _load(f"{RULE}---{text}")
    assert rules.correlations == ()
    assert rules.unusable[0].reason
