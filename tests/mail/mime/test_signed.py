"""Signed data is read whatever its lengths say, and junk costs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.mime.signed import signed_content
from tests.mail.mime.hidden_oddities import opaque


@given(st.binary(max_size=2000), st.integers(0, 300))
def test_what_was_signed_is_read(content, piece):
    assert signed_content(opaque(content, piece)) == content


def test_what_is_cut_is_read_up_to_there():
    whole = opaque(b"a" * 1000)
    assert signed_content(whole[:500]) in {b"a" * size for size in range(400, 500)}


@pytest.mark.parametrize("data", [b"", b"0", b"MZ" + bytes(100), b"0\x80", opaque(b"")[:24]])
def test_what_is_none(data):
    assert signed_content(data) == b""


@given(st.binary(max_size=200), st.integers(0, 120))
def test_junk_within_is_no_harm(junk, at):
    whole = opaque(b"content" * 10, 20)
    signed_content(whole[:at] + junk + whole[at:])
    signed_content(whole[:at] + junk)
