"""Addresses as logs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents.addresses import is_anywhere, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("fe80::1%3", "fe80::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1%eth0]", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("", None),
        ("-", None),
        ("EX01", None),
        ("10.0.0.1 203.0.113.7", None),
        ("999.0.0.1:80", None),
        ("1" * 100, None),
    ],
)
def test_parse(text: str, expected: str | None) -> None:
    address = parse_address(text)
    assert (None if address is None else str(address)) == expected


@pytest.mark.parametrize(
    ("text", "anywhere"),
    [("127.0.0.1", True), ("::1", True), ("0.0.0.0", True), ("fe80::1", True), ("10.0.0.1", False)],
)
def test_is_anywhere(text: str, anywhere: bool) -> None:
    address = parse_address(text)
    assert address is not None
    assert is_anywhere(address) is anywhere


@given(st.text())
def test_never_raises(text: str) -> None:
    parse_address(text)
