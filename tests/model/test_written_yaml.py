"""What is written for people to edit is read back as it was."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from exward.model.written_yaml import written

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXTS, st.one_of(TEXTS, st.lists(TEXTS))))
def test_every_text_is_read_back(values):
    assert yaml.safe_load(written(values)) == values


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "\ufeff"])
@pytest.mark.parametrize("around", ["{0}", "a{0}", "{0}b", "a {0} b"])
def test_letters_that_end_lines_are_kept(letter, around):
    text = around.format(letter)
    assert yaml.safe_load(written({"why": text})) == {"why": text}


def test_names_stay_readable():
    assert written({"who": "Żółć Ёлка"}) == "who: Żółć Ёлка\n"
