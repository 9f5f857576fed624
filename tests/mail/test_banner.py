"""A warning in front of the text: in every encoding, and nothing else of the message changes."""

from __future__ import annotations

import base64
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.banner import Banner, with_banner
from exward.mail.mime.fields import parse_fields
from exward.mail.mime.parser import parse
from tests.mail.letters import attached, html, letter

BANNER = Banner("ACHTUNG: prüfen Sie diese Nachricht")
SHOWN = "ACHTUNG: prüfen Sie diese Nachricht"
AS_HTML = ">ACHTUNG: pr&#252;fen Sie diese Nachricht</div>"


def bannered(raw, banner=BANNER):
    body = with_banner(raw, parse(raw), banner)
    return None if body is None else raw[: raw.index(b"\r\n\r\n") + 4] + body


def texts(raw):
    """What the standard library shows of each text that is no attachment."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return [part.get_content().replace("\r\n", "\n") for part in message.walk()
            if part.get_content_maintype() == "text" and not part.is_attachment()]  # fmt: skip


UTF_8 = "charset=utf-8\nContent-Transfer-Encoding: 8bit"


def both(plain, page, kind="alternative"):
    body = (
        f"--b\nContent-Type: text/plain; {UTF_8}\n\n{plain}\n"
        f"--b\nContent-Type: text/html; {UTF_8}\n\n{page}\n--b--\n"
    )
    return letter(body, Content_Type=f'multipart/{kind}; boundary="b"')


TEXT = "Grüße,\nAnn = Lee\n"
CODED = base64.encodebytes(TEXT.replace("\n", "\r\n").encode()).decode()


@pytest.mark.parametrize(
    ("encoding", "body", "shown"),
    [
        ("8bit", TEXT, SHOWN),
        ("quoted-printable", "Gr=C3=BC=C3=9Fe,\nAnn =3D =\nLee\n", SHOWN),
        ("base64", CODED, SHOWN),
        ("7bit", "Hello\n", SHOWN.replace("ü", "?")),
    ],
)
def test_every_encoding_shows_it_in_front_of_the_same_text(encoding, body, shown):
    raw = letter(body, Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding=encoding)
    (before,), (after,) = texts(raw), texts(bannered(raw))
    assert after.strip().startswith(shown)
    assert after.strip().removeprefix(shown) == f"\n\n{before}".rstrip()
    assert bannered(raw).endswith(raw.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "iso-2022-jp", "us-ascii"])
def test_other_character_sets(charset):
    raw = letter("Hello\n", Content_Type=f"text/plain; charset={charset}",
                 Content_Transfer_Encoding="8bit")  # fmt: skip
    (after,) = texts(bannered(raw))
    expected = SHOWN.encode(charset, "replace").decode(charset)
    assert after == f"{expected}\n\nHello\n"


def test_html_is_in_front_of_all_that_could_hide_it():
    raw = html("<!-- <body> --><style>div{display:none}</style><body>Hi</body>\n")
    (after,) = texts(bannered(raw))
    assert after.startswith('<div style="display:block!important')
    assert AS_HTML in after.partition("<!--")[0]


def test_html_of_its_own():
    raw = html("<p>Hi</p>\n")
    assert "<b>Careful</b></div>" in bannered(raw, Banner("x", "<b>Careful</b>")).decode()
    assert "&lt;script&gt;" in bannered(raw, Banner("<script>")).decode()


def test_all_alternatives_and_nothing_else():
    plain, page = texts(bannered(both("Hello", "<p>Hello</p>")))
    assert plain.startswith(SHOWN)
    assert AS_HTML in page
    first, second = texts(bannered(both("Hello", "<p>Hello</p>", "mixed")))
    assert first.startswith(SHOWN)
    assert second == "<p>Hello</p>"


def test_attachments_stay_as_they_are():
    raw = attached(b"\0\1\2" * 100, "a.bin")
    before, after = parse(raw).parts, parse(bannered(raw)).parts
    assert after[1].contents == before[1].contents
    assert after[0].content.startswith(b"ACHTUNG: pr?fen")
    text = letter("--b\nContent-Type: text/plain; name=a.txt\n\nx\n--b--\n",
                  Content_Type="multipart/mixed; boundary=b")  # fmt: skip
    assert bannered(text) is None


def nested(kind, inner="text/plain"):
    return letter(f"--b\nContent-Type: {inner}\n\nHi\n--b--\n", Content_Type=f"{kind}; boundary=b")


@pytest.mark.parametrize(
    "raw",
    [
        nested("multipart/signed; protocol=application/pkcs7-signature"),
        nested("multipart/encrypted; protocol=application/pgp-encrypted"),
        nested("multipart/report; report-type=delivery-status"),
        nested("multipart/mixed", "application/pkcs7-mime; smime-type=enveloped-data"),
        letter("xx", Content_Type="application/pkcs7-mime; name=smime.p7m"),
        letter("-----BEGIN PGP SIGNED MESSAGE-----\n\nHi\n"),
        letter("x", Content_Type="application/pdf"),
        letter("x", Content_Type="text/plain; charset=utf-16"),
        letter("x", Content_Type="text/plain; charset=no-such"),
        letter("x", Content_Type="text/plain", Content_Transfer_Encoding="x-uuencode"),
        letter("x", Content_Type="text/plain\r\nContent-Type: text/html"),
        nested("multipart/mixed; boundary=c"),
        letter("--b\nContent-Type: multipart/signed; boundary=c\n\n--c\n\nHi\n--c--\n--b--\n",
               Content_Type="multipart/mixed; boundary=b"),
        letter("x", Content_Type="message/rfc822"),
    ],
)  # fmt: skip
def test_what_is_signed_encrypted_or_ambiguous_stays_as_it_is(raw):
    assert bannered(raw) is None


def test_related_parts_and_depth():
    inner = both("Hello", "<p>Hello</p>").partition(b"\r\n\r\n")[2].decode().replace("\r\n", "\n")
    raw = letter(
        f"--r\nContent-Type: multipart/alternative; boundary=b\n\n{inner}\n"
        "--r\nContent-Type: image/png\nContent-ID: <1>\n\nx\n--r--\n",
        Content_Type="multipart/related; boundary=r",
    )
    assert [SHOWN in one or AS_HTML in one for one in texts(bannered(raw))] == [True, True]


@given(st.text(max_size=300), st.sampled_from(["base64", "quoted-printable", "8bit"]))
def test_any_banner_fits(text, encoding):
    """Whatever it says, the text behind it is the same."""
    declared = {"Content_Type": "text/plain; charset=utf-8", "Content_Transfer_Encoding": encoding}
    raw = letter(CODED if encoding == "base64" else "Hello\n", **declared)
    after = parse(bannered(raw, Banner(text))).parts[0].content
    assert after.endswith(parse(raw).parts[0].content)


PIECES = [b"Content-Type: multipart/mixed; boundary=x\r\n", b"--x\r\n", b"--x--\r\n", b"\r\n",
          b"Content-Type: text/html\r\n", b"Content-Transfer-Encoding: base64\r\n", b"QUJD",
          b"Content-Type: multipart/alternative; boundary=y\r\n", b"--y\r\n", b"a"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_message_raises_and_nothing_of_it_is_lost(pieces):
    raw = b"".join(pieces)
    body = with_banner(raw, parse(raw), Banner("WARN"))
    if body is not None:
        kept = iter(body)
        assert all(byte in kept for byte in raw[parse_fields(raw).end :])
