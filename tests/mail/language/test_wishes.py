"""What fraud asks for: every kind in every language, and no pattern that could take long."""

from __future__ import annotations

import re

import pytest

from exward.mail.data_files import data_file
from exward.mail.language.wishes import pattern, words_of

LANGUAGES = {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja"}
"""Those of `data/phrases.toml`."""
KINDS = sorted(data_file("wishes.toml"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_every_language(kind):
    assert set(data_file("wishes.toml")[kind]) == LANGUAGES


@pytest.mark.parametrize("kind", KINDS)
def test_patterns_are_lower_case_and_never_empty(kind):
    for patterns in data_file("wishes.toml")[kind].values():
        for one in patterns:
            assert one == re.sub(r"[A-VX-Z]", lambda found: found[0].lower(), one)
            assert not re.search(one, "")


def test_words():
    assert words_of("  Sign-In:\u00a0NOW!\n") == "sign in now"
    assert pattern("salary").search(words_of("Payroll, please"))
    assert not pattern("salary").search(words_of("apayrolls"))
    assert pattern("salary").search(words_of("今月の給与について"))
