"""Correlations against the slow evaluation, on generated rules and hits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from exward.model.finding import Evidence
from exward.rules.correlate import problem
from exward.rules.hits import Hit
from exward.rules.ir import Correlation
from tests.rules.slow_correlate import order, slow_correlate
from tests.rules.test_correlate import SECOND, T, correlation, matches

SECONDS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 11])
NAMES = st.sampled_from(["eve", "Eve", "EVE", "bob"])
NUMBERS = st.sampled_from(["1", "2", "2", "3", "-7", "0x10", "2.5", "x"])
VALUES = st.fixed_dictionaries({"n": NUMBERS}, optional={"User": NAMES, "Who": NAMES})


@st.composite
def hit_lists(draw: st.DrawFn) -> list[Hit]:
    time = 0
    result: list[Hit] = []
    for rule in draw(st.lists(st.sampled_from("aabbcd"), max_size=25)):
        time += draw(SECONDS) * SECOND
        place = Evidence("log", len(result), time)
        result.append(Hit(rule, time, draw(st.sampled_from(["s1", "s2"])), draw(VALUES), place))
    return sorted(result, key=lambda h: (h.time, h.server, h.rule, h.evidence.position))


BOUND = st.tuples(
    st.sampled_from(["gt", "gte", "gte", "lt", "lte", "eq", "neq"]),
    st.sampled_from([0.0, 1.0, 2.0, 2.0, 3.0, 4.5]),
)
BOUNDS = st.lists(BOUND, min_size=1, max_size=2, unique_by=lambda bound: bound[0]).map(tuple)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["a", "b", "c"]))
    shape = draw(st.sampled_from(["({} and {})", "{} or {}", "not ( {} )", "{} and not {}"]))
    return shape.format(*(draw(expressions(depth - 1)) for _ in range(shape.count("{}"))))


@st.composite
def correlation_lists(draw: st.DrawFn) -> list[Correlation]:
    kind = draw(st.sampled_from(list(T)))
    temporal = kind in {T.TEMPORAL, T.TEMPORAL_ORDERED}
    extended = kind in {T.EXTENDED_TEMPORAL, T.EXTENDED_TEMPORAL_ORDERED}
    lower = correlation(
        kind,
        id="low",
        rules=tuple(draw(st.permutations(["a", "b", "c"]))),
        group_by=draw(st.sampled_from([(), ("User",), ("Who",)])),
        timespan_s=draw(st.sampled_from([1, 5, 10])),
        bounds=() if extended or (temporal and draw(st.booleans())) else draw(BOUNDS),
        field=("n",),
        percentile=draw(st.sampled_from([0.0, 50.0, 90.0, 100.0])),
        expression=draw(expressions()),
        aliases=draw(st.sampled_from([{}, {"Who": {"a": "User", "b": "Who"}}])),
    )
    upper = correlation(
        draw(st.sampled_from([T.TEMPORAL, T.TEMPORAL_ORDERED, T.EVENT_COUNT])),
        id="up",
        rules=("low", "d"),
        group_by=draw(st.sampled_from([(), ("User",)])),
        timespan_s=draw(st.sampled_from([5, 20])),
        bounds=(("gte", 2.0),),
    )
    return [upper, lower]


@settings(max_examples=600, derandomize=True)
@given(correlation_lists(), hit_lists())
def test_fast_and_slow_agree(correlations: list[Correlation], given_hits: list[Hit]) -> None:
    if any(problem(entry) for entry in correlations):
        assert problem(correlations[1]).endswith("never hold")
        return
    found = matches(correlations, given_hits)
    assert sorted(found, key=order) == slow_correlate(correlations, given_hits)
    assert found == matches(correlations, given_hits)
