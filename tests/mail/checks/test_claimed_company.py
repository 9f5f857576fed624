"""Companies that a sender or subject claims."""

from __future__ import annotations

from exward.mail.checks import claimed_company
from tests.mail.letters import facts, html

LINK = '<a href="https://{host}/x">Open</a>'


def traits(*hosts, **headers):
    body = "".join(LINK.format(host=host) for host in hosts)
    return [sign.trait for sign in claimed_company.find(facts(html(body, **headers)))]


def test_a_carrier_that_sends_for_the_company_is_believed():
    sender = "PayPal <paypal@mail.mailgun.org>"
    assert traits("www.paypal.com", "u1.sendgrid.net", From=sender) == []
    assert traits("www.paypal.com", "badhost.net", From=sender) == ["foreign company as name"]


def test_a_subject_that_speaks_for_a_company():
    subject = "Your PayPal account"
    assert traits("badhost.net", Subject=subject) == ["foreign company in subject"]
    assert traits("www.paypal.com", Subject=subject) == []
