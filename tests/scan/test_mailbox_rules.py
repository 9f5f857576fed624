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
    assert mailbox_rules.with_mailboxes(EMPTY, [], {}) is EMPTY


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
        ("CONTOSO\\alee", "200", True),
    ],
)
def test_whose_requests_are_followed(name: str, status: str, expected: bool) -> None:
    rules = mailbox_rules.with_mailboxes(
        EMPTY, ["ann.lee@contoso.example"], {"ann.lee@contoso.example": "alee"}
    )
    rule = by_title(rules, "Request Of")
    assert (
        compile_node(rule.condition)(Folded({"cs-username": name, "sc-status": status})) is expected
    )
    assert not rule.report


@pytest.mark.parametrize(
    "name", ["a*b@c.example", "a?b@c.example", "a\\b@c.example", "x", "@a.b", ""]
)
def test_what_is_no_mailbox_gets_no_rule(name: str) -> None:
    assert mailbox_rules.followed([name]) == []


@pytest.mark.parametrize("name", ["o'neil+x@c.example", "{a}%b%@c.example", "#a|b@c.example"])
def test_odd_mailboxes_make_good_rules(name: str) -> None:
    assert mailbox_rules.followed([name, name]) == [name]
    rules = mailbox_rules.with_mailboxes(EMPTY, [name], {})
    assert mailbox_rules.for_names([name]).unusable == ()
    assert rules.unusable == ()
    assert (len(rules.rules), len(rules.correlations)) == (3, 1)


def test_of_very_many_mailboxes_the_first_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_rules, "MAX_MAILBOXES", 2)
    many = ["zz@c.example", "bb@c.example", "zz@c.example", "aa@c.example"]
    assert mailbox_rules.followed(many) == ["zz@c.example", "bb@c.example"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"AnchorMailbox": "Smtp~Ann.Lee@c.example", "AuthenticatedUser": "C\\alee"}, True),
        ({"AnchorMailbox": "ann.lee@c.example", "AuthenticatedUser": "C\\alee"}, True),
        ({"EmailAddress": "ann.lee@c.example", "AuthenticatedUser": "C\\alee"}, True),
        ({"UrlQuery": "?Email=ann.lee@c.example&x=1", "AuthenticatedUser": "C\\alee"}, True),
        ({"AnchorMailbox": "Smtp~joann.lee@c.example", "AuthenticatedUser": "C\\alee"}, False),
        ({"AnchorMailbox": "Smtp~ann.lee@c.example", "AuthenticatedUser": ""}, False),
        ({"AnchorMailbox": "Smtp~ann.lee@c.example"}, False),
    ],
)
def test_where_logs_name_a_mailbox_and_who_signs_in(
    fields: dict[str, object], expected: bool
) -> None:
    (rule,) = mailbox_rules.for_names(["ann.lee@c.example"]).rules
    assert compile_node(rule.condition)(Folded(fields)) is expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"C\\alee": 3}, "alee"),
        ({"C\\alee": 2, "alee@c.example": 1, "C\\boss": 2}, "alee"),
        ({"C\\alee": 3, "C\\boss": 3}, None),
        ({"C\\alee": 2}, None),
        ({"": 9}, None),
        ({}, None),
    ],
)
def test_the_owner_is_who_signs_in_most(counts: dict[str, int], expected: str | None) -> None:
    box = "ann.lee@c.example"
    (rule,) = mailbox_rules.for_names([box]).rules
    told = {(rule.meta.id, account): count for account, count in counts.items()}
    assert mailbox_rules.accounts(told, [box]).get(box) == expected


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
