"""What authors write into `meta`, in all the habits there are."""

from __future__ import annotations

import pytest

from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.yara.meta import MAX_TITLE, said


@pytest.mark.parametrize(
    ("pairs", "severity"),
    [
        ([], Severity.MEDIUM),
        ([("score", 100)], Severity.HIGH),
        ([("score", 80)], Severity.HIGH),
        ([("score", 79)], Severity.MEDIUM),
        ([("score", "45")], Severity.LOW),
        ([("score", 0)], Severity.INFORMATIONAL),
        ([("score", 10_000)], Severity.MEDIUM),
        ([("score", -5)], Severity.MEDIUM),
        ([("score", True)], Severity.MEDIUM),
        ([("Severity", "Critical")], Severity.CRITICAL),
        ([("severity", "info"), ("score", 90)], Severity.INFORMATIONAL),
        ([("severity", "unheard of"), ("score", 90)], Severity.HIGH),
    ],
)
def test_severity(pairs, severity):
    assert said("A", pairs).severity is severity


def test_texts_are_bounded_and_on_one_line():
    told = said("A", [("description", "a\r\n b\x00" + "x" * 900), ("author", b"M\xffe")])
    assert told.title.startswith("a b\x00x")
    assert len(told.title) == MAX_TITLE
    assert told.author == "M\\xffe"


def test_without_a_description_the_name_is_the_title():
    assert said("Webshell_A", [("description", "")]).title == "Webshell_A"


def test_the_first_of_two_descriptions_counts():
    assert said("A", [("description", "one"), ("description", "two")]).title == "one"


def test_references_of_all_kinds():
    pairs = [
        ("reference", "https://a.example/x, https://b.example"),
        ("reference_2", "A report, 2021"),
        ("url", "https://a.example/x"),
        ("ref", "Internal Research"),
        ("hash", "d41d8cd98f00b204e9800998ecf8427e"),
    ]
    assert said("A", pairs).references == (
        "https://a.example/x", "https://b.example", "A report, 2021",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "confidence"),
    [("HIGH", Confidence.HIGH), ("75", Confidence.MEDIUM), ("", Confidence.MEDIUM)],
)
def test_confidence(value, confidence):
    assert said("A", [("confidence", value)]).confidence is confidence
