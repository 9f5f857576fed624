"""Any Unicode encoding as UTF-8."""

from __future__ import annotations

import codecs
import io

import pytest

from exward.formats import text_encoding

TEXT = '{"a": "Grüße 😀"}\r\n' * 200


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (("#" * 200 + TEXT).encode("utf-16-le"), "utf-16-le"),
        (("#" * 200 + TEXT).encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings(data, encoding, monkeypatch):
    monkeypatch.setattr(text_encoding, "BLOCK_BYTES", 101)
    assert text_encoding.encoding_of(data) == encoding
    text = b"".join(text_encoding.utf8_blocks(io.BytesIO(data), data[:64])).decode()
    assert text.removeprefix("#" * 200).removeprefix("\ufeff") == TEXT
    head = text_encoding.utf8_head(data[:301]).decode("utf-8", "ignore").removeprefix("\ufeff")
    assert text.removeprefix("\ufeff").startswith(head[:-1])


@pytest.mark.parametrize("head", [b"", b"\0", b"a\0", b"\0\0\0\0", b"log\0\0\0", b"\xff"])
def test_anything_else_is_utf8(head):
    assert text_encoding.encoding_of(head) == "utf-8"
    assert b"".join(text_encoding.utf8_blocks(io.BytesIO(head), head)) == head


def test_torn_character_is_replaced():
    data = codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"\x3d"
    assert b"".join(text_encoding.utf8_blocks(io.BytesIO(data), data)).decode() == "ab\ufffd"
