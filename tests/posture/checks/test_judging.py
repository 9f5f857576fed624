"""Answers that name what decides them, however much there is of it."""

from exward.model.severity import Severity
from exward.posture.checks.judging import concluded, listing, worst


def test_names_are_sorted_once_and_cut():
    assert listing(["b", "a", "b"]) == "a, b"
    many = listing([f"{number:02}" for number in range(20)])
    assert many == "00, 01, 02, 03, 04, 05, 06, 07 and 12 more"
    assert len(listing(["x" * 9_999])) == 201


def test_weakness_comes_before_what_is_not_known():
    assert concluded(["w"], ["q"], "good").reason == "w."
    assert concluded([], ["q"], "good").reason == "Not known: q."
    assert concluded([], [], "good").status == "pass"


def test_the_worst_comes_first_and_gives_the_severity():
    answer = worst([(Severity.LOW, "a"), (Severity.HIGH, "z")])
    assert answer is not None
    assert (answer.reason, answer.severity) == ("z (high); a (low).", Severity.HIGH)
    many = worst([(Severity.LOW, str(number)) for number in range(10)])
    assert many is not None
    assert many.reason.endswith("; and 2 more.")
    assert worst([]) is None
