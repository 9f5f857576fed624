"""The messages that teach the model: the same on every run, and readable."""

from __future__ import annotations

import importlib
import itertools
from collections import Counter
from pathlib import Path

import pytest

from tests.mail.letters import facts

FOLDER = Path(__file__).parents[3] / "scripts"


@pytest.fixture
def first_lessons(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    module = importlib.import_module("mail_lessons")
    return lambda: list(itertools.islice(module.lessons(FOLDER / "mail_lessons.toml"), 100))


def test_the_same_lessons_on_every_run(first_lessons):
    assert first_lessons() == first_lessons()


def test_each_fake_has_its_company_and_all_can_be_read(first_lessons):
    seen = Counter(label for label, _, _ in first_lessons())
    assert seen == {"ham": 50, "phish": 50}
    for _, raw, _ in first_lessons():
        told = facts(raw)
        assert told.subject
        assert told.sender.address
        assert told.text or told.links
