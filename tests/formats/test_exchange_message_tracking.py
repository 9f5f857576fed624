"""Addresses in message tracking have their domains as fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import exchange_message_tracking as tracking
from tests.formats.memory_source import read_all

COLUMNS = (
    "date-time,event-id,internal-message-id,recipient-address,related-recipient-address,"
    "sender-address"
)
HEAD = f"#Log-type: Message Tracking Log\n#Fields: {COLUMNS}\n"


def fields(recipient: str, related: str = "", sender: str = "") -> dict[str, object]:
    quoted = [f'"{text.replace(chr(34), chr(34) * 2)}"' for text in (recipient, related, sender)]
    line = f"2026-01-05T10:00:00.000Z,REDIRECT,1,{','.join(quoted)}\n"
    (batch,) = read_all(tracking, (HEAD + line).encode()).batches
    return batch.fields(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@contoso.example", "contoso.example"),
        ("<ann@contoso.example>", "contoso.example"),
        ("ann@a.example;bob@b.example; eve@a.example", ["a.example", "b.example"]),
        ('"x@y"@contoso.example', "contoso.example"),
        ("ann", None),
        ("ann@", None),
        ("", None),
    ],
)
def test_the_domain(text: str, expected: object) -> None:
    assert fields(text).get("recipient-domain") == expected


def test_each_address_has_its_own() -> None:
    found = fields("a@x.example", "b@y.example", "c@z.example")
    assert found["related-recipient-domain"] == "y.example"
    assert found["sender-domain"] == "z.example"


def test_of_very_many_the_first() -> None:
    many = ";".join(f"a@{number}.example" for number in range(500))
    domains = fields(many)["recipient-domain"]
    assert isinstance(domains, list)
    assert len(domains) == tracking.MAX_DOMAINS


@given(st.text(st.characters(exclude_characters="\n\r\0\ufeff", codec="utf-8"), max_size=60))
def test_a_rule_that_asks_for_a_domain_finds_it_in_the_line(text: str) -> None:
    line = f'2026-01-05T10:00:00.000Z,REDIRECT,1,"{text.replace(chr(34), chr(34) * 2)}",,\n'
    for batch in read_all(tracking, (HEAD + line).encode()).batches:
        told = batch.fields(0).get("recipient-domain", [])
        for domain in told if isinstance(told, list) else [told]:
            assert str(domain).replace("+", " ") in batch.haystack().decode().replace("+", " ")
