"""What invitations say."""

from __future__ import annotations

import pytest

from exward.mail.checks import calendar_text
from tests.mail.letters import attached, facts, letter

ICS = ("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Meeting\n"
       "DESCRIPTION:{}\\nhttps://{}/x\nEND:VEVENT\nEND:VCALENDAR\n")  # fmt: skip
ASKS = "Your password expires today. Veri\n fy your account"


def count(text):
    as_part = letter(text, Content_Type="text/calendar; method=REQUEST")
    as_file = attached(text.encode(), "invite.ics")
    found = [len(list(calendar_text.find(facts(raw)))) for raw in (as_part, as_file)]
    assert found[0] == found[1]
    return found[0]


def test_an_invitation_that_asks_for_account_data():
    assert count(ICS.format(ASKS, "badhost.net")) == 1
    assert count(ICS.format(ASKS, "contoso-verify.pages.dev")) == 1


@pytest.mark.parametrize(("text", "host"), [
    ("Join the meeting. Passcode: 1187", "badhost.net"), (ASKS, "us02web.zoom.us"),
    ("Minutes", "docs.google.com"),
])  # fmt: skip
def test_usual_invitations(text, host):
    assert count(ICS.format(text, host)) == 0
