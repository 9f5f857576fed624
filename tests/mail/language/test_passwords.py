"""Passwords that texts tell, in the order in which they are worth a try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.language.passwords import MAX_FOUND, USUAL, passwords_in


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("The password is: Invoice2026!", "Invoice2026!"),
        ("password: 7749", "7749"),
        ("PW: abc-99.", "abc-99"),
        ("Password for the archive is zx81 as agreed", "zx81"),
        ("Das Passwort lautet Sommer#1", "Sommer#1"),
        ("Kennwort: grün77", "grün77"),
        ("mot de passe : 4455", "4455"),
        ("La contraseña es Zanzibar9", "Zanzibar9"),
        ("hasło: qwe123", "qwe123"),
        ("解凍パスワード：k3jd", "k3jd"),
        ('Use the passcode "open sesame" or 99881', "open"),
        ("zip pass = (h4x0r)", "h4x0r"),
    ],
)
def test_it_is_among_the_first(text, password):
    assert password in passwords_in(text)[:3]


def test_without_any_the_usual_ones_are_tried():
    assert passwords_in("Hello, see the file") == USUAL


@given(st.text(alphabet="pasword:= x1", max_size=3000))
def test_their_number_is_bounded(text):
    found = passwords_in(text)
    assert len(found) <= MAX_FOUND + len(USUAL)
    assert all(3 <= len(one) <= 64 for one in found)
