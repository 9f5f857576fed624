"""Merged hits: the same result however the hits were spread over workers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from exward.scan import collect
from exward.scan.collect import Groups, Key, Place

Seen = tuple[Key, Place]


def _gathered(hits: list[Seen]) -> Groups:
    groups = Groups()
    for key, place in hits:
        group = groups.group(key)
        wanted = group.wants(place)
        group.add(place)
        if wanted:
            group.show(place, {"n": str(place[2])}, f"first at {place}".__str__)
    return groups


def _result(groups: Groups) -> dict[Key, tuple[int, object]]:
    exported, _ = groups.exported()
    return {
        key: (group.count, (group.first, group.last, group.evidence(), group.why))
        for key, group in exported.items()
    }


_PLACE = st.tuples(
    st.one_of(st.integers(0, 50), st.just(collect.NO_TIME)),
    st.sampled_from("ab"),
    st.integers(0, 9),
)
_KEY = st.tuples(
    st.sampled_from(["r1", "r2"]),
    st.sampled_from(["s", ""]),
    st.sampled_from("abcdefgh"),
    st.just(""),
    st.sampled_from(["", "entry"]),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(_KEY, _PLACE), max_size=120, unique=True), st.integers(1, 4))
def test_split_work_gives_the_same_groups(hits: list[Seen], workers: int) -> None:
    old = collect.MAX_GROUPS, collect.MAX_PLACES, collect.MAX_EXCERPTS
    collect.MAX_GROUPS, collect.MAX_PLACES, collect.MAX_EXCERPTS = 3, 5, 2
    try:
        whole = _result(_gathered(hits))
        merged = Groups()
        for share in range(workers):
            groups, limits = _gathered(hits[share::workers]).exported()
            merged.merge(groups, limits)
        assert _result(merged) == whole
        assert sum(value[0] for value in whole.values()) == len(hits)
    finally:
        collect.MAX_GROUPS, collect.MAX_PLACES, collect.MAX_EXCERPTS = old


def test_of_too_many_groups_the_rest_is_counted_together() -> None:
    hits = [(("r", "s", f"user{n}", "", ""), (n, "f", n)) for n in range(3000)]
    exported, _ = _gathered(hits).exported()
    rest = [key for key in exported if collect.is_rest(key)]
    assert len(exported) == collect.MAX_GROUPS + 1
    assert exported[rest[0]].count == 3000 - collect.MAX_GROUPS


def test_evidence_is_the_earliest_and_only_its_beginning_has_excerpts() -> None:
    hits = [(("r", "s", "", "", ""), (1000 - n, "f", n)) for n in range(500)]
    (group,) = _gathered(hits).exported()[0].values()
    evidence = group.evidence()
    assert len(evidence) == collect.MAX_PLACES
    assert [place.time for place in evidence[:2]] == [501, 502]
    assert sum(bool(place.fields) for place in evidence) == collect.MAX_EXCERPTS
