"""The slow evaluator by hand, point for point of docs/sigma.md; the engine on the same cases."""

# Letters that look alike are the point here.

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.conditions import ConditionAND
from sigma.modifiers import SigmaBase64OffsetModifier, SigmaWindowsDashModifier
from sigma.rule import SigmaDetectionItem
from sigma.types import SigmaString, SpecialChars

from exward.model.errors import ContentError
from exward.rules.single import matches_fast
from tests.differential import slow_conditions, slow_sigma

# One item (as YAML), the record, and whether it matches.
ITEMS = [
    # Strings: case, wildcards, escapes
    ("F: abc", {"F": "ABC"}, True),
    ("F: abc", {"F": "abcd"}, False),
    ("F: abc", {"f": "abc"}, False),
    ("F: abc", {}, False),
    ("F: abc", {"F": None}, False),
    ("F: ''", {"F": ""}, True),
    ("F: ''", {"F": " "}, False),
    ("F: ''", {"F": None}, False),
    ("F: '*'", {"F": ""}, True),
    ("F: '*'", {}, False),
    ("F: '?'", {"F": ""}, False),
    ("F: '?'", {"F": "\n"}, True),
    ("F: '?'", {"F": "ß"}, False),  # two characters once folded
    ("F: '??'", {"F": "ß"}, True),
    ("F|cased: '?'", {"F": "ß"}, True),
    ("F: a*c", {"F": "a\r\nb\nc"}, True),
    ("F: a?c", {"F": "ac"}, False),
    ("F: ab*ba", {"F": "aba"}, False),
    ("F: 'a**'", {"F": "ba"}, False),
    ("F: '**a'", {"F": "ba"}, True),
    ("F: a**c", {"F": "abc"}, True),
    ("F: strasse", {"F": "STRAßE"}, True),
    ("F: ſ", {"F": "S"}, True),
    ("F: k", {"F": "\u212a"}, True),
    ("F: σ", {"F": "ς"}, True),
    ("F: ﬁ", {"F": "FI"}, True),
    ("F: i", {"F": "İ"}, False),
    ("F: i", {"F": "ı"}, False),
    ("F|contains: ss", {"F": "ẞ"}, True),
    ("F|cased: abc", {"F": "Abc"}, False),
    ("F|endswith|cased: Abc", {"F": "xAbc"}, True),
    (r"F: C:\Windows", {"F": r"c:\windows"}, True),
    (r"F: \\server", {"F": r"\server"}, True),
    (r"F: \\\\server", {"F": r"\\server"}, True),
    (r"F: a\*", {"F": "a*"}, True),
    (r"F: a\*", {"F": "ab"}, False),
    (r"F: a\\*", {"F": r"a\b"}, True),
    (r"F: a\\\*", {"F": r"a\*"}, True),
    (r"F: a\\\*", {"F": r"a\b"}, False),
    (r"F: a\?", {"F": "a?"}, True),
    ("F: a\\", {"F": "a\\"}, True),
    ("F|contains: ''", {"F": ""}, True),
    ("F|contains: '*'", {"F": ""}, True),
    ("F|contains: b", {"F": "abc"}, True),
    ("F|startswith: b", {"F": "abc"}, False),
    ("F|startswith: '?b'", {"F": "abc"}, True),
    ("F|endswith: 'b*'", {"F": "abc"}, True),
    ("F: '\"'", {"F": '"'}, True),
    ('F: "\\t\\x00"', {"F": "\t\x00"}, True),
    # Numbers, truth values and texts
    ("F: '5'", {"F": 5}, True),
    ("F: '1.0'", {"F": 1.0}, True),
    ("F: '1'", {"F": 1.0}, False),
    ("F: 'true'", {"F": True}, True),
    # A decimal's text is not always what JSON writes: 1e-07 and 1e-7, 1e+22 and 1e22
    ("F|contains: '-0'", {"F": 1e-07}, True),
    ("F|endswith: '07'", {"F": 1e-07}, True),
    ("F|contains: '+22'", {"F": 1e22}, True),
    ("F: 1e+22", {"F": 1e22}, True),
    ("F|startswith: 46", {"F": "4625"}, True),
    ("F|contains: 2", {"F": 4625}, True),
    ("F: 4625", {"F": "4625"}, True),
    ("F: 4625", {"F": " 4625 "}, True),
    ("F: 16", {"F": "0x10"}, True),
    ("F: 16", {"F": "0X0010"}, True),
    ("F: 16", {"F": "10"}, False),
    ("F: 16", {"F": "16.0"}, True),
    ("F: 16", {"F": "1.6e1"}, True),
    ("F: 16", {"F": "1_6"}, False),
    ("F: 16", {"F": "\uff11\uff16"}, False),
    ("F: 16", {"F": "16x"}, False),
    ("F: 16", {"F": "0x1_0"}, False),
    ("F: 9007199254740993", {"F": "9007199254740992"}, False),
    ("F: 1", {"F": True}, False),
    ("F: 0", {"F": False}, False),
    ("F: 0", {"F": ""}, False),
    ("F: 0.5", {"F": ".5"}, True),
    ("F: true", {"F": True}, True),
    ("F: true", {"F": "TRUE"}, True),
    ("F: true", {"F": 1}, False),
    ("F: false", {"F": "false"}, True),
    ("F: false", {"F": None}, False),
    # Null and existence
    ("F: null", {}, True),
    ("F: null", {"F": None}, True),
    ("F: null", {"F": ""}, False),
    ("F: null", {"F": ["a", None]}, True),
    ("F: null", {"F": []}, True),
    ("F: []", {}, True),
    ("F: []", {"F": "a"}, False),
    ("F: [null, a]", {"F": "a"}, True),
    ("F|exists: true", {"F": None}, True),
    ("F|exists: true", {}, False),
    ("F|exists: false", {}, True),
    ("F|exists: false", {"F": ""}, False),
    # Lists: of values in the rule, of values in the record
    ("F: [a, b]", {"F": "B"}, True),
    ("F|contains|all: [a, b]", {"F": "xbxax"}, True),
    ("F|contains|all: [a, b]", {"F": "xbx"}, False),
    ("F|all: [a, b]", {"F": ["a", "b"]}, True),
    ("F: a", {"F": ["b", None, "A"]}, True),
    ("F|neq: a", {"F": "b"}, True),
    ("F|neq: a", {"F": ["b", "A"]}, False),
    ("F|neq: a", {}, True),
    ("F|neq: [a, b]", {"F": "b"}, False),
    ("F|contains|all|neq: [a, b]", {"F": "a"}, True),
    # Comparisons
    ("F|gt: 5", {"F": 6}, True),
    ("F|gt: 5", {"F": "5"}, False),
    ("F|gte: 5", {"F": "5"}, True),
    ("F|lt: 5", {"F": 4.5}, True),
    ("F|lte: 5", {"F": "0x5"}, True),
    ("F|lt: 5", {"F": "-1"}, True),
    ("F|lt: 5", {"F": "four"}, False),
    ("F|lt: 5", {"F": True}, False),
    ("F|lt: 5", {}, False),
    ("F|gt: 5", {"F": "inf"}, False),
    ("F|gt: 5", {"F": "Infinity"}, False),
    ("F|gt: 5", {"F": "1_0"}, False),
    ("F|gt: 5", {"F": "\u0667"}, False),
    ("F|gt: 5", {"F": "9" * 65}, False),
    ("F|gt: '5'", {"F": "6"}, True),
    # Regular expressions
    ("F|re: b.d", {"F": "abcde"}, True),
    ("F|re: B.D", {"F": "abcde"}, False),
    ("F|re|i: B.D", {"F": "abcde"}, True),
    ("F|re: ^b", {"F": "a\nb"}, False),
    ("F|re|m: ^b", {"F": "a\nb"}, True),
    ("F|re: a.b", {"F": "a\nb"}, False),
    ("F|re|s: a.b", {"F": "a\nb"}, True),
    (r"F|re: a\\b", {"F": r"a\b"}, True),
    (r"F|re: '\*\?'", {"F": "*?"}, True),
    ("F|re|startswith: b|c", {"F": "ac"}, False),
    ("F|re|endswith: b|c", {"F": "ac"}, True),
    ("F|re|endswith: b|c", {"F": "ca"}, False),
    ("F|re: '^42$'", {"F": 42}, True),
    ("F|re: [a, b]", {"F": "xb"}, True),
    ("F|re: a(?!b)", {"F": "ab"}, False),
    ("F|re: a(?!b)", {"F": "ac"}, True),
    # Placeholders without values fit nothing; the rest of the list still counts
    ("F|expand: '%names%'", {"F": "%names%"}, False),
    ("F|expand|contains: ['%names%', b]", {"F": "abc"}, True),
    ("F|expand: 100%", {"F": "100%"}, True),
    ("F: '%names%'", {"F": "%names%"}, True),
    # Networks
    ("F|cidr: 10.0.0.0/8", {"F": "10.255.0.1"}, True),
    ("F|cidr: 10.0.0.0/8", {"F": "11.0.0.1"}, False),
    ("F|cidr: 10.0.0.0/8", {"F": "::ffff:10.0.0.1"}, True),
    ("F|cidr: 10.0.0.0/8", {"F": "10.0.0.256"}, False),
    ("F|cidr: 10.0.0.0/8", {"F": "-"}, False),
    ("F|cidr: 10.0.0.0/8", {"F": 167772161}, False),
    ("F|cidr: 10.1.2.3/8", {"F": "10.0.0.1"}, True),
    ("F|cidr: fe80::/10", {"F": "fe80::1%3"}, True),
    ("F|cidr: ::/0", {"F": "10.0.0.1"}, False),
    ("F|cidr: 10.0.0.1", {"F": "10.0.0.1"}, True),
    # Encodings
    ("F|base64: foobar", {"F": "Zm9vYmFy"}, True),
    ("F|base64|contains: foo", {"F": "xxZm9vxx"}, True),
    ("F|base64offset|contains: http://", {"F": "eGh0dHA6Ly8="}, True),
    ("F|base64offset|contains: http://", {"F": "eHhodHRwOi8v"}, True),
    ("F|wide|base64offset|contains: IEX", {"F": "SQBFAFgA"}, True),
    ("F|utf16le|base64: a", {"F": "YQA="}, True),
    ("F|utf16be|base64: a", {"F": "AGE="}, True),
    ("F|utf16|base64: a", {"F": "//5hAA=="}, True),
    ("F|wide|contains: ab", {"F": "xa\0b\0"}, True),
    ("F|windash|contains: ' -f '", {"F": "x /f y"}, True),
    ("F|windash|contains: ' /f '", {"F": "x \u2014f y"}, True),
    ("F|windash|contains: ' -f-g '", {"F": "x /f-g "}, True),
    ("F|windash|contains: ' -f-g '", {"F": "x -f/g "}, False),
    ("F|windash|contains|all: [' -f', ' -g']", {"F": " /g /f"}, True),
    ("F|windash: -f", {"F": "-f"}, True),
    ("F|contains|windash: '- f'", {"F": "/ f"}, False),
    # Other fields
    ("F|fieldref: G", {"F": "A", "G": "a"}, True),
    ("F|fieldref: G", {"F": "a"}, False),
    ("F|fieldref: G", {}, False),
    ("F|fieldref: G", {"F": None, "G": None}, False),
    ("F|fieldref: G", {"F": ["x", "5"], "G": ["y", 5]}, True),
    ("F|fieldref|startswith: G", {"F": "abc", "G": "AB"}, True),
    ("F|fieldref|endswith: G", {"F": "abc", "G": "bc"}, True),
    ("F|fieldref|contains: G", {"F": "abc", "G": "b"}, True),
    ("F|fieldref|contains: G", {"F": "b", "G": "abc"}, False),
    # Times
    ("F|hour: 23", {"F": "2026-01-05T01:30:00+02:00"}, True),
    ("F|hour: 1", {"F": "2026-01-05T01:30:00.1234567Z"}, True),
    ("F|minute: 30", {"F": "2026-01-05 01:30:00"}, True),
    ("F|week: 2", {"F": "2026-01-05"}, True),
    ("F|week: 1", {"F": "2026-01-04"}, True),
    ("F|day|gt: 5", {"F": "2026-01-05"}, False),
    ("F|month: 1", {"F": "5 January"}, False),
    ("F|year|lte: 2026", {"F": "2026-12-31T23:59:59Z"}, True),
    # Maps and their combination
    ("{F: a, G: b}", {"F": "a", "G": "b"}, True),
    ("{F: a, G: b}", {"F": "a"}, False),
    ("[{F: a}, {G: b}]", {"G": "b"}, True),
    ("[{F: a}, word]", {"H": "a word"}, True),
    # Keywords
    ("[word]", {"F": "x", "G": "aWORDb"}, True),
    ("[F]", {"F": "x"}, False),
    ("word", {"F": "a word"}, True),
    ("['w*d']", {"F": "w", "G": "d"}, True),
    ("['w?d']", {"F": "a word"}, False),
    ("['wo?d']", {"F": "a word b"}, True),
    ("['**ord']", {"F": "words"}, True),
    ("['wor**']", {"F": "swords"}, True),
    ("[4625]", {"F": 14625}, True),
    ("{'|all': [one, two]}", {"F": "one", "G": "two"}, True),
    ("{'|all': [one, two]}", {"F": "one"}, False),
    ("{'|re': 'w.rd'}", {"F": "a word"}, True),
    ("{'|cased': Word}", {"F": "a word"}, False),
    ("{'|contains': word}", {"F": "a word"}, True),
    ("{'|base64offset|contains': http}", {"F": "aHR0cA=="}, True),
    ("[word]", {"F": ["x", "word"]}, True),
    ("[word]", {}, False),
]
CONDITIONS = [
    ("a or b and c", "a", True),
    ("(a or b) and c", "a", False),
    ("not a and b", "b", True),
    ("not (a and b)", "a", True),
    ("not not a", "a", True),
    ("NOT a AND b", "b", True),
    ("1 of them", "_h", False),
    ("1 of them", "c", True),
    ("any of them", "c", True),
    ("all of them", "a b c sel_1 sel_2", True),
    ("all of them", "a b c sel_1", False),
    ("1 of sel*", "sel_2", True),
    ("all of sel_*", "sel_1", False),
    ("1 of *_1", "sel_1", True),
    ("1 of *", "_h", False),
    ("1 of _*", "_h", True),
    ("_h", "_h", True),
    ("2 of sel*", "sel_1", False),
    ("2 of sel*", "sel_1 sel_2", True),
    ("a and not 1 of sel*", "a", True),
    ("a and not 1 of sel*", "a sel_1", False),
    (["a", "b and c"], "b c", True),
    (["a", "b and c"], "c", False),
]


def both(detection: dict, fields: dict) -> tuple[bool, bool]:
    """The slow evaluator's answer and the engine's."""
    rule = {"title": "Test", "logsource": {"product": "windows"}, "detection": detection}
    slow = slow_sigma.matches(rule, fields, slow_sigma.search_text(fields))
    return slow, matches_fast(yaml.safe_dump(rule, allow_unicode=True), dict(fields))


@pytest.mark.parametrize(("item", "fields", "expected"), ITEMS)
def test_item(item: str, fields: dict, expected: bool) -> None:
    search = yaml.safe_load(item)
    assert both({"s": search, "condition": "s"}, fields) == (expected, expected)
    # Negation of the search is the opposite whatever the record, absent fields included.
    assert both({"s": search, "condition": "not s"}, fields) == (not expected, not expected)


@pytest.mark.parametrize(("condition", "true", "expected"), CONDITIONS)
def test_condition(condition: str | list[str], true: str, expected: bool) -> None:
    names = ("a", "b", "c", "sel_1", "sel_2", "_h")
    searches = {name: {name.upper(): "yes"} for name in names}
    fields = dict.fromkeys([name.upper() for name in true.split()], "yes")
    assert both({**searches, "condition": condition}, fields) == (expected, expected)


@pytest.mark.parametrize(
    "detection",
    [
        {"s": {"F|nonsense": "a"}, "condition": "s"},
        {"s": {"F|base64": "a*"}, "condition": "s"},
        {"s": {"F|windash": "-a -b -c -d"}, "condition": "s"},
        {"s": {"F|contains": None}, "condition": "s"},
        {"s": {"F|gt": "many"}, "condition": "s"},
        {"s": {"F": "a"}, "condition": "t"},
        {"s": {"F": "a"}, "condition": "s and"},
        {"s": {"F": "a"}, "condition": "(s"},
        {"s": {"F": "a"}, "condition": "1 of t*"},
        {"_s": {"F": "a"}, "condition": "1 of them"},
        {"s": [None], "condition": "s"},
        {"s": {"F": {"G": "a"}}, "condition": "s"},
    ],
)
def test_what_is_no_sigma_is_refused(detection: dict) -> None:
    with pytest.raises(slow_conditions.NotSigma):
        slow_sigma.prepare({"detection": detection})
    rule = {"title": "Test", "logsource": {"product": "windows"}, "detection": detection}
    with pytest.raises(ContentError):
        matches_fast(yaml.safe_dump(rule), {})


# What other readers of Sigma make of the same values: pySigma's parser.

WRITTEN = st.text(st.sampled_from(["a", "-", "/", "*", "?", "\\", " ", "ß", "_", "1"]), max_size=12)


def as_pysigma(pattern: slow_sigma.Pattern) -> list:
    """The same pattern as pySigma's parts."""
    wild = {
        slow_sigma.ANY: SpecialChars.WILDCARD_MULTI,
        slow_sigma.ONE: SpecialChars.WILDCARD_SINGLE,
    }
    parts: list = []
    for part in pattern:
        if isinstance(part, slow_sigma.Wildcard):
            parts.append(wild[part])
        elif parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


@settings(max_examples=300, derandomize=True)
@given(WRITTEN)
def test_values_are_read_as_pysigma_reads_them(written: str) -> None:
    assert as_pysigma(slow_sigma.parse_value(written)) == SigmaString(written).s


@settings(max_examples=300, derandomize=True)
@given(WRITTEN.filter(lambda text: len(re.findall("[-/]", text)) <= 3))
def test_windash_makes_the_forms_that_pysigma_makes(written: str) -> None:
    item = SigmaDetectionItem("F", [], [])
    expected = SigmaWindowsDashModifier(item, []).modify(SigmaString(written))
    found = [as_pysigma(form) for form in slow_sigma.windash(slow_sigma.parse_value(written))]
    key = str
    assert sorted(found, key=key) == sorted(
        (value.s for value in expected.values if isinstance(value, SigmaString)), key=key
    )


@settings(max_examples=300, derandomize=True)
@given(st.text(st.sampled_from("abcß😀 /"), min_size=1, max_size=9))
def test_base64_offsets_are_those_of_pysigma(text: str) -> None:
    item = SigmaDetectionItem("F", [], [], value_linking=ConditionAND)
    expected = SigmaBase64OffsetModifier(item, []).modify(SigmaString(text))
    found = ["".join(map(str, form)) for form in slow_sigma.base64_offset(tuple(text))]
    assert found == [str(value) for value in expected.values]
