"""What every output promises, held against each member of the registry."""

from __future__ import annotations

import re

import pytest

from exward.model.errors import UsageError
from exward.reports.registry import by_name, renderers
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import empty_result, large_result, sample_result

RESULTS = {
    "empty": empty_result(),
    "sample": sample_result(),
    "hostile": hostile_result(),
    "large": large_result(300, 20),
}
ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0001]"
)
"""What could move a cursor, ring a bell, end a line or turn the reading direction."""


def test_finds_the_outputs_of_the_contract():
    assert tuple(renderers()) == tuple(sorted(renderers()))
    expected = {"jsonl", "json", "csv", "ocsf", "ecs", "timesketch", "navigator"}
    assert expected <= set(renderers())


def test_unknown_name_lists_the_names():
    with pytest.raises(UsageError) as caught:
        by_name("xml")
    assert all(name in str(caught.value) for name in renderers())
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", renderers())
def test_says_what_it_is(name):
    one = by_name(name)
    assert re.fullmatch(r"[a-z]+", one.NAME)
    assert one.TITLE
    assert re.fullmatch(r"[a-z]+", one.EXTENSION)


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("name", renderers())
def test_same_valid_utf8_on_every_call(name, result):
    render = by_name(name).render
    first = "".join(render(RESULTS[result])).encode("utf-8")
    assert first == "".join(render(RESULTS[result])).encode("utf-8")


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("name", renderers())
def test_nothing_from_evidence_acts_on_a_terminal(name, result):
    assert ACTING.search("".join(by_name(name).render(RESULTS[result]))) is None


@pytest.mark.parametrize("name", sorted({"jsonl", "json", "csv", "ocsf", "ecs", "timesketch"}))
def test_output_comes_in_pieces_that_do_not_grow_with_the_result(name):
    pieces = [max(map(len, by_name(name).render(large_result(count, 2)))) for count in (30, 300)]
    assert pieces[1] < 2 * pieces[0]
