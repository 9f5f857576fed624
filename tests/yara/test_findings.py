"""A rule that a file fits as a finding: the rule's words, the places, nothing unbounded."""

from __future__ import annotations

import random

import pytest

from exward.model.finding import Grade
from exward.model.severity import Severity
from exward.yara import findings, matching
from exward.yara.findings import MAX_FILES, MAX_PLACES, MAX_RULES, Gathered, find
from exward.yara.loading import load
from exward.yara.matching import Matcher, TooSlow


@pytest.fixture
def matcher(tmp_path):
    def compile_rules(text):
        (tmp_path / "own.yar").write_text(text)
        loaded = load((str(tmp_path),))
        assert loaded.broken == ()
        return Matcher(loaded.compiled)

    return compile_rules


def _found(matcher, data, path="C/web/x.aspx", *, is_stock=False):
    return list(find(path, data, "ab" * 32, matcher.match(path, data), is_stock=is_stock))


def test_a_finding_says_rule_file_and_places(matcher):
    rules = matcher(
        'rule Shell : webshell exchange { meta: description = "A shell" author = "N. N." '
        'severity = "high" reference = "https://a.example" strings: $e = "eval" nocase '
        '$w = "cmd" wide $no = "never" condition: $e and $w and not $no }'
    )
    (found,) = _found(rules, b"<html>\n\n<% Eval(x)\neval(y) c\0m\0d\0 %>")
    assert (found.detector, found.rule, found.title) == ("yara", "own.yar:Shell", "A shell")
    assert (found.severity, found.grade) == (Severity.HIGH, Grade.STATE)
    assert (found.path, found.sha256, found.lines) == ("C/web/x.aspx", "ab" * 32, (3, 4))
    assert found.references == ("https://a.example",)
    (place,) = found.evidence
    assert (place.file, place.position) == ("C/web/x.aspx", 3)
    assert place.fields == {
        "TargetFilename": "C/web/x.aspx",
        "sha256": "ab" * 32,
        "yara_rule": "Shell",
        "yara_namespace": "own.yar",
        "yara_tags": "webshell, exchange",
        "yara_author": "N. N.",
        "strings": '$e at 11, 19: "Eval"; $w at 27: "cmd"',
    }
    assert found.why == f"the file fits the YARA rule Shell: {place.fields['strings']}"


def test_what_matched_is_shown_printable_and_short(matcher):
    rules = matcher("rule A { strings: $a = /\\x1b\\[3.{200}/s condition: $a }")
    (found,) = _found(rules, b"\x1b[31m" + b"A\n\xff" * 50_000)
    shown = found.evidence[0].fields["strings"]
    assert shown.startswith(r'$a at 0: "\x1b[31mA\x0a\xff')
    assert shown.endswith('"…')
    assert len(shown) < 300


def test_a_string_that_stands_everywhere_is_counted(matcher):
    (found,) = _found(matcher('rule A { strings: $a = "ab" condition: $a }'), b"ab" * 5_000)
    assert found.evidence[0].fields["strings"] == '$a at 0, 2, 4 and 4,997 more: "ab"'


def test_a_program_has_no_lines(matcher):
    (found,) = _found(matcher('rule A { strings: $a = "x" condition: $a }'), b"MZ\n\n x")
    assert (found.lines, found.evidence[0].position) == ((), 0)


def test_a_rule_about_the_name_needs_no_string(matcher):
    rules = matcher('rule A { condition: filename == "x.aspx" and filepath contains "web" }')
    (found,) = _found(rules, b"")
    assert found.why == "the file fits the YARA rule A"
    assert _found(rules, b"", "C/other/x.aspx") == []


def test_what_microsoft_shipped_is_explained(matcher):
    rules = matcher("rule A { meta: score = 90 condition: true }")
    (found,) = _found(rules, b"x", is_stock=True)
    assert found.severity is Severity.INFORMATIONAL
    assert "Exchange's own" in found.explained


def test_of_many_rules_the_most_severe_are_told_and_the_others_named(matcher):
    rules = matcher(
        "".join(f"rule R{n:02} {{ meta: score = {40 + n} condition: true }}\n" for n in range(60))
    )
    found = _found(rules, b"x")
    assert len(found) == MAX_RULES
    assert found[0].severity is Severity.HIGH
    assert found[-1].evidence[0].fields["further_rules"].startswith("40: own.yar:R")


def test_a_rule_that_many_files_fit_is_told_once_whatever_the_order(matcher):
    rules = matcher("rule A { condition: true } rule B { condition: filesize == 1 }")
    each = [_found(rules, b"x" * (1 + n // 3), f"C/web/{n:04}.asp") for n in range(300)]
    told = []
    for seed in range(3):
        random.Random(seed).shuffle(each)
        gathered = Gathered()
        for one in each:
            gathered.take(one)
        told.append(sorted(gathered.told({}), key=lambda one: one.id))
    assert told[0] == told[1] == told[2]
    (common,) = (one for one in told[0] if one.rule == "own.yar:A")
    assert (common.count, len(common.evidence), common.path) == (300, MAX_PLACES, "")
    assert common.why.startswith("300 files fit this rule; C/web/0000.asp: ")
    assert sum(one.rule == "own.yar:B" for one in told[0]) == 3 < MAX_FILES


def test_the_user_says_how_severe_a_rule_is(matcher):
    rules = matcher("rule A { condition: true }")
    gathered = Gathered()
    gathered.take(_found(rules, b"x"))
    gathered.take(_found(rules, b"y", "C/web/logon.aspx", is_stock=True))
    levels = {"own.yar:A": "critical"}
    assert [one.severity for one in gathered.told(levels)] == [
        Severity.CRITICAL, Severity.INFORMATIONAL,
    ]  # fmt: skip


def test_rules_that_take_too_long_are_stopped(matcher, monkeypatch):
    monkeypatch.setattr(matching, "TIMEOUT_S", 1)
    rules = matcher("rule A { condition: for all i in (0..9000000000): ( uint8(i % 3) != 255 ) }")
    with pytest.raises(TooSlow):
        rules.match("x.asp", b"abc")


def test_the_same_match_has_the_same_id(matcher):
    rules = matcher("rule A { condition: true } rule B { condition: true }")
    ids = [one.id for _ in range(2) for one in _found(rules, b"x")]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2
    assert findings.DETECTOR == "yara"
