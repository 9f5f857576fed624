"""Which mailboxes a message reached, and who came from where afterwards."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.scan.mail_findings import of_messages, of_sign_ins, reached
from exward.scan.mailbox_rules import Delivery
from exward.scan.tasks import Lure, SignIn, SignInKey
from tests.incidents.cases import DAY, HOUR, START

ANN, BOB = "ann@contoso.example", "bob@contoso.example"
LURE = Lure(
    file="reported/a.eml",
    position=1,
    is_saved=False,
    message_id="<1@X>",
    sender="x@evil.example",
    subject="Re: Your password",
    recipients=(ANN,),
    time=START,
    verdict="quarantine",
    score=9.5,
    mail_class="phishing",
    why="It asks for a password.",
)


def lure(**changes: Any) -> Lure:
    return msgspec.structs.replace(LURE, **changes)


def delivery(who: str, event: str = "DELIVER", time: int = START, server: str = "EX01") -> Delivery:
    place = Evidence("MSGTRK.LOG", 7, time, {"event-id": event})
    return Delivery("<1@x>", event, (who,), time, server, place)


@pytest.mark.parametrize(
    ("one", "events", "tracked", "expected"),
    [
        (LURE, [delivery(BOB)], [], [BOB]),
        (LURE, [delivery(BOB, "FAIL")], [], []),
        (LURE, [], [], [ANN]),
        (LURE, [], [(START - HOUR, START + HOUR)], []),
        (LURE, [], [(START + HOUR, START + DAY)], [ANN]),
        (lure(is_saved=True), [], [], []),
        (lure(is_saved=True), [delivery(BOB), delivery(ANN)], [], [BOB, ANN]),
        (lure(message_id=""), [delivery(BOB)], [], [ANN]),
        (lure(time=None), [], [(START, START)], [ANN]),
    ],
)
def test_whom_it_reached(
    one: Lure, events: list[Delivery], tracked: list[tuple[int, int]], expected: list[str]
) -> None:
    assert [came.mailbox for came in reached([one], events, tracked)] == expected


def test_a_wave_is_one_finding_on_each_server() -> None:
    lures = [LURE, lure(position=2, message_id="<2@x>", subject="Your  PASSWORD")]
    events = [delivery(ANN), delivery(BOB), delivery(BOB, server="EX02")]
    events.append(events[0]._replace(message_id="<2@x>"))
    found = tuple(of_messages(reached(lures, events, []), {BOB: "rob"}))
    assert [(one.server, one.count, one.account) for one, _ in found] == [
        ("EX01", 2, ""),
        ("EX02", 1, BOB),
    ]
    first, times = found[0]
    assert first.title == "Phishing Message Delivered"
    assert (first.severity, first.grade) == (Severity.LOW, Grade.ATTEMPT)
    assert {place.file for place in first.evidence} == {"MSGTRK.LOG", "reported/a.eml"}
    assert times == ((START, ANN, "ann"), (START, BOB, "rob"))


def test_what_was_only_tagged_weighs_less() -> None:
    ((one, _),) = of_messages(reached([lure(verdict="tag", score=5.5)], [], []), {})
    assert one.severity is Severity.INFORMATIONAL
    assert one.title == "Phishing Message"
    assert one.server == ""


def sign_ins(*given: tuple[str, str, int, int]) -> dict[SignInKey, SignIn]:
    """Address, way, count, first."""
    return {
        ("ann", "EX01", address, way): SignIn(
            count, first, first + HOUR, Evidence("ex.log", 3, first, {"c-ip": address})
        )
        for address, way, count, first in given
    }


BROWSER, PHONE = "a browser to Outlook on the web", "Outlook-iOS to ActiveSync"
PAST = ("10.0.1.7", BROWSER, 40, START - 9 * DAY)
AWAY = ("198.51.100.7", PHONE, 40, START - 9 * DAY)


def after(*given: tuple[str, str, int, int]) -> list[Finding]:
    messages = tuple(of_messages(reached([LURE], [], []), {}))
    return list(of_sign_ins(messages, sign_ins(*given)))


@pytest.mark.parametrize(
    ("given", "confidence"),
    [
        ([PAST, AWAY, ("203.0.113.9", BROWSER, 3, START + HOUR)], Confidence.MEDIUM),
        ([PAST, AWAY, ("203.0.113.9", PHONE, 3, START + HOUR)], Confidence.LOW),
        ([("10.0.1.7", BROWSER, 9, START - DAY), ("203.0.113.9", BROWSER, 3, START + HOUR)],
         Confidence.LOW),
    ],
)  # fmt: skip
def test_a_new_address_after_the_message(
    given: list[tuple[str, str, int, int]], confidence: Confidence
) -> None:
    (one,) = after(*given)
    assert (one.account, one.source_ip, one.confidence) == ("ann", "203.0.113.9", confidence)
    assert one.severity is Severity.LOW
    assert f"60 minutes after 'Re: Your password' from x@evil.example came to {ANN}" in one.why
    assert "which it never used from outside" in one.why or confidence is Confidence.LOW


@pytest.mark.parametrize(
    "given",
    [
        [PAST, ("10.0.9.9", BROWSER, 3, START + HOUR)],
        [PAST, ("203.0.113.9", BROWSER, 3, START - HOUR)],
        [PAST, ("203.0.113.9", BROWSER, 3, START - HOUR), ("203.0.113.9", PHONE, 3, START + HOUR)],
        [PAST, ("203.0.113.9", BROWSER, 3, START + 8 * DAY)],
        [PAST, ("not an address", BROWSER, 3, START + HOUR)],
        [("10.0.1.7", BROWSER, 4, START - DAY), ("203.0.113.9", BROWSER, 3, START + HOUR)],
        [],
    ],
)
def test_nothing_new_is_told(given: list[tuple[str, str, int, int]]) -> None:
    assert after(*given) == []


def test_the_numbers_stand_in_the_words() -> None:
    (one,) = after(PAST, AWAY, ("203.0.113.9", BROWSER, 3, START + HOUR))
    assert "never seen among 80 sign-ins from 2 addresses since 9 days before" in one.why


def test_who_signs_in_under_another_name_is_known_by_it() -> None:
    messages = tuple(of_messages(reached([lure(recipients=("ann.lee@c.example",))], [], []),
                                 {"ann.lee@c.example": "ann"}))  # fmt: skip
    (one,) = of_sign_ins(messages, sign_ins(PAST, ("203.0.113.9", BROWSER, 3, START + HOUR)))
    assert one.account == "ann"
    assert "came to ann.lee@c.example" in one.why
