"""The user's YARA rules on a message, at any depth, within bounds."""

from __future__ import annotations

import pytest

from exward.mail.checks import yara_rules
from exward.mail.file_rules import MAX_PIECES, RuleMatch, RulesTooSlowError
from exward.mail.known import Known
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from exward.model.severity import Severity
from exward.scan.mail_rules import YaraRules
from exward.yara.loading import load
from tests.mail.letters import attached, html, letter
from tests.mail.test_verdict import zipped

RULES = """
rule Grave { meta: description = "A tool" severity = "critical"
             strings: $a = "needle-in-the-file" condition: $a }
rule Named { condition: extension == ".exe" and filename == "b.exe" }
rule Text  { meta: score = 65 strings: $a = "grüße aus" condition: $a and filename == "text.html" }
rule Whole { meta: severity = "low" strings: $a = "Subject: Minutes" condition: $a at 0 or $a }
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("yara")
    (folder / "own.yar").write_text(RULES)
    loaded = load([str(folder)])
    assert loaded.broken == ()
    return YaraRules(loaded.compiled)


def found(raw, rules):
    judged = judge(parse(raw), "a", MailSettings(), Known(rules=rules))
    return [one for one in judged.reasons if one.check == "yara-rules"]


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (attached(zipped("b.exe", b"needle-in-the-file"), "a.zip"), {"Grave", "Named", "Whole"}),
        (attached(b"x", "b.exe"), {"Named", "Whole"}),
        (html("gr=C3=BC=C3=9Fe aus", Content_Transfer_Encoding="quoted-printable"),
         {"Text", "Whole"}),
        (letter("Hello\n", Subject="Other"), set()),
    ],
)  # fmt: skip
def test_everything_in_a_message_is_matched(raw, names, rules):
    told = found(raw, rules)
    assert {one.why.split("'")[1].rpartition(":")[2] for one in told} == names


def test_a_rule_weighs_what_it_says_of_itself(rules):
    told = found(attached(b"needle-in-the-file", "a.bin"), rules)
    assert [(one.weight, one.why) for one in told] == [
        (12.0, "Your YARA rule 'own.yar:Grave' fits: A tool."),
        (1.5, "Your YARA rule 'own.yar:Whole' fits: Whole."),
    ]
    assert told[0].evidence == "2!a.bin"


class Slow:
    def match(self, name, data):
        raise RulesTooSlowError(name)


def test_rules_that_are_too_slow_are_told(rules):
    (told,) = found(letter("x"), Slow())
    assert (told.weight, told.evidence) == (0.0, "message.eml")


def test_their_time_in_all_is_bounded(monkeypatch, rules):
    monkeypatch.setattr(yara_rules, "TOTAL_S", -1.0)
    (told,) = found(letter("x"), rules)
    assert "too long" in told.why


class Counting:
    def __init__(self):
        self.names = []

    def match(self, name, data):
        self.names.append(name)
        return [RuleMatch("r:x", "x", Severity.LOW)]


def test_pieces_are_bounded_and_matched_once():
    many = "".join(f"--b\n\npart {number}\n" for number in range(MAX_PIECES + 100))
    counting = Counting()
    (told,) = found(letter(many + "--b\n\npart 1\n", Content_Type="multipart/mixed; boundary=b"),
                    counting)  # fmt: skip
    assert len(counting.names) == MAX_PIECES
    assert told.evidence == f"message.eml and {MAX_PIECES - 1} more places"
