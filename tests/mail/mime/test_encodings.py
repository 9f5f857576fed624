"""What it costs to decode content that is made to cost much."""

from __future__ import annotations

import tracemalloc

import pytest

from exward.mail.mime.encodings import base64_readings, quoted_readings, yencoded

SIZE = 400_000


def peak_of(act, data):
    """The most that is held meanwhile, in bytes."""
    tracemalloc.start()
    try:
        act(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("act", "hostile"),
    [
        (base64_readings, b"!"),
        (base64_readings, b"Q!"),
        (base64_readings, b"QU="),
        (base64_readings, b"QUJD=!"),
        (quoted_readings, b"=\r\n"),
        (quoted_readings, b"=0=\r\n"),
        (quoted_readings, b"=41=\r=42"),
    ],
)
def test_the_memory_does_not_grow_with_what_is_taken_out(act, hostile):
    data = hostile * (SIZE // len(hostile))
    assert peak_of(act, data) < 10 * len(data)


def test_a_file_of_escapes_alone_costs_no_list_of_them():
    data = b"=ybegin line=128 size=1 name=a\r\n" + b"=a" * (SIZE // 2) + b"\r\n=yend size=1\r\n"
    assert peak_of(yencoded, data) < 10 * len(data)
    assert yencoded(data) == [("a", bytes([(ord("a") - 64 - 42) % 256]) * (SIZE // 2))]


def test_more_pieces_than_are_decoded_alone_are_decoded_together():
    assert base64_readings(b"QUJD=" * 2000)[0] == b"ABC" * 2000
