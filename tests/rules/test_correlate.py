"""Correlations: each type by hand, then everything against the slow evaluation."""

from __future__ import annotations

from graphlib import CycleError
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.model.finding import Evidence
from exward.model.skipped import Skipped
from exward.rules.correlate import MAX_OPEN_HITS, correlate, problem
from exward.rules.correlate_expression import alternatives
from exward.rules.correlate_measures import Ranked, number_of
from exward.rules.hits import CorrelationMatch, Hit
from exward.rules.ir import Correlation, CorrelationType, Meta

T = CorrelationType
SECOND = 1_000_000


def correlation(kind: CorrelationType, **more: Any) -> Correlation:
    """A correlation over rule `a` within 10 s unless said otherwise."""
    meta = Meta(id=more.pop("id", "corr"), title="Test", path="rules/corr.yml")
    stated: dict[str, Any] = {"rules": ("a",), "group_by": (), "timespan_s": 10} | more
    return Correlation(meta=meta, type=kind, **stated)


def hit(rule: str, second: float, server: str = "EX1", **values: str) -> Hit:
    time = round(second * SECOND)
    return Hit(rule, time, server, values, Evidence("log.evtx", time, time))


def hits(text: str) -> list[Hit]:
    """`a@0 b@5.5` to hits."""
    return [hit(word.split("@")[0], float(word.split("@")[1])) for word in text.split()]


def matches(correlations: list[Correlation], given_hits: list[Hit]) -> list[CorrelationMatch]:
    """All matches; nothing may have been given up."""
    found, lost = within_limit(correlations, given_hits, MAX_OPEN_HITS)
    assert not lost
    return found


def within_limit(
    correlations: list[Correlation], given_hits: list[Hit], limit: int
) -> tuple[list[CorrelationMatch], list[Skipped]]:
    found = list(correlate(correlations, iter(given_hits), limit))
    lost = [entry for entry in found if isinstance(entry, Skipped)]
    return [entry for entry in found if isinstance(entry, CorrelationMatch)], lost


def seen(*correlations: Correlation, of: list[Hit]) -> list[tuple]:
    """(first second, last second, hits, value) of each match."""
    found = matches(list(correlations), of)
    return [(m.first / SECOND, m.last / SECOND, m.hits, m.value) for m in found]


COUNTS = [
    # bounds, hits, matches
    ("gte: 3", "a@0 a@1", []),
    ("gte: 3", "a@0 a@1 a@2", [(0, 2, 3, 3)]),
    ("gte: 3", "a@0 a@5 a@10", [(0, 10, 3, 3)]),  # both ends of the timespan count
    ("gte: 3", "a@0 a@5 a@10.000001", []),
    ("gt: 2", "a@0 a@1 a@2 a@3", [(0, 3, 4, 4)]),
    # One match while it goes on, though each hit alone would renew it; a new one afterwards.
    ("gte: 2", "a@0 a@1 a@2 a@3 a@30 a@60 a@61", [(0, 3, 4, 4), (60, 61, 2, 2)]),
    # Windows that overlap are one match even if the condition paused between them.
    ("gte: 3", "a@0 a@1 a@2 a@12.5 a@12.6 a@12.7", [(0, 2, 3, 3), (12.5, 12.7, 3, 3)]),
    ("gte: 3", "a@0 a@1 a@2 a@11.5 a@11.6 a@11.7", [(0, 11.7, 6, 4)]),
    # Bounds that a later hit can undo are judged when the timespan is over.
    ("lt: 3", "a@0 a@1 a@2", []),
    ("lt: 3", "a@0 a@1", [(0, 1, 2, 2)]),
    ("lte: 2", "a@0 a@1 a@10 a@11 a@40", [(11, 11, 1, 1), (40, 40, 1, 1)]),
    ("eq: 2", "a@0 a@1 a@30 a@31 a@32", [(0, 1, 2, 2)]),
    ("neq: 1", "a@0 a@30 a@31", [(30, 31, 2, 2)]),
    # Windows that follow on are one match while each of them meets the condition.
    ("lt: 3", "a@0 a@10.5 a@21", [(0, 0, 1, 1), (10.5, 10.5, 1, 1), (21, 21, 1, 1)]),
    ("lt: 3", "a@0 a@9 a@11 a@20 a@22", [(0, 22, 5, 2)]),
    ("lt: 3", "a@0 a@9 a@11 a@12 a@13 a@22", [(0, 9, 2, 2), (22, 22, 1, 1)]),
    ("{gte: 2, lte: 3}", "a@0 a@1 a@2 a@30 a@31 a@32 a@33", [(0, 2, 3, 3)]),
]


@pytest.mark.parametrize(("bounds", "given_hits", "expected"), COUNTS)
def test_event_count(bounds: str, given_hits: str, expected: list[tuple]) -> None:
    stated = yaml.safe_load(bounds)
    rule = correlation(T.EVENT_COUNT, bounds=tuple((op, float(n)) for op, n in stated.items()))
    assert seen(rule, of=hits(given_hits)) == expected


def test_groups_are_apart_and_names_ignore_case() -> None:
    rule = correlation(T.EVENT_COUNT, group_by=("User", "Host"), bounds=(("gte", 2.0),))
    given_hits = [
        hit("a", 0, User="Eve", Host="ex1"),
        hit("a", 1, User="Bob", Host="ex1"),
        hit("a", 2, User="EVE", Host="EX1"),
        hit("a", 3, User="Eve", Host="ex2"),
        hit("a", 4, User="Bob"),
    ]
    (match,) = matches([rule], given_hits)
    assert match.group == (("User", "Eve"), ("Host", "ex1"))
    assert [place.position for place in match.evidence] == [0, 2 * SECOND]


def test_hits_without_a_group_field_take_no_part() -> None:
    rule = correlation(T.EVENT_COUNT, group_by=("User",), bounds=(("gte", 2.0),))
    assert seen(rule, of=[hit("a", 0), hit("a", 1), hit("a", 2, User="")]) == []


def test_aliases_join_fields_of_different_names() -> None:
    rule = correlation(
        T.TEMPORAL,
        rules=("a", "b"),
        group_by=("ip",),
        aliases={"ip": {"a": "SourceIp", "b": "DestinationIp"}},
    )
    joined = [hit("a", 0, SourceIp="10.0.0.1"), hit("b", 1, DestinationIp="10.0.0.1")]
    assert seen(rule, of=joined) == [(0, 1, 2, 2)]
    assert seen(rule, of=[joined[0], hit("b", 1, DestinationIp="10.0.0.2")]) == []
    assert seen(rule, of=[joined[0], hit("b", 1, ip="10.0.0.1")]) == []


def test_value_count_counts_distinct_values_that_leave_the_window() -> None:
    rule = correlation(T.VALUE_COUNT, field=("User",), bounds=(("gte", 2.0),))
    assert seen(rule, of=[hit("a", 0, User="x"), hit("a", 1, User="X")]) == []
    assert seen(rule, of=[hit("a", 0, User="x"), hit("a", 11, User="y")]) == []
    assert seen(rule, of=[hit("a", 0, User="x"), hit("a", 1), hit("a", 9, User="y")]) == [
        (0, 9, 2, 2)
    ]


def test_value_count_of_several_fields_counts_combinations() -> None:
    rule = correlation(T.VALUE_COUNT, field=("User", "Ip"), bounds=(("gte", 2.0),))
    same = [hit("a", 0, User="x", Ip="1"), hit("a", 1, User="x", Ip="1")]
    assert seen(rule, of=same) == []
    assert seen(rule, of=[*same, hit("a", 2, User="x", Ip="2")]) == [(0, 2, 3, 2)]


NUMERIC = [
    (T.VALUE_SUM, "gte: 60", "10 20 30", 60),
    (T.VALUE_SUM, "gt: 60", "10 20 30", None),
    (T.VALUE_SUM, "eq: 0.3", "0.1 0.2", 0.3),
    (T.VALUE_SUM, "gte: 255", "0xF0 0x0f", 255),
    (T.VALUE_SUM, "gte: 5", "5 -1 many 1e999 nan inf 1_0", 5),
    (T.VALUE_AVG, "gte: 20", "10 20 30", 20),
    (T.VALUE_AVG, "lt: 20", "10 20 29", 59 / 3),
    (T.VALUE_MEDIAN, "lte: 20", "10 20 1000", 20),
    (T.VALUE_MEDIAN, "eq: 15", "10 20", 15),
    (T.VALUE_PERCENTILE, "eq: 30", "10 20 30 40", 30),
]


@pytest.mark.parametrize(("kind", "bound", "numbers", "expected"), NUMERIC)
def test_numbers(kind: CorrelationType, bound: str, numbers: str, expected: float | None) -> None:
    ((op, limit),) = yaml.safe_load(bound).items()
    rule = correlation(kind, field=("n",), bounds=((op, float(limit)),), percentile=75.0)
    found = seen(rule, of=[hit("a", i / 10, n=n) for i, n in enumerate(numbers.split())])
    assert [value for _, _, _, value in found] == ([] if expected is None else [expected])


def test_percentile_ends() -> None:
    for percent, expected in ((0.0, 1), (50.0, 2), (50.1, 3), (100.0, 4)):
        rule = correlation(
            T.VALUE_PERCENTILE, field=("n",), percentile=percent, bounds=(("lt", 99.0),)
        )
        found = seen(rule, of=[hit("a", 0, n=str(n)) for n in (4, 3, 2, 1)])
        assert [value for *_, value in found] == [expected]


TEMPORAL = [
    (T.TEMPORAL, "", "b@0 a@1 c@2", [(0, 2, 3, 3)]),
    (T.TEMPORAL, "", "a@0 b@1", []),
    (T.TEMPORAL, "", "a@0 b@1 c@10.1", []),
    (T.TEMPORAL, "", "a@0 b@1 a@9 c@10.1", [(1, 10.1, 3, 3)]),
    (T.TEMPORAL, "gte: 2", "a@0 c@1", [(0, 1, 2, 2)]),
    (T.TEMPORAL, "eq: 1", "a@0 a@1 a@30 b@31", [(0, 1, 2, 1)]),
    (T.TEMPORAL_ORDERED, "", "a@0 b@1 c@2", [(0, 2, 3, 3)]),
    (T.TEMPORAL_ORDERED, "", "b@0 a@1 c@2", []),
    (T.TEMPORAL_ORDERED, "", "a@0 c@1 b@2 c@3", [(0, 3, 4, 3)]),
    (T.TEMPORAL_ORDERED, "", "a@0 a@5 b@9 c@12", [(5, 12, 3, 3)]),
    (T.TEMPORAL_ORDERED, "", "c@0 b@0 a@0", [(0, 0, 3, 3)]),  # the same time: either order
    (T.TEMPORAL_ORDERED, "gte: 2", "a@0 b@1", [(0, 1, 2, 2)]),
    (T.TEMPORAL_ORDERED, "gte: 2", "b@0 c@1", []),
]


@pytest.mark.parametrize(("kind", "bound", "given_hits", "expected"), TEMPORAL)
def test_temporal(kind: CorrelationType, bound: str, given_hits: str, expected: list) -> None:
    bounds = tuple((op, float(n)) for op, n in (yaml.safe_load(bound) or {}).items())
    rule = correlation(kind, rules=("a", "b", "c"), bounds=bounds)
    assert seen(rule, of=hits(given_hits)) == expected


EXPRESSIONS = [
    ("a and (b or c)", "a@0 c@1", 1),
    ("a and (b or c)", "b@0 c@1", 0),
    ("a AND NOT c", "a@0", 1),
    ("a and not c", "a@0 c@10", 0),
    ("a and not c", "c@0 a@10", 0),  # also before it
    ("a and not c", "c@0 a@10.1", 1),
    ("a and not c", "a@0 c@10.1", 1),
    ("not (b or c) and a", "a@0 b@5", 0),
    ("not not a", "a@0", 1),
    ("a or b and c", "a@0", 1),
]


@pytest.mark.parametrize(("expression", "given_hits", "matches"), EXPRESSIONS)
def test_extended_conditions(expression: str, given_hits: str, matches: int) -> None:
    rule = correlation(T.EXTENDED_TEMPORAL, rules=("a", "b", "c"), expression=expression)
    assert len(seen(rule, of=hits(given_hits))) == matches


def test_extended_condition_in_order() -> None:
    rule = correlation(
        T.EXTENDED_TEMPORAL_ORDERED, rules=("a", "b", "c"), expression="a and (b or c)"
    )
    assert seen(rule, of=hits("b@0 a@1")) == []
    assert seen(rule, of=hits("b@0 a@1 c@2")) == [(0, 2, 3, 3)]


def test_chain_of_correlations() -> None:
    failures = correlation(
        T.EVENT_COUNT, id="many", group_by=("User",), bounds=(("gte", 3.0),), timespan_s=5
    )
    then = correlation(T.TEMPORAL_ORDERED, id="then", rules=("many", "ok"), group_by=("User",))
    burst = [hit("a", second, User="eve") for second in range(20)]
    late = sorted([*burst, hit("ok", 25, User="Eve")], key=lambda h: h.time)
    found = {m.rule: m for m in matches([then, failures], late)}
    assert found["many"].hits == 20
    # The burst counts as going on until its last moment, so a success after it is in time.
    assert (found["then"].last, found["then"].group) == (25 * SECOND, (("User", "eve"),))
    assert [m.rule for m in matches([then, failures], [hit("ok", -1, User="eve"), *burst])] == [
        "many"
    ]


def test_bursts_are_counted_once_each() -> None:
    burst = correlation(T.EVENT_COUNT, id="burst", bounds=(("gte", 2.0),), timespan_s=5)
    often = correlation(
        T.EVENT_COUNT, id="often", rules=("burst",), bounds=(("gte", 2.0),), timespan_s=100
    )
    one = hits("a@0 a@1 a@2 a@3")
    assert [m.rule for m in matches([burst, often], one)] == ["burst"]
    two = [*one, *hits("a@50 a@51")]
    assert sorted(m.rule for m in matches([burst, often], two)) == ["burst", "burst", "often"]


def test_a_quiet_window_is_known_when_it_is_over() -> None:
    quiet = correlation(T.EVENT_COUNT, id="quiet", bounds=(("lt", 2.0),), timespan_s=10)
    after = correlation(T.TEMPORAL_ORDERED, id="after", rules=("quiet", "b"), timespan_s=5)
    assert seen(quiet, after, of=hits("a@0 b@9")) == [(0, 0, 1, 1)]
    assert seen(quiet, after, of=hits("a@0 b@12")) == [(0, 0, 1, 1), (10, 12, 2, 2)]


def test_a_flood_is_one_match_with_twenty_places() -> None:
    rule = correlation(T.EVENT_COUNT, bounds=(("gte", 10.0),))
    (match,) = matches([rule], [hit("a", n / 10, server=f"EX{n}") for n in range(5000)])
    assert (match.hits, match.first, match.last) == (5000, 0, 4999 * SECOND // 10)
    assert [place.position for place in match.evidence] == [n * SECOND // 10 for n in range(20)]
    assert match.server == "EX0"


def test_a_match_that_pauses_keeps_its_places_in_order() -> None:
    rule = correlation(T.VALUE_AVG, field=("n",), bounds=(("gte", 5.0),))
    numbers = [9, 0, 0, 9, 9, 0, 0, 0, 0, 9, 9, 9, 9, 9]
    given_hits = [hit("a", i / 2, n=str(n)) for i, n in enumerate(numbers)]
    (match,) = matches([rule], given_hits)
    assert match.hits == len(numbers)
    assert [place.position for place in match.evidence] == [h.time for h in given_hits]


def test_the_limit_gives_up_the_longest_silent_group_and_says_so() -> None:
    rule = correlation(T.EVENT_COUNT, group_by=("User",), bounds=(("gte", 3.0),))
    given_hits = [hit("a", n / 10, User=f"u{n}") for n in range(10)]
    given_hits += [hit("a", 2 + n / 10, User="u9") for n in range(2)]
    found, lost = within_limit([rule], given_hits, 4)
    assert [(m.group, m.hits) for m in found] == [((("User", "u9"),), 3)]
    assert [(one.source, one.count) for one in lost] == [("rules/corr.yml", 8)]
    assert "more than 4 hits" in lost[0].reason


def test_the_limit_of_one_group_gives_up_its_oldest_hits() -> None:
    rule = correlation(T.EVENT_COUNT, bounds=(("gte", 3.0),))
    found, lost = within_limit([rule], [hit("a", n / 1000) for n in range(100)], 5)
    assert [(m.hits, m.value) for m in found] == [(100, 5)]
    assert [one.count for one in lost] == [95]


def test_wrong_correlations_have_a_reason() -> None:
    good = correlation(T.EVENT_COUNT, bounds=(("gte", 1.0),))
    assert problem(good) == ""
    assert "needs a field" in problem(correlation(T.VALUE_SUM, bounds=(("gte", 1.0),)))
    assert "one field" in problem(
        correlation(T.VALUE_SUM, field=("a", "b"), bounds=(("gte", 1.0),))
    )
    assert "percentile" in problem(
        correlation(T.VALUE_PERCENTILE, field=("a",), percentile=101.0, bounds=(("gte", 1.0),))
    )
    assert "timespan" in problem(correlation(T.EVENT_COUNT, timespan_s=0, bounds=(("gte", 1.0),)))
    assert "no condition" in problem(correlation(T.EVENT_COUNT))
    assert "comparison" in problem(correlation(T.EVENT_COUNT, bounds=(("between", 1.0),)))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "ends where"),
        ("a and", "ends where"),
        ("a b", "should end"),
        ("(a", "closing"),
        ("a and d", "none of the correlated rules"),
        ("a and not a", "never hold"),
        ("not " * 60 + "a", "deeper"),
        (" and ".join(["(a or b or c)"] * 9), ""),
        (" and ".join(f"(r{i} or s{i})" for i in range(9)), "alternatives"),
    ],
)
def test_wrong_expressions_have_a_reason(expression: str, reason: str) -> None:
    names = ("a", "b", "c", *(f"{letter}{i}" for i in range(9) for letter in "rs"))
    found = problem(correlation(T.EXTENDED_TEMPORAL, rules=names, expression=expression))
    assert reason in found
    assert bool(found) == bool(reason)


def test_names_of_rules_may_be_ids() -> None:
    one, two = "53ba33fd-3a50-4468-a5ef-c583635cfa92", "and-so-on"
    (way,) = alternatives(f"({one}) and not {two}", (one, two))
    assert way == (frozenset([one]), frozenset([two]))


def test_wrong_input_is_an_error() -> None:
    rule = correlation(T.EVENT_COUNT, bounds=(("gte", 1.0),))
    with pytest.raises(ValueError, match="sorted by time"):
        list(correlate([rule], hits("a@2 a@1")))
    circle = [
        correlation(T.TEMPORAL, id="x", rules=("y",)),
        correlation(T.TEMPORAL, id="y", rules=("x",)),
    ]
    with pytest.raises(CycleError):
        list(correlate(circle, []))


def test_nothing_gives_nothing() -> None:
    assert list(correlate([], hits("a@0"))) == []
    assert list(correlate([correlation(T.EVENT_COUNT, bounds=(("lt", 5.0),))], [])) == []


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "\uff11", "0x", "1e", "--1", "1" * 65, "nan", "1e100"]
)
def test_texts_that_are_no_numbers(text: str) -> None:
    assert number_of(text) is None


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=200))
def test_ranked_numbers_stay_sorted(steps: list[tuple[bool, int]]) -> None:
    ranked, known = Ranked(), []
    for add, number in steps * 8:
        if add or number not in known:
            ranked.add(0, number)
            known.append(number)
        else:
            ranked.drop(number)
            known.remove(number)
    assert [ranked.at(rank) for rank in range(ranked.hits)] == sorted(known)
