"""Which message it is, whom it is for and when it came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail import delivery
from exward.mail.mime.parser import parse
from tests.mail.letters import letter

TEN = 1_767_607_200_000_000
"""2026-01-05 10:00:00 UTC."""
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, TEN),
        ({"Received": "from a by b with SMTP; Mon, 05 Jan 2026 12:00:00 +0100"}, TEN + HOUR),
        ({"Received": "from a by b; not a date"}, TEN),
        ({"Received": "from a by b", "Date": "Mon, 05 Jan 2026 10:00:00"}, TEN),
        ({"Date": ""}, None),
        ({"Date": "Mon, 05 Jan 99999 10:00:00 +0000"}, None),
    ],
)
def test_the_last_server_knows_best_when_it_came(
    headers: dict[str, str], expected: int | None
) -> None:
    assert delivery.arrived(parse(letter(**headers))) == expected


def test_the_topmost_server_is_believed() -> None:
    raw = b"Received: from b by c; Mon, 05 Jan 2026 10:00:00 +0000\r\n" + letter(
        Received="from a by b; Sun, 04 Jan 2026 10:00:00 +0000"
    )
    assert delivery.arrived(parse(raw)) == TEN


@pytest.mark.parametrize(
    ("value", "expected"),
    [("<1@a>", "<1@a>"), ("  <1@a> (x)", "<1@a>"), ("1@a", ""), ("", ""), (f"<{'a' * 400}>", "")],
)
def test_the_identifier_is_what_stands_in_angle_brackets(value: str, expected: str) -> None:
    assert delivery.message_id(parse(letter(Message_ID=value))) == expected


def test_recipients_are_those_of_the_server_and_then_those_of_the_sender() -> None:
    raw = letter(To="Bob <bob@a.example>, eve@a.example", Cc="BOB@a.example", X_Original_To="z@b.c")
    assert delivery.recipients(parse(raw)) == ("z@b.c", "bob@a.example", "eve@a.example")


@given(st.binary(max_size=400))
def test_nothing_raises(data: bytes) -> None:
    message = parse(data)
    delivery.message_id(message)
    delivery.recipients(message)
    delivery.arrived(message)
