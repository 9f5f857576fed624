"""What followed a harmful message makes a story, or does not."""

from __future__ import annotations

from typing import Any

import pytest

from exward.incidents import chain, mail_story
from exward.incidents.joins import MAILBOX_FIELD
from exward.incidents.mail_story import Arrival
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from tests.incidents.cases import DAY, HOUR, START, finding

ANN, BOB = "ann@contoso.example", "bob@contoso.example"
SUBJECT = "Your password expires"
NEW = "203.0.113.9"
CAME = {"id-message": (Arrival(START, ANN, "ann"), Arrival(START, BOB, "bob"))}


def message(**changes: Any) -> Finding:
    places = tuple(
        Evidence("MSGTRK.LOG", 7 + n, START, {
            "recipient-address": who, "sender-address": "x@evil.example",
            "message-subject": SUBJECT})
        for n, who in enumerate((ANN, BOB))
    )  # fmt: skip
    return finding(
        "message", "initial-access", "low", grade=Grade.ATTEMPT, evidence=places,
        detector=mail_story.DETECTOR, **{"rule": mail_story.MESSAGE_RULE, **changes},
    )  # fmt: skip


def sign_in(confidence: Confidence = Confidence.LOW, **changes: Any) -> Finding:
    return finding(
        "sign-in", "initial-access", "low", at=START + HOUR, account="ann", source_ip=NEW,
        detector=mail_story.DETECTOR, rule=mail_story.SIGN_IN_RULE, confidence=confidence,
        **changes,
    )  # fmt: skip


OUT = {"Parameters": '-Name "." -RedirectTo "x@evil.example" -MarkAsRead "True"'}
INSIDE = {"Parameters": '-Name "." -ForwardTo "help@contoso.example" -From "x@evil.example"'}


def rule(severity: str = "low", **changes: Any) -> Finding:
    given = {
        "account": "contoso.example/Users/Ann",
        "techniques": ("T1114.003",),
        "fields": OUT,
        **changes,
    }
    return finding("rule", "collection-exfiltration", severity, **{"at": START + 2 * HOUR, **given})


def burst(subject: str = "Lunch", severity: str = "informational", **changes: Any) -> Finding:
    fields = {"message-subject": subject, "sender-address": ANN}
    given = {"account": ANN, "techniques": ("T1534",), "at": START + 3 * HOUR, **changes}
    return finding("burst", "lateral-movement", severity, fields=fields, **given)


SURE = sign_in(Confidence.MEDIUM)


@pytest.mark.parametrize(
    ("followed", "severities"),
    [
        ((), {}),
        ((sign_in(),), {}),
        ((rule(),), {"rule": "low"}),
        ((burst(),), {"burst": "informational"}),
        ((sign_in(), rule()), {"rule": "low"}),
        ((sign_in(), burst()), {"burst": "informational"}),
        ((burst(f"FW: {SUBJECT}"),), {"burst": "informational"}),
        ((SURE,), {"sign-in": "low"}),
        ((SURE, burst()), {"sign-in": "low", "burst": "informational"}),
        ((SURE, rule(fields=INSIDE)), {"sign-in": "low", "rule": "low"}),
        ((sign_in(), rule(fields=INSIDE, source_ip=NEW)), {"rule": "low"}),
        ((sign_in(), burst(severity="low")), {"burst": "low"}),
        ((rule("high"),), {"message": "medium", "rule": "high"}),
        ((burst(f"Re: {SUBJECT}"),), {"message": "medium", "burst": "medium"}),
        ((SURE, rule()), {"message": "medium", "sign-in": "medium", "rule": "high"}),
        (
            (SURE, burst(severity="low")),
            {"message": "medium", "sign-in": "medium", "burst": "high"},
        ),
        (
            (sign_in(), rule(source_ip=NEW)),
            {"message": "medium", "sign-in": "medium", "rule": "high"},
        ),
        (
            (sign_in(), rule(fields=INSIDE, severity="high")),
            {"message": "medium", "sign-in": "medium", "rule": "high"},
        ),
        (
            (sign_in(), rule(), burst(severity="low")),
            {"message": "medium", "sign-in": "medium", "rule": "high", "burst": "high"},
        ),
        (
            (sign_in(), burst(SUBJECT)),
            {"message": "medium", "sign-in": "medium", "burst": "high"},
        ),
        ((SURE, rule("critical")), {"message": "medium", "sign-in": "medium", "rule": "critical"}),
    ],
)
def test_what_it_takes(followed: tuple[Finding, ...], severities: dict[str, str]) -> None:
    told = mail_story.connect((message(), *followed), CAME)
    expected = {"message": "low", **severities}
    assert {one.id.removeprefix("id-"): one.severity.value for one in told} == expected
    marked = {one.id for one in told if any(MAILBOX_FIELD in p.fields for p in one.evidence)}
    raised = {f"id-{name}" for name in severities} if "message" in severities else set()
    assert marked == raised


@pytest.mark.parametrize(
    "other",
    [
        rule("high", account="contoso.example/Users/Eve"),
        rule("high", at=START - HOUR),
        rule("high", at=START + 8 * DAY),
        rule("high", at=None),
        rule("high", accepted="known"),
        rule("high", techniques=("T1003",)),
    ],
)
def test_what_has_nothing_to_do_with_it_stays(other: Finding) -> None:
    assert mail_story.connect((message(), other), CAME) == (message(), other)


def test_an_accepted_message_begins_nothing() -> None:
    held = (message(accepted="a test"), SURE, rule("high"))
    assert mail_story.connect(held, CAME) == held


@pytest.mark.parametrize(
    "fields",
    [
        {"Parameters": '-Identity "contoso.example/Users/ann" -ForwardingSmtpAddress "x"'},
        {"Parameters": "-Mailbox: ann@contoso.example -Name x"},
        {"MailboxOwnerUPN": "ann@contoso.example"},
        {"related-recipient-address": "ann@contoso.example"},
    ],
)
def test_a_rule_that_another_account_made_for_the_mailbox_counts(fields: dict[str, str]) -> None:
    other = rule("high", account="adm", fields=fields)
    told = mail_story.connect((message(), other), CAME)
    assert told[0].severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("address", "account", "maker"),
    [
        ("ann.lee@contoso.example", "alee", "CONTOSO\\alee"),
        ("ann.lee@contoso.example", "ann.lee", "contoso.example/Users/Ann Lee"),
        ("lee@contoso.example", "ann_lee", "contoso.example/Users/Lee, Ann"),
    ],
)
def test_an_owner_has_several_names(address: str, account: str, maker: str) -> None:
    came = {"id-message": (Arrival(START, address, account),)}
    told = mail_story.connect((message(), rule("high", account=maker)), came)
    assert told[0].severity is Severity.MEDIUM


def test_a_rule_made_from_the_new_address_is_of_that_mailbox_whoever_it_names() -> None:
    held = (message(), sign_in(), rule(account="", source_ip=NEW))
    told = mail_story.connect(held, CAME)
    assert [one.severity.value for one in told] == ["medium", "medium", "high"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (OUT, True),
        (INSIDE, False),
        ({"Parameter.ForwardTo": "Eve <eve@evil.example>"}, True),
        ({"Parameters": "-ForwardingSmtpAddress: smtp:eve@evil.example"}, True),
        ({"Parameters": "-ForwardTo contoso.example/Users/Bob"}, False),
        ({"recipient-address": "eve@evil.example"}, True),
        ({"recipient-address": "bob@CONTOSO.example"}, False),
        ({}, False),
    ],
)
def test_only_a_rule_that_sends_mail_out_counts(fields: dict[str, str], expected: bool) -> None:
    told = mail_story.connect((message(), SURE, rule(fields=fields)), CAME)
    assert (told[0].severity is Severity.MEDIUM) is expected


def test_the_words_name_what_came_before() -> None:
    told = mail_story.connect((message(), SURE, rule()), CAME)
    assert told[2].why.endswith(
        f"; after '{SUBJECT}' from x@evil.example came to {ANN} on 2026-01-05 00:00:00 UTC"
    )
    assert told[1].why == SURE.why


def test_days_later_it_is_still_one_incident() -> None:
    late = START + 5 * DAY
    held = (message(), sign_in(Confidence.MEDIUM, first=late), rule(at=late + DAY))
    (incident,) = chain.build(mail_story.connect(held, CAME))
    assert {name for step in incident.steps for name in step.findings} == {
        "id-message",
        "id-sign-in",
        "id-rule",
    }
    assert f"mailbox={ANN}" in incident.joined_by


def test_a_mailbox_that_the_finding_has_no_place_for_joins_by_the_first() -> None:
    came = {"id-message": (Arrival(START, "ann@other.example", "ann"),)}
    told = mail_story.connect((message(), rule("high")), came)
    assert told[0].evidence[0].fields[MAILBOX_FIELD] == "ann@other.example"


def test_without_messages_nothing_changes() -> None:
    held = (rule("high"), burst())
    assert mail_story.connect(held, {}) == held
