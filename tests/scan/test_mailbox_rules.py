"""The rules for harmful messages and for the mailboxes that got them."""

from __future__ import annotations

import pytest

from exward.model.finding import Evidence
from exward.rules.evaluate import compile_node
from exward.rules.folding import Folded
from exward.rules.hits import Hit
from exward.rules.ir import Rule, RuleSet
from exward.scan import mailbox_rules
from tests.scan.test_mail_findings import lure

EMPTY = RuleSet((), (), ())


def by_title(rules: RuleSet, begin: str) -> Rule:
    return next(one for one in rules.rules if one.meta.title.startswith(begin))


@pytest.mark.parametrize(
    "name", ["<a@b>", "<a*b@c>", "<a\\b@c>", "<%x%@c>", "<{x}'@c>", "<\ud800@c>"]
)
def test_any_identifier_makes_a_rule_that_fits_it(name: str) -> None:
    rules, wanted = mailbox_rules.for_messages([lure(message_id=name), lure(message_id="")])
    assert rules.unusable == ()
    (rule,) = rules.rules
    assert set(wanted) == {rule.meta.id}
    assert compile_node(rule.condition)(Folded({"message-id": name}))
    assert not compile_node(rule.condition)(Folded({"message-id": "<axb@c>"}))


def test_without_an_identifier_nothing_is_looked_for() -> None:
    assert mailbox_rules.for_messages([lure(message_id="")])[0] == EMPTY
    assert mailbox_rules.with_mailboxes(EMPTY, []) is EMPTY


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("CONTOSO\\Ann.Lee", "200", True),
        ("ann.lee@contoso.example", "302", True),
        ("ann.lee@other.example", "200", True),
        ("ann.lee", "200", True),
        ("CONTOSO\\ann.lee", "401", False),
        ("CONTOSO\\joann.lee", "200", False),
        ("joann.lee", "200", False),
    ],
)
def test_whose_requests_are_followed(name: str, status: str, expected: bool) -> None:
    rules = mailbox_rules.with_mailboxes(EMPTY, ["ann.lee@contoso.example"])
    rule = by_title(rules, "Request Of")
    assert (
        compile_node(rule.condition)(Folded({"cs-username": name, "sc-status": status})) is expected
    )
    assert not rule.report


@pytest.mark.parametrize(
    "name", ["a*b@c.example", "a?b@c.example", "a\\b@c.example", "x", "@a.b", ""]
)
def test_what_is_no_mailbox_gets_no_rule(name: str) -> None:
    assert mailbox_rules.with_mailboxes(EMPTY, [name]) is EMPTY


@pytest.mark.parametrize("name", ["o'neil+x@c.example", "{a}%b%@c.example", "#a|b@c.example"])
def test_odd_mailboxes_make_good_rules(name: str) -> None:
    rules = mailbox_rules.with_mailboxes(EMPTY, [name])
    assert rules.unusable == ()
    assert (len(rules.rules), len(rules.correlations)) == (3, 1)


def test_of_very_many_mailboxes_the_first_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_rules, "MAX_MAILBOXES", 2)
    rules = mailbox_rules.with_mailboxes(EMPTY, ["zz@c.example", "bb@c.example", "aa@c.example"])
    rule = by_title(rules, "Mail Inside")
    fields = {"event-id": "DELIVER", "sender-address": "aa@c.example"}
    assert not compile_node(rule.condition)(Folded({**fields}))
    assert compile_node(rule.condition)(Folded({**fields, "sender-address": "zz@c.example"}))


def test_a_hit_becomes_a_delivery_without_what_would_join_it_by_address() -> None:
    values = {
        "message-id": "<A@b>",
        "event-id": "deliver",
        "recipient-address": "Ann@c.example; bob@c.example",
        "sender-address": "x@y.example",
    }
    place = Evidence("MSGTRK.LOG", 9, 5, {"original-client-ip": "198.51.100.1"})
    (one,) = mailbox_rules.deliveries([Hit("rule", 5, "EX01", values, place)])
    assert one[:5] == ("<a@b>", "DELIVER", ("ann@c.example", "bob@c.example"), 5, "EX01")
    assert "original-client-ip" not in one.place.fields
