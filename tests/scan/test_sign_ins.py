"""Sign-ins are told apart by account, server, address and way."""

from __future__ import annotations

import pytest

from exward.rules.folding import Folded
from exward.scan import sign_ins
from exward.scan.collect import NO_TIME
from exward.scan.sign_ins import SignIns
from exward.scan.tasks import SignIn, SignInKey

WEB = {
    "cs-username": "CONTOSO\\Ann",
    "c-ip": "203.0.113.9",
    "cs-uri-stem": "/EWS/Exchange.asmx",
    "cs-user-agent": "python-requests/2.31",
    "cs-uri-query": "secret",
}


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        (WEB, "python-requests to EWS"),
        ({**WEB, "cs-user-agent": "Mozilla/5.0+(X11)", "cs-uri-stem": "/owa/"},
         "a browser to Outlook on the web"),
        ({**WEB, "cs-user-agent": "", "cs-uri-stem": "/odd"}, "an unnamed client to odd"),
        ({"TargetUserName": "ann", "IpAddress": "203.0.113.9", "LogonType": "8"}, "logon type 8"),
        ({"TargetUserName": "ann", "IpAddress": "203.0.113.9"}, "logon type unknown"),
    ],
)  # fmt: skip
def test_the_way(fields: dict[str, object], way: str) -> None:
    seen = SignIns()
    seen.add("EX01", (5, "ex.log", 3), Folded(dict(fields)))
    ((key, one),) = seen.exported()
    assert key == ("ann", "EX01", "203.0.113.9", way)
    assert (one.count, one.first, one.last) == (1, 5, 5)
    assert "cs-uri-query" not in one.place.fields


@pytest.mark.parametrize("missing", ["cs-username", "c-ip"])
def test_what_names_nobody_or_no_address_is_left_out(missing: str) -> None:
    seen = SignIns()
    seen.add("EX01", (5, "ex.log", 3), Folded({k: v for k, v in WEB.items() if k != missing}))
    seen.add("EX01", (NO_TIME, "ex.log", 3), Folded(dict(WEB)))
    assert seen.exported() == []


def test_the_order_of_places_and_of_tasks_does_not_matter() -> None:
    places = [(9, "b.log", 1), (5, "a.log", 3), (7, "a.log", 4), (5, "a.log", 2)]
    whole = SignIns()
    merged: dict[SignInKey, SignIn] = {}
    for place in sorted(places):
        whole.add("EX01", place, Folded(dict(WEB)))
    for place in places:
        one = SignIns()
        one.add("EX01", place, Folded(dict(WEB)))
        sign_ins.merge(merged, one.exported())
    assert merged == dict(whole.exported())
    (told,) = merged.values()
    assert (told.count, told.first, told.last, told.place.position) == (4, 5, 9, 2)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_ins, "MAX_KEYS", 2)
    seen = SignIns()
    for number in range(9):
        seen.add("EX01", (number, "a.log", 1), Folded({**WEB, "c-ip": f"203.0.113.{number}"}))
    assert len(seen.exported()) == 2
