"""Bills with a number to call, and honest mail with numbers."""

from __future__ import annotations

import pytest

from exward.mail.checks import callback
from tests.mail.files.test_files import page_with_words
from tests.mail.letters import attached, facts, letter

BILL = ("Your subscription of Norton was renewed, $399.99 were charged. If you did not authorize "
        "this, call +1 (808) 555-0134 to cancel.\n")  # fmt: skip


def weights(text, **headers):
    return [sign.weight for sign in callback.find(facts(letter(text, **headers)))]


def test_a_bill_with_a_number_to_call():
    assert weights(BILL, From="Billing <b77@gmail.com>") == [5.0]
    assert weights(BILL.replace(" of Norton", ""), From="Billing <b77@gmail.com>") == [3.5]
    assert weights(BILL) == [2.5]


def test_a_bill_that_is_a_pdf():
    raw = attached(page_with_words(*BILL.split(". ")), "bill.pdf", From="Billing <b77@gmail.com>")
    assert [sign.weight for sign in callback.find(facts(raw))] == [5.0]


@pytest.mark.parametrize(("text", "sender"), [
    (BILL, "Norton <a@norton.com>"),
    (BILL.replace(" of Norton", ""), "Gym <a@gym.example>"),
    (BILL + "https://gym.example/\n", "Gym <a@gym.example>"),
    ("Are you coming? Call me: 0171 555 01 34. Max", "Max <max@web.de>"),
    (BILL.replace("+1 (808) 555-0134", "us; by 2026-01-05"), "Billing <b77@gmail.com>"),
    ("I paid invoice 8812 of 12 October. Peter, phone 0171 555 01 34", "Peter <p@gmx.de>"),
])  # fmt: skip
def test_honest_mail_with_numbers(text, sender):
    assert weights(text, From=sender) == []
