"""What one program hides, another shows: each case hides the same file in another way."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.mail.mime.message import AMBIGUITIES
from exward.mail.mime.parser import MAX_DEPTH, MAX_PARTS, parse
from tests.mail.letters import letter

EVIL = b"MZ evil program\n" * 8
CODED = base64.encodebytes(EVIL).decode()
FILE = (
    "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
    'Content-Disposition: attachment; filename="evil.exe"\n\n'
)


def multipart(declared, delimiter, *, end=True, before="", after=""):
    body = (
        f"{before}--{delimiter}\nContent-Type: text/plain\n\nhello\n"
        f"--{delimiter}\n{FILE}{CODED}" + (f"--{delimiter}--\n" if end else "") + after
    )
    return letter(body, Content_Type=declared)


def chunks(data, size):
    return "".join(
        base64.b64encode(data[at : at + size]).decode() + "\n" for at in range(0, len(data), size)
    )


HIDDEN = {
    "usual": (multipart('multipart/mixed; boundary="x"', "x"), set()),
    "no-final-boundary": (multipart("multipart/mixed; boundary=x", "x", end=False),
                          {"no-final-boundary"}),
    "continued-boundary": (multipart('multipart/mixed; boundary*0="x"; boundary*1=y', "xy"), set()),
    "encoded-boundary": (multipart("multipart/mixed; boundary*=us-ascii''x%79", "xy"), set()),
    "word-boundary": (multipart("multipart/mixed; boundary==?utf-8?q?x?=", "x"), set()),
    "comment": (multipart("multipart/mixed (c); boundary=x (d)", "x"), set()),
    "two-parameters": (multipart("multipart/mixed; boundary=a; boundary=x", "x"), set()),
    "escaped": (multipart('multipart/mixed; boundary="\\x"', "\\x"), {"boundary-odd"}),
    "wrong-boundary": (multipart("multipart/mixed; boundary=a", "x"), {"boundary-not-found"}),
    "no-boundary": (multipart("multipart/mixed", "x"), {"boundary-not-found"}),
    "no-multipart": (multipart("text/plain", "x"), {"part-outside"}),
    "blank-in-name": (
        multipart("", "x").replace(b"\r\n\r\n", b"\r\nContent-Type : multipart/mixed; boundary=x"
                                   b"\r\n\r\n", 1), {"header-name-odd"}),
    "two-types": (
        multipart("text/plain", "x").replace(
            b"Content-Type: text/plain", b"Content-Type: text/plain\r\nContent-Type: "
            b"multipart/mixed; boundary=x", 1), {"two-content-types"}),
    "nul-in-type": (multipart("multipart/mi\0xed; boundary=x", "x"), {"nul-bytes"}),
    "after-the-end": (multipart("multipart/mixed; boundary=x", "x", end=False).replace(
        b"hello\r\n--x\r\n", b"hello\r\n--x--\r\n--x\r\n"), {"parts-after-end"}),
    "before-the-start": (letter(f"{FILE}{CODED}--x\n\nhello\n--x--\n",
                                Content_Type="multipart/mixed; boundary=x"), {"part-outside"}),
    "encoded-whole": (letter(
        base64.encodebytes(multipart("", "x").partition(b"\r\n\r\n")[2]).decode(),
        Content_Type="multipart/mixed; boundary=x", Content_Transfer_Encoding="base64"),
        {"encoded-multipart"}),
    "prefix": (multipart("multipart/mixed; boundary=x", "xtra"), {"boundary-prefix"}),
    "forwarded": (letter(multipart("multipart/mixed; boundary=x", "x"),
                         Content_Type="message/rfc822"), set()),
    "uuencoded": (letter("begin 644 evil.exe\n" + "".join(
        binascii.b2a_uu(EVIL[at : at + 45]).decode()
        for at in range(0, len(EVIL), 45)) + "`\nend\n"), {"uuencoded"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_the_file_is_found_and_what_hides_it_is_said(name):
    raw, codes = HIDDEN[name]
    message = parse(raw)
    assert any(EVIL[:40] in content for part in message.parts for content in part.contents)
    assert codes <= {one.code for one in message.ambiguities}


def one_by_one(form):
    """Each byte as two letters of base64, with equals signs where none may stand."""
    return "".join(form.format(*base64.b64encode(bytes([one])).decode()) for one in EVIL)


@pytest.mark.parametrize("types", [("multipart/mixed; boundary=x", "text/html"),
                                   ("text/html", "multipart/mixed; boundary=x")])  # fmt: skip
def test_a_text_that_is_announced_as_multipart_as_well_is_read(types):
    raw = letter("<p>p=61y</p>\n--x--\n", Content_Type="\r\nContent-Type: ".join(types),
                 Content_Transfer_Encoding="quoted-printable")  # fmt: skip
    message = parse(raw)
    shown = [part for part in message.parts if not part.hidden]
    assert [(part.media_type, part.content.strip()) for part in shown] == [
        ("text/html", b"<p>pay</p>")
    ]
    assert "two-content-types" in {one.code for one in message.ambiguities}


@pytest.mark.parametrize(
    ("encoding", "coded", "code"),
    [
        ("base64", CODED, None),
        ("base64 (comment)", CODED, "encoding-odd"),
        ('"base64"', CODED, None),
        ("ba se64", CODED, "encoding-odd"),
        ("base64\r\nContent-Transfer-Encoding: 7bit", CODED, "two-encodings"),
        ("7bit\r\nContent-Transfer-Encoding: base64", CODED, "two-encodings"),
        ("foo", CODED, "encoding-unknown"),
        ("base64", chunks(EVIL, 16), "base64-broken"),
        ("base64", "!" + "!".join(CODED), "base64-broken"),
        ("base64", one_by_one("{0}={1}=\n"), "base64-broken"),
        ("base64", one_by_one("{0}=={1}\n"), "base64-broken"),
        ("base64", one_by_one("{0}{1}=A\n"), "base64-broken"),
    ],
)
def test_encodings_are_decoded_in_every_way(encoding, coded, code):
    raw = letter(coded, Content_Type="application/octet-stream", Content_Transfer_Encoding=encoding)
    message = parse(raw)
    assert any(EVIL[:40] in content for content in message.parts[0].contents)
    assert (code is None) or code in {one.code for one in message.ambiguities}


@pytest.mark.parametrize(
    "disposition",
    [
        'attachment; filename="evil.exe"',
        "attachment; filename=evil.exe",
        "attachment; filename*=utf-8''evil%2eexe",
        "attachment; filename*0=ev; filename*1=il.exe",
        "attachment; filename*1*=''ev; filename*0*=il.exe",
        "attachment; filename*0*=''ev; filename*1*=''il.exe",
        'attachment; filename="=?utf-8?B?ZXZpb?= =?utf-8?B?C5leGU=?="',
        'attachment; a="b\\"; filename=evil.exe',
        "attachment; filename*0*=utf-8''ev; filename*1*=il%2eexe",
        "attachment; filename==?utf-8?b?ZXZpbC5leGU=?=",
        'attachment; filename="=?utf-8?q?evil=2Eexe?="',
        "attachment;;; FILENAME = evil.exe",
        'attachment; filename="a.txt"; filename="evil.exe"',
        'attachment; name=a; filename="evil"".exe"',
    ],
)
def test_names_are_read_in_every_way(disposition):
    raw = letter("x", Content_Type="application/pdf", Content_Disposition=disposition)
    names = parse(raw).parts[0].names
    assert any(name.endswith(".exe") for name in names)


def test_names_that_differ_are_a_sign():
    disposed = 'attachment; filename="a.exe"'
    raw = letter("x", Content_Type="image/png; name=a.png", Content_Disposition=disposed)
    message = parse(raw)
    assert message.parts[0].names == ("a.exe", "a.png")
    assert [one.code for one in message.ambiguities] == ["two-names"]


def test_an_ordinary_message_has_one_reading():
    body = (
        "--o\nContent-Type: multipart/alternative; boundary=oi\n\n"
        "--oi\nContent-Type: text/plain\n\nA\n--oi\nContent-Type: text/html\n\n<b>A</b>\n--oi--\n"
        f"--o\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n{CODED}"
        "\n--o--\n\n_____\na mailing list\n"
    )
    message = parse(letter(body, Content_Type='multipart/mixed; boundary="o"'))
    assert [part.path for part in message.parts] == ["1.1", "1.2", "2"]
    assert message.ambiguities == ()
    assert message.structure == ("multipart/mixed", "multipart/alternative")


class TestBounds:
    def test_nesting(self):
        raw = b"x"
        for _ in range(MAX_DEPTH + 10):
            raw = letter(raw, Content_Type="message/rfc822")
        assert "too-deep" in {one.code for one in parse(raw).ambiguities}

    def test_ten_thousand_parts(self):
        raw = letter("--x\n\na\n" * (MAX_PARTS + 500), Content_Type="multipart/mixed; boundary=x")
        message = parse(raw)
        assert len(message.parts) <= MAX_PARTS
        assert "too-many" in {one.code for one in message.ambiguities}

    def test_large_headers(self):
        message = parse(letter("x", Subject="a" * 1_000_000, X_Long="; =" * 100_000))
        assert len(message.first("subject")) == 1_000_000
        parse(letter("x", Content_Type="multipart/mixed; " + " ; " * 200_000 + "boundary=x"))


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_no_bytes_raise(data):
    message = parse(data)
    assert message.size_bytes == len(data)
    assert all(one.code in AMBIGUITIES for one in message.ambiguities)


PIECES = [b"Content-Type: multipart/mixed; boundary=x\n", b"--x\n", b"--x--\n", b"\n", b"\r", b"\0",
          b"Content-Transfer-Encoding: base64\n", b"QUJD=\n", b"Content-Type: message/rfc822\n",
          b"boundary*0*=x;", b"=?utf-8?b?eA==?=", b"begin 644 a\n", b"From: a@b\n",
          b" ", b"a"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=200)
def test_no_order_of_pieces_raises(pieces):
    data = b"".join(pieces)
    assert parse(data).size_bytes == len(data)


def test_very_many_lines_that_only_begin_like_the_boundary():
    """Whether another one was announced is looked up once, not in the whole body for each."""
    lines = "".join(f"--b{number}\n\nx\n" for number in range(9000))
    message = parse(letter(f"--b\n\n{lines}", Content_Type="multipart/mixed; boundary=b"))
    assert {one.code for one in message.ambiguities} >= {"no-final-boundary"}
