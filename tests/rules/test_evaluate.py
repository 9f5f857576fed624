"""Single tests of conditions against single values."""

from __future__ import annotations

import pytest

from exward.rules.evaluate import compile_node
from exward.rules.folding import Folded, keyword_text
from exward.rules.ir import (
    QUESTION,
    STAR,
    And,
    Bool,
    Cidr,
    Compare,
    Exists,
    FieldRef,
    Like,
    Node,
    Null,
    Number,
    Or,
    Regex,
    TimePart,
)

_CASES: list[tuple[Node, object, bool]] = [
    (Like("F", ("abc",)), "ABC", True),
    (Like("F", ("abc",)), "abcd", False),
    (Like("F", ("abc",)), ["x", "Abc"], True),
    (Like("F", ("5",)), 5, True),
    (Like("F", ("true",)), True, True),
    (Like("F", ()), "", True),
    (Like("F", ()), None, False),
    (Like("F", (STAR,)), "", True),
    (Like("F", ("straße",)), "STRASSE", True),
    (Like("F", ("ΑΣ",)), "ας", True),
    (Like("F", ("k",)), "\N{KELVIN SIGN}", True),
    (Like("F", ("Abc",), cased=True), "abc", False),
    (Like("F", (STAR, "Abc"), cased=True), "xAbc", True),
    (Like("F", ("a", QUESTION, "c")), "a\nc", True),
    (Like("F", ("a", QUESTION, "c")), "ac", False),
    (Like("F", ("a", STAR, "b", STAR, "c")), "a--b\n--c", True),
    (Like("F", ("ab", STAR, "ba")), "aba", False),
    (Like("F", (STAR, "a", QUESTION, "c", STAR, "d")), "xxabcabd", True),
    (Number("F", 16), "0x10", True),
    (Number("F", 16), "16", True),
    (Number("F", 16), 16.0, True),
    (Number("F", 1), True, False),
    (Number("F", 16), "sixteen", False),
    (Bool("F", value=True), "TRUE", True),
    (Bool("F", value=False), False, True),
    (Bool("F", value=False), None, False),
    (Null("F"), None, True),
    (Null("F"), "", False),
    (Null("F"), ["-", None], True),
    (Exists("F", expected=True), None, True),
    (Regex("F", "a.c"), "xabc", True),
    (Regex("F", "a.c"), "xABC", False),
    (Regex("F", "a.c", "i"), "xABC", True),
    (Regex("F", "a.c", "s"), "a\nc", True),
    (Regex("F", "^b", "m"), "a\nb", True),
    (Regex("F", r"(?<!x)abc"), "xabc", False),
    (Regex("F", r"(\w)\1"), "abb", True),
    (Regex("F", "a"), "\ud800a", True),
    (Cidr("F", "10.0.0.0/8"), "::ffff:10.1.2.3", True),
    (Cidr("F", "fe80::/10"), "fe80::1%3", True),
    (Cidr("F", "10.0.0.0/8"), "no address", False),
    (Compare("F", "gte", 5), "5", True),
    (Compare("F", "lt", 5), 5, False),
    (Compare("F", "gt", 15), "0x10", True),
    (Compare("F", "lte", 5), "x", False),
    (FieldRef("F", "G"), "OTHER", True),
    (FieldRef("F", "G", starts=True), "Other thing", True),
    (FieldRef("F", "G", ends=True), "an other", True),
    (FieldRef("F", "G", starts=True, ends=True), "another thing", True),
    (FieldRef("F", "H"), "x", False),
    (TimePart("F", "hour", "eq", 23), "2026-01-05T01:30:00+02:00", True),
    (TimePart("F", "week", "lte", 2), "2026-01-05T01:30:00Z", True),
    (TimePart("F", "day", "gt", 5), "not a time", False),
    (And(()), "x", True),
    (Or(()), "x", False),
]


@pytest.mark.parametrize(("node", "value", "expected"), _CASES)
def test_value(node: Node, value: object, expected: bool) -> None:
    record = Folded({"F": value, "G": "other"})
    assert compile_node(node)(record) is expected


def test_an_absent_field_matches_nothing_but_null_and_not_exists() -> None:
    record = Folded({})
    nodes: list[Node] = [Like("F", (STAR,)), Number("F", 0), Bool("F", value=False), Regex("F", "")]
    assert not any(compile_node(node)(record) for node in nodes)
    assert compile_node(Null("F"))(record)
    assert compile_node(Exists("F", expected=False))(record)


def test_keywords_are_searched_in_all_values() -> None:
    record = Folded({"A": "one", "Channel": "hidden", "B": ["two", 3, None], "C": True})
    assert keyword_text(record.fields) == "one\ntwo\n3\ntrue"
    assert compile_node(Like(None, ("NE\nT",)))(record)
    assert not compile_node(Like(None, ("hidden",)))(record)
    assert compile_node(Like(None, ("o", STAR, "3")))(record)


def test_a_catastrophic_regex_ends_and_is_counted() -> None:
    from exward.rules import regexes

    regexes.timeouts.clear()
    node = Regex("F", r"^(?=(a+)+$)\1b")
    assert compile_node(node)(Folded({"F": "a" * 5000 + "!"})) is False
    assert sum(regexes.timeouts.values()) <= 1
    regexes.timeouts.clear()
