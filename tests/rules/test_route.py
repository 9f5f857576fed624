"""The literal search never loses a match, whatever it has learned."""

from __future__ import annotations

import orjson
import pytest

from exward.model.records import EventType
from exward.rules import literals, multi_pattern
from exward.rules.folding import Folded
from exward.rules.ir import QUESTION, STAR, And, Like, LogSource, Meta, Node, Not, Or, Regex, Rule
from exward.rules.literals import Every, Some
from exward.rules.route import Entry, Route, price, watch_for
from exward.rules.routing import Admission


def _entry(node: Node) -> Entry:
    rule = Rule(meta=Meta(id="i", title="t", path="p"), logsource=LogSource(), condition=node)
    need = literals.need(node, literals.in_json, frozenset())
    return Entry(rule, Admission(node, (), frozenset(), {}), need)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Like("F", ("abc",)), b'"abc"'),
        (Like("F", (STAR, "\\cmd.exe")), b'\\\\cmd.exe"'),
        (Like("F", ("C:\\", STAR)), b'"c:\\\\'),
        (Like("F", ("12",)), b"12"),
        (Like("F", ("true",)), b"true"),
        (Like("F", ("0x1f",)), b'"0x1f"'),
        (Like("F", ("1e5",)), None),
        (Like("Data", ("abc",)), b"abc"),
        (Like(None, ("abc",)), b"abc"),
        (Like(None, ("abc\ndef",)), Every((b"abc", b"def"))),
        (Like("F", ("ab", QUESTION, "cd")), Every((b'"ab', b'cd"'))),
        (Like("F", ("STRASSE",)), b'"strasse"'),
        (Like("F", ("Straße",)), b'"strasse"'),
        (Like("F", ()), None),
        (Like("F", (STAR, "a", STAR)), None),
        (Regex("F", r"foo\.(a|b)bar"), Every((b"foo.", b"bar"))),
        (Regex("F", r"a|b"), None),
        (Not(Like("F", ("abc",))), None),
        (And((Like("F", ("abc",)), Not(Like("G", ("x",))))), b'"abc"'),
        (Or((Like("F", ("abc",)), Like("G", ("def",)))), Some((b'"abc"', b'"def"'))),
        (Or((Like("F", ("abc",)), Like("G", ()))), None),
    ],
)
def test_what_a_condition_needs(node: Node, expected: object) -> None:
    assert literals.need(node, literals.in_json, frozenset()) == expected


def test_lines_are_searched_by_runs_without_blanks() -> None:
    need = literals.need(Like("ua", (STAR, "a+b c?Dé", STAR)), literals.in_lines, frozenset())
    assert need is None
    need = literals.need(Like("u", (STAR, "x.aspx?a=1 2", STAR)), literals.in_lines, frozenset())
    assert need == Every((b"x.aspx", b"a=1"))


def test_the_rarest_group_is_watched() -> None:
    node = And((Or((Like("F", ("often",)), Like("F", ("oftener",)))), Like("G", ("seldom",))))
    seldom = frozenset({b'"seldom"'})
    need = literals.need(node, literals.in_json, frozenset())
    assert need is not None
    watch = watch_for([price(need, lambda some, _: 1.0 if some == seldom else 5.0, False)[1]])
    assert watch.scanner is not None
    assert watch.scanner.find(b'"OFTEN"') == []
    assert watch.scanner.find(b'"Seldom"') == [0]


def test_learning_changes_what_is_watched_but_not_the_answer() -> None:
    nodes = [And((Like("F", ("common-value-here",)), Like("G", (f"v{n:03}",)))) for n in range(50)]
    route = Route(EventType("windows"), [_entry(node) for node in nodes])
    for number in range(3000):
        fields = {"F": "Common-Value-Here", "G": f"V{number % 60:03}"}
        data = orjson.dumps(fields)
        found = [
            index
            for index in route.candidates(data)
            if route.entries[index].matches(Folded(dict(fields)))
        ]
        assert found == ([number % 60] if number % 60 < 50 else [])
    # Once it has learned, a record that fits no rule raises no candidate.
    assert list(route.candidates(orjson.dumps({"F": "Common-Value-Here", "G": "none"}))) == []


_SCANNERS = ["hyperscan", "re2"]


@pytest.mark.parametrize("engine", _SCANNERS)
def test_both_engines_find_the_same(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "re2":
        monkeypatch.setattr("exward.rules.multi_pattern.hyperscan", None)
    elif multi_pattern.engine() == "re2":
        pytest.skip("hyperscan has no wheel here")
    words = [b"abc", b"bcd", b'"x\\\\y"', "é".encode(), b"a.c", b"(", b" "]
    scanner = multi_pattern.scanner([*map(multi_pattern.literal, words)])
    assert multi_pattern.engine() == engine
    assert sorted(scanner.find('xABCD "X\\\\Y" é ('.encode())) == [0, 1, 2, 3, 5, 6]
    assert scanner.find(b"nothing?") == []
    places = scanner.find_all(b"one\nxabc\n\nabc abc")
    lines = {(index, b"one\nxabc\n\nabc abc".count(b"\n", 0, end - 1)) for index, end in places}
    assert lines == {(0, 1), (0, 3), (6, 3)}


@pytest.mark.parametrize("engine", _SCANNERS)
def test_a_pair_is_found_on_one_line_in_either_order(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "re2":
        monkeypatch.setattr("exward.rules.multi_pattern.hyperscan", None)
    scanner = multi_pattern.scanner([multi_pattern.pair([b"a.c", b"b"], [b"x y"])])
    data = b"a.c\nx y\nX Y-B\nA.C x y\nabc\n"
    found = {data.count(b"\n", 0, end - 1) for _, end in scanner.find_all(data)}
    assert found == {2, 3}


@pytest.mark.parametrize(
    "pattern",
    [r"\u0041bc(?!x)", r"(?ix) ab cd (?=e)", r"(?P<n>ab)\g<n>", r"\Qa+bcd\E"],
)
def test_patterns_that_read_otherwise_demand_nothing(pattern: str) -> None:
    assert literals.need(Regex("F", pattern), literals.in_json, frozenset()) is None


def test_texts_that_a_reader_rewrites_are_looked_for_in_pieces() -> None:
    need = literals.need(Like("Data", ('foo & "bar"',)), literals.in_json, frozenset())
    assert need == Every((b"foo ", b"bar"))
    need = literals.need(Like("F", ("x" * 5000,)), literals.in_json, frozenset())
    assert isinstance(need, bytes)
    assert len(need) == literals.MAX_LENGTH


def test_patterns_beyond_the_scanners_limits_are_still_found() -> None:
    patterns = [multi_pattern.literal(b"a" * 40_000), multi_pattern.literal(b"xyz")]
    assert multi_pattern.scanner(patterns).find(b"--XYZ--") == [1]
