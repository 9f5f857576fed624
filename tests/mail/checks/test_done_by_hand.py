"""What readers are led to do by hand."""

from __future__ import annotations

import pytest

from exward.mail.checks import done_by_hand
from tests.mail.letters import facts, html, letter


def weights(raw):
    return [sign.weight for sign in done_by_hand.find(facts(raw))]


def coded(text):
    return letter(text, Content_Type="text/plain; charset=utf-8")


@pytest.mark.parametrize("text", [
    "Prove that you are human: press Windows + R, then Ctrl + V and Enter.",
    "Drücken Sie Windows-Taste + R, dann Strg+V.", "Open Terminal and press Cmd + V.",
])  # fmt: skip
def test_a_command_to_paste(text):
    assert weights(coded(text)) == [5.0]
    assert weights(coded(text.partition(",")[0].partition(" and ")[0])) == []


def test_a_code_that_signs_another_device_in():
    link = '<a href="https://microsoft.com/devicelogin">Join</a>'
    assert weights(html(f"Enter the code FH7X9QRT3 to join. {link}")) == [6.5]
    assert weights(html(f"Enter the code to join. {link}")) == []
    assert weights(html("Your code FH7X9QRT3 for the meeting.")) == []


def test_a_code_drawn_with_letters():
    drawn = "█▀▀▀▀▀█ ▄▀▄ █▀▀▀▀▀█\n" * 11
    assert weights(coded(f"Scan this:\n{drawn}")) == [3.0]
    assert weights(coded(f"Load of the week:\n{drawn}")) == []
    assert weights(coded("Scan this: █▀█")) == []
