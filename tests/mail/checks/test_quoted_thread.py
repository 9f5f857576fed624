"""Threads that go on from another address."""

from __future__ import annotations

import pytest

from exward.mail.checks import quoted_thread
from tests.mail.letters import facts, letter

FORMS = [
    "On Fri, 2 Oct 2026 Lisa Marsh <{}> wrote:\n> Hi",
    "-----Original Message-----\nFrom: Lisa Marsh [mailto:{}]\nHi",
    "Von: Marsh, Lisa <{}>\nHallo",
]
REAL = "lisa.marsh@marsh-supplies.com"


def weights(text, sender, **headers):
    raw = letter(text, From=f"Lisa Marsh <{sender}>", **headers)
    return [sign.weight for sign in quoted_thread.find(facts(raw))]


@pytest.mark.parametrize("form", FORMS)
def test_the_name_of_somebody_in_the_thread(form):
    text = form.format(REAL)
    assert weights(text, "lisa.marsh@rnarsh-supplies.com") == [6.0]
    assert weights(text, "lisa.marsh77@gmail.com") == [3.0]
    assert weights(text, "info@badhost.net") == [2.0]


@pytest.mark.parametrize("form", FORMS)
def test_who_goes_on_from_their_own_address(form):
    text = form.format(REAL)
    assert weights(text, REAL) == []
    assert weights(text, "lisa@mail.marsh-supplies.com") == []
    assert weights(text, "info@badhost.net", List_Id="<a.b>") == []
    assert weights(form.format(REAL).replace("Lisa", "Tom"), "info@badhost.net") == []
