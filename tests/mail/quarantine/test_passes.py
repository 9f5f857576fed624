"""Passes: nobody else can write one, and ours holds for one thing only."""

from __future__ import annotations

import os
import stat

import pytest

from exward.mail.quarantine.keys import FILE, load_key
from exward.mail.quarantine.passes import RELEASE, Pass, pass_header, read_pass
from exward.model.errors import ContentError
from tests.mail.letters import letter

KEY = bytes(32)
GIVEN = Pass(RELEASE, "0" * 32, "1234", 1000)
RAW = letter("Hello\n")
PASSED = pass_header(KEY, GIVEN, RAW) + RAW


def test_ours_is_read():
    assert read_pass(KEY, PASSED, 999) == GIVEN
    assert read_pass(KEY, b"Received: x\r\n\ty\r\n" + PASSED + b"\r\n\r\n", 1000) == GIVEN


@pytest.mark.parametrize(
    ("raw", "key", "now"),
    [
        (PASSED, bytes(31) + b"1", 0),
        (PASSED, KEY, 1001),
        (PASSED.replace(b"Hello", b"Jello"), KEY, 0),
        (PASSED + b"more", KEY, 0),
        (PASSED[: PASSED.find(b".")] + b".." + PASSED[PASSED.find(b".") + 2 :], KEY, 0),
        (pass_header(KEY, GIVEN, RAW) + PASSED, KEY, 0),
        (b"X-Exward-Pass: \r\n" + RAW, KEY, 0),
        (RAW + PASSED, KEY, 0),
        (b"", KEY, 0),
    ],
)
def test_all_else_is_not(raw, key, now):
    assert read_pass(key, raw, now) is None


@pytest.mark.parametrize("place", range(15, 120, 7))
def test_every_byte_of_it_counts(place):
    changed = bytearray(PASSED)
    changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
    assert read_pass(KEY, bytes(changed), 0) is None


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    (tmp_path / "incoming").mkdir()
    key = load_key(tmp_path)
    assert len(key) == 32
    assert load_key(tmp_path) == key
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [*(tmp_path / "incoming").iterdir()] == []
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(ContentError, match="is no key"):
        load_key(tmp_path)
