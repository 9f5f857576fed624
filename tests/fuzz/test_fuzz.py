"""The fuzzer itself: what it makes can be made again, and what fails is seen and kept small."""

from __future__ import annotations

import signal

import pytest

from exward.webshells import page
from tests.fuzz import trial
from tests.fuzz.inputs import KINDS, LARGE_EVERY, Input, made, own_samples
from tests.fuzz.run import Tally, record, run
from tests.fuzz.trial import smallest, tried
from tests.fuzz.vocabulary import members, words

SAMPLES = own_samples()
COUNT = 400


def test_nothing_fails():
    tally = run(7, range(COUNT), SAMPLES)
    assert tally.failures == {}
    assert sum(tally.counts.values()) == COUNT
    assert set(tally.counts) == set(KINDS) - {"large"}


def test_an_input_is_told_by_seed_and_number():
    assert made(1, 5, SAMPLES) == made(1, 5, SAMPLES) != made(2, 5, SAMPLES)
    assert made(1, LARGE_EVERY - 1, SAMPLES).kind == "large"


def test_made_up_pages_get_into_the_analysis():
    pages = [made(3, number, SAMPLES) for number in range(COUNT)]
    found = [page.judge(one.path, one.data)[0] for one in pages if one.kind == "page made up"]
    rules = {one.rule for one in found if one is not None}
    assert len(rules) > 2
    assert len(words()) > 500
    assert len(members()) > 50


def test_an_error_is_a_failure_with_its_place(monkeypatch: pytest.MonkeyPatch):
    def broken(path, data):
        raise KeyError(len(data)) if b"!" in data else ValueError

    monkeypatch.setattr(page, "judge", broken)
    given = Input("noise", "x.asp", b"abc" * 50 + b"!" + b"def" * 50)
    failure = tried(given).failure
    assert failure.startswith("KeyError")
    monkeypatch.setattr(trial, "_named", lambda error: type(error).__name__)
    assert smallest(given, "KeyError").data == b"!"


def test_an_unsound_answer_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    found, _ = page.judge("x.asp", b'<%eval request("x")%>')
    monkeypatch.setattr(page, "judge", lambda path, data: (found, True))
    monkeypatch.setattr(trial, "dumps", lambda value: 1 / 0)
    assert "ZeroDivisionError" in tried(Input("noise", "x.asp", b"x")).failure


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer of core seconds")
def test_an_input_without_end_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    def endless(path, data):
        while True:
            pass

    monkeypatch.setattr(page, "judge", endless)
    monkeypatch.setattr(trial, "LIMIT_S", 0.05)
    assert tried(Input("noise", "x.asp", b"")).failure.startswith("TooLong")


def test_the_record_says_what_happened():
    tally = Tally()
    tally.counts["noise"] = 3
    tally.slowest = [(1.5, 2, "noise", 40)]
    assert "None." in record(tally, "about")
    tally.failures["KeyError in a.py f, line 1: x"] = [2, 1]
    text = record(tally, "about")
    assert "- 2 × `KeyError in a.py f, line 1: x`, first number 1" in text
    assert "| 2 | noise | 40 | 1.50 |" in text
