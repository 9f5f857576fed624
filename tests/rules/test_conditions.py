"""The condition language."""

from __future__ import annotations

import pytest

from exward.rules import conditions
from exward.rules.ir import And, Like, Node, Not, Or

A, B, C, D = (Like("f", (name,)) for name in "abcd")
NAMES: dict[str, Node] = {"sel_a": A, "sel_b": B, "filter": C, "_hidden": D}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("sel_a", A),
        ("sel_a and sel_b or filter", Or((And((A, B)), C))),
        ("sel_a and (sel_b or filter)", And((A, Or((B, C))))),
        ("sel_a and not filter", And((A, Not(C)))),
        ("not not sel_a", Not(Not(A))),
        ("NOT sel_a AND sel_b", And((Not(A), B))),
        ("1 of sel_*", Or((A, B))),
        ("any of sel*", Or((A, B))),
        ("all of sel_*", And((A, B))),
        ("all of them", And((C, A, B))),
        ("1 of _*", D),
        ("2 of them", Or((And((C, A)), And((C, B)), And((A, B))))),
        ("not 1 of filter*", Not(C)),
        ("  ( sel_a)and(sel_b )", And((A, B))),
    ],
)
def test_condition(condition: str, expected: Node) -> None:
    assert conditions.parse(condition, NAMES) == expected


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("", "empty"),
        ("sel_a and", "ends where"),
        ("sel_a sel_b", "should end"),
        ("(sel_a", "closing parenthesis"),
        ("nothing", "does not define"),
        ("1 of nothing*", "no search name fits"),
        ("4 of them", "can never hold"),
        ("0 of them", "no quantity"),
        ("sel_a | count() > 5", "correlation"),
        ("sel_a and or", "should stand"),
        ("(" * 100 + "sel_a" + ")" * 100, "nested"),
        ("not " * 100 + "sel_a", "nested"),
    ],
)
def test_what_is_wrong_is_said(condition: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        conditions.parse(condition, NAMES)


def test_too_many_combinations_are_refused() -> None:
    names: dict[str, Node] = {f"s{n}": A for n in range(40)}
    with pytest.raises(ValueError, match="too many combinations"):
        conditions.parse("20 of them", names)
