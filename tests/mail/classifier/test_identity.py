"""Who a message claims to be from, against who sends it and where its links lead."""

from __future__ import annotations

import pytest

from exward.mail.brands import brands_in
from exward.mail.claims import is_theirs
from exward.mail.classifier.identity import identity_features
from tests.mail.letters import facts, html

LINK = '<a href="https://{host}/x">Sign in</a>'
PAYPAL = "PayPal <service@paypal.com>"
CARRIED = "PayPal <paypal@mail.mailgun.org>"


def found(*hosts, text="", **headers):
    body = text + "".join(LINK.format(host=host) for host in hosts)
    return set(identity_features(facts(html(body, **headers))))


AGREE = {"links: all agree with the sender", "sender: known company, and all links agree"}


def test_a_company_whose_links_are_its_own():
    assert found("www.paypal.com", "click.sendgrid.net", From=PAYPAL) >= AGREE


def test_one_link_elsewhere_takes_all_of_that_away():
    assert not found("www.paypal.com", "badhost.net", From=PAYPAL) & AGREE
    assert not found("www.paypal.com", "badhost.net", From="A <a@badhost.net>") & AGREE


def test_where_all_links_lead_elsewhere():
    assert "links: all elsewhere, one owner" in found("badhost.net", From="A <a@fabrikam.com>")
    several = found("badhost.net", "other.org", From="A <a@fabrikam.com>")
    assert "links: all elsewhere, several owners" in several
    quoted = found("badhost.net", From="A <a@fabrikam.com>", In_Reply_To="<1@fabrikam.com>")
    assert not any(name.startswith("links: all elsewhere") for name in quoted)


def test_links_to_whom_the_name_claims_and_not_to_one_drawn_like_it():
    named = "links: all to whom the name claims"
    assert named in found("links.paypal.com", From="PayPal <paypal@fabrikam.com>")
    assert named in found("www.fabrikam.com", From="Fabrikam <news@mailer.net>")
    assert named not in found("fabrikam.com", "badhost.net", From="Fabrikam <news@mailer.net>")
    fake = found("paypal-claim.net", From="PayPal <paypal@fabrikam.com>")
    assert named not in fake
    assert "links: all elsewhere, one owner" in fake
    assert "claims a company and leads elsewhere" in fake


def test_what_is_asked_where_no_link_leads_to_the_sender():
    asked = {"asks for data and leads elsewhere", "an office by name that leads elsewhere"}
    text, sender = "Please verify your account.", "Billing Support <a@fabrikam.com>"
    assert asked <= found("badhost.net", text=text, From=sender)
    assert not asked & found("www.fabrikam.com", text=text, From=sender)
    assert not asked & found("badhost.net", text="See you.", From="Ann <a@fabrikam.com>")


def test_a_foreign_host_that_speaks_of_accounts():
    name = "links: foreign host speaks of accounts"
    assert name in found("login-secure.badhost.net", From="A <a@fabrikam.com>")
    assert name not in found("login.fabrikam.com", From="A <a@fabrikam.com>")


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("A <a@mail.fabrikam.com>", "sender: usual subdomain"),
        ("A <a@x7k2.b.c.fabrikam.com>", "sender: deep subdomain"),
        ("A <a@x7k2m9.com>", "sender: random host"),
        ("A <New_Offer_12345@fabrikam.com>", "sender: random address"),
        ("A <a@fabrikam.com >", "sender: broken address"),
    ],
)
def test_addresses(sender, name):
    assert name in found(From=sender)
    assert name not in found(From="A <a@fabrikam.com>")


def test_an_anonymised_sender_says_nothing():
    assert not any(name.startswith("sender") for name in found(From="A <x12345@example.com>"))


@pytest.mark.parametrize(
    ("sender", "hosts", "theirs"),
    [
        (PAYPAL, ["badhost.net"], True),
        (CARRIED, ["www.paypal.com", "u1.sendgrid.net"], True),
        (CARRIED, ["www.paypal.com", "badhost.net"], False),
        (CARRIED, ["u1.sendgrid.net"], False),
        (CARRIED, [], False),
    ],
)
def test_a_claim_is_believed_while_no_link_leads_elsewhere(sender, hosts, theirs):
    message = facts(html("".join(LINK.format(host=host) for host in hosts), From=sender))
    assert is_theirs(message, brands_in("paypal")[0]) is theirs
