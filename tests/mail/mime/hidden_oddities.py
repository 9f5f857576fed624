"""One file hidden by oddities of syntax and structure, beyond what `hidden_files` has.

Comments and blanks in header fields (RFC 5322, 3.2.2), line ends of every kind, kinds of message
parts (RFC 2046, 5.2; RFC 3798), packages that hold mail (RFC 5652, 8551; RFC 1740) and text in
encodings that only some readers undo. The variants are ours.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator

from tests.mail.mime.hidden_files import (
    BASE64,
    CODED,
    EVIL,
    FILE,
    FORWARDED,
    HEAD,
    QP,
    Variant,
    encoded,
    folded_qp,
    mixed,
    only,
)

USUAL = b"Content-Type: multipart/mixed; boundary=x\r\n"
PART = FILE + b"\r\n" + CODED
BODY = b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\n" + PART + b"\r\n--x--\r\n"
INNER = mixed(USUAL)


def _comments() -> Iterator[tuple[str, bytes]]:
    """Comments, blanks and separators around type and boundary."""
    for what, value in {
        "a comment before the type": b"(c) multipart/mixed; boundary=x",
        "comments within the type": b"multipart (c) / (c) mixed; boundary=x",
        "a comment that names a boundary": b"multipart/mixed; (; boundary=y) boundary=x",
        "a nested comment": b"multipart/mixed; (a(; boundary=y)b) boundary=x",
        "a comment before the value": b"multipart/mixed; boundary=(c)x",
        "a comment behind the value": b"multipart/mixed; boundary=x(c)",
        "a comment behind the value and a blank": b"multipart/mixed; boundary=x (c)",
        "a comment before the equals sign": b"multipart/mixed; boundary(c)=x",
        "a comment that nobody closes": b"multipart/mixed; (c boundary=x",
        "a comment with an escaped bracket": b"multipart/mixed; (a\\); boundary=y) boundary=x",
        "a comment with a quotation mark": b'multipart/mixed; (") boundary=x',
        "a bracket that closes nothing": b"multipart/mixed); boundary=x",
        "semicolons": b"multipart/mixed;;; ;boundary=x;;",
        "a form feed": b"multipart/mixed;\x0cboundary=x",
        "a vertical tab": b"multipart/mixed;\x0bboundary=x",
        "a hard blank": b"multipart/mixed;\xa0boundary=x",
        "a hard blank in UTF-8": b"multipart/mixed;\xc2\xa0boundary=x",
        "a zero-width blank": b"multipart/mixed; \xe2\x80\x8bboundary=x",
        "a type in brackets": b"<multipart/mixed>; boundary=x",
        "an encoded word": b"=?us-ascii?q?multipart/mixed?=; boundary=x",
        "an encoded word with all of it": b"=?us-ascii?q?multipart/mixed=3B_boundary=3Dx?=",
        "no type": b"; boundary=x",
        "only a boundary": b"boundary=x",
        "another parameter that quotes it": b'multipart/mixed; a="; boundary=y"; boundary=x',
        "an escaped quote in another parameter": b'multipart/mixed; a="b\\"; c"; boundary=x',
        "a parameter without a value": b"multipart/mixed; a; boundary=x",
        "a parameter without a name": b"multipart/mixed; =a; boundary=x",
        "a folded blank line": b"multipart/mixed;\r\n \r\n boundary=x",
        "folded by a carriage return": b"multipart/mixed;\r boundary=x",
        "folded by a line feed": b"multipart/mixed;\n boundary=x",
        "folded by both, the other way": b"multipart/mixed;\n\r boundary=x",
        "a tab and a carriage return": b"multipart/mixed;\t\r\n\tboundary=x",
        "a program that has a boundary": b"application/octet-stream; boundary=x",
        "a picture that has a boundary": b"image/png; boundary=x",
        "a message that has a boundary": b"message/rfc822; boundary=x",
    }.items():
        yield what, only(b"Content-Type: " + value + b"\r\n", BODY)


def _ends() -> Iterator[tuple[str, bytes]]:
    """Line ends."""
    whole = mixed(USUAL)
    text = whole.replace(b"\r\n", b"\n")
    yield "the other way round", text.replace(b"\n", b"\n\r")
    yield "line feeds in the head only", whole.replace(HEAD, HEAD.replace(b"\r\n", b"\n"))
    yield "a blank in the empty line", whole.replace(USUAL + b"\r\n", USUAL + b" \r\n", 1)
    yield "a tab in the empty line", whole.replace(USUAL + b"\r\n", USUAL + b"\t\r\n", 1)
    yield "a NUL in the empty line", whole.replace(USUAL + b"\r\n", USUAL + b"\0\r\n", 1)
    yield "a part's head ends with line feeds", whole.replace(FILE, FILE.replace(b"\r\n", b"\n"))
    yield (
        "a part's head ends with carriage returns",
        whole.replace(FILE + b"\r\n", FILE.replace(b"\r\n", b"\r") + b"\r"),
    )
    yield "a carriage return before the delimiter", whole.replace(b"hello\r\n--x", b"hello\r--x")
    yield "a form feed before the delimiter", whole.replace(b"hello\r\n--x", b"hello\r\n\x0c--x")
    yield "NUL bytes between the lines", whole.replace(b"\r\n--x", b"\r\n\0--x")
    yield "a NUL behind each line", whole.replace(b"hello\r\n", b"hello\0\r\n")
    yield "ends in the middle of the file's head", mixed(USUAL, file=PART)[: -len(b"\r\n--x--\r\n")]
    yield "no line end behind the file", only(USUAL, BODY.replace(CODED + b"\r\n", CODED.rstrip()))
    yield "a mark of UTF-8 before the part's head", whole.replace(FILE, b"\xef\xbb\xbf" + FILE)
    yield "dots doubled", whole.replace(b"hello", b"..\r\n..hello")


def _kinds() -> Iterator[tuple[str, bytes]]:
    """Kinds of parts that hold mail, or whose content is looked at by few."""
    for kind in (
        b"message/delivery-status", b"message/feedback-report", b"message/http", b"message/news",
        b"message/disposition-notification", b"message/s-http", b"text/rfc822-headers",
        b"text/x-vcard", b"application/pkcs7-signature", b"application/pgp-signature",
        b"application/pgp-encrypted", b"text/calendar", b"text/enriched", b"multipart/mixed",
        b"message/external-body", b"message/partial", b"audio/wav", b"x", b"",
    ):  # fmt: skip
        head = FILE.replace(b"application/octet-stream", kind)
        yield f"a file as {kind.decode()}", mixed(USUAL, file=head + b"\r\n" + CODED)
    for kind in (b"digest", b"parallel", b"byteranges", b"x-mixed-replace", b"encrypted",
                 b"appledouble", b"header-set", b"voice-message", b"x"):  # fmt: skip
        yield f"in multipart/{kind.decode()}", mixed(USUAL.replace(b"mixed", kind))
    digest = USUAL.replace(b"mixed", b"digest")
    yield "a message in a digest", mixed(digest, file=b"\r\n" + INNER)
    whole = b"Content-Type: message/partial; id=a; number=1; total=1\r\n"
    yield "the only fragment", only(whole, INNER)
    yield "the first of two fragments", only(whole.replace(b"total=1", b"total=2"), INNER)
    outside = b"Content-Type: message/external-body; access-type=local-file; name=a\r\n"
    yield "the body of an external one", only(outside, FILE + b"\r\n" + CODED)
    yield (
        "forwarded as base64, as a part",
        mixed(USUAL, file=FORWARDED + BASE64 + b"\r\n" + base64.encodebytes(mixed(USUAL))),
    )
    yield "forwarded as uuencoded", only(FORWARDED + b"Content-Transfer-Encoding: x-uuencode\r\n",
                                         uu_of(INNER))  # fmt: skip
    yield "a message as a file", mixed(USUAL, file=(
        b'Content-Type: application/octet-stream; name="a.eml"\r\n' + BASE64 + b"\r\n"
        + base64.encodebytes(INNER)))  # fmt: skip
    as_text = b"Content-Type: text/plain\r\n" + BASE64 + b"\r\n" + base64.encodebytes(INNER)
    yield "a message as a text", mixed(USUAL, file=as_text)
    yield "an Apple file", mixed(USUAL, file=FILE + b"\r\n" + base64.encodebytes(apple_single()))
    signed = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    yield "in a signature", only(signed + BASE64, base64.encodebytes(opaque(PART)))
    yield "in a signature, in pieces", only(signed + BASE64, base64.encodebytes(opaque(PART, 100)))
    yield "in a signature, forwarded", mixed(
        USUAL, file=signed + BASE64 + b"\r\n" + base64.encodebytes(opaque(INNER)))  # fmt: skip


def _layers() -> Iterator[tuple[str, bytes]]:
    """Encodings of which only some readers undo all."""
    again = base64.encodebytes(base64.encodebytes(EVIL)).replace(b"\n", b"\r\n")
    yield "base64 twice", encoded(BASE64, again)
    yield "base64, then quoted-printable", encoded(QP, quoted(CODED))
    yield (
        "base64 with quoted-printable line ends",
        encoded(BASE64, CODED.replace(b"\r\n", b"=\r\n")),
    )
    yield "base64 behind marks of a reply", encoded(BASE64, b"> " + CODED.replace(
        b"\r\n", b"\r\n> ").rstrip(b"> "))  # fmt: skip
    yield "base64 in UTF-16", encoded(BASE64, CODED.decode().encode("utf-16-le"))
    yield "base64 with an empty line in it", encoded(BASE64, CODED[:78] + b"\r\n\r\n" + CODED[78:])
    yield "base64 with a comment in it", encoded(BASE64, CODED[:78] + b"<!-- -->\r\n" + CODED[78:])
    yield "base64 with hard blanks", encoded(BASE64, CODED.replace(b"\r\n", b"\xa0\r\n"))
    yield "base64 with form feeds", encoded(BASE64, CODED[:78] + b"\x0c!\x0b" + CODED[78:])
    yield "base64 with a mark of UTF-8", encoded(BASE64, b"\xef\xbb\xbf" + CODED)
    yield "base64 behind an open sign", encoded(BASE64, b"=" + CODED)
    yield "base64 behind four signs", encoded(BASE64, b"====\r\n" + CODED)
    padded = [base64.b64encode(EVIL[at : at + 10]) + b"\r\n" for at in range(0, len(EVIL), 10)]
    yield "each line padded", encoded(BASE64, b"".join(padded))
    yield (
        "quoted-printable, blanks behind breaks",
        encoded(QP, folded_qp().replace(b"=\r", b"=\t\r")),
    )
    yield "quoted-printable, breaks without an end", encoded(QP, folded_qp().rstrip() + b"=")
    yield "quoted-printable, cut codes", encoded(QP, folded_qp() + b"=4")
    yield "a text in UTF-16 that has a uuencoded file", only(
        b"Content-Type: text/plain; charset=utf-16le\r\n" + BASE64,
        base64.encodebytes(uu_of(EVIL).decode().encode("utf-16-le")))  # fmt: skip
    yield "a text in UTF-7 that has a uuencoded file", only(
        b"Content-Type: text/plain; charset=utf-7\r\n",
        uu_of(EVIL).decode().encode("utf-7"))  # fmt: skip
    yield "uuencoded in HTML", only(b"Content-Type: text/html\r\n",
                                    b"<pre>\r\n" + uu_of(EVIL) + b"</pre>\r\n")  # fmt: skip
    yield "xxencoded", only(b"Content-Type: text/plain\r\n", xx_of(EVIL))
    yield "BinHex", only(b"Content-Type: application/mac-binhex40\r\n", binhex_of(EVIL))
    yield "BinHex in a text", only(b"Content-Type: text/plain\r\n", b"Look:\r\n" + binhex_of(EVIL))


def quoted(data: bytes) -> bytes:
    """Text as quoted-printable with every sign that may be a code written as one."""
    return binascii.b2a_qp(data, istext=True)


def uu_of(data: bytes) -> bytes:
    """Data as a uuencoded file."""
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return (b"begin 644 evil.exe\n" + b"".join(lines) + b"`\nend\n").replace(b"\n", b"\r\n")


_XX = b"+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def xx_of(data: bytes) -> bytes:
    """Data as an xxencoded file: uuencode with other letters."""
    table = bytes.maketrans(bytes(range(32, 96)) + b"`", _XX + b"+")
    head, *lines, end = uu_of(data).splitlines()
    return b"\r\n".join([head, *(line.translate(table) for line in lines), end, b""])


_HQX = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"


def binhex_of(data: bytes) -> bytes:
    """Data as BinHex 4.0 (RFC 1741): a header, the data and no resources, each with a checksum."""
    name = b"evil.exe"
    head = bytes([len(name)]) + name + b"\0????????\0\0" + struct.pack("!II", len(data), 0)
    plain = b"".join(piece + struct.pack("!H", binascii.crc_hqx(piece + b"\0\0", 0))
                     for piece in (head, data, b""))  # fmt: skip
    runs = plain.replace(b"\x90", b"\x90\0")
    bits = "".join(f"{byte:08b}" for byte in runs)
    bits += "0" * (-len(bits) % 6)
    coded = bytes(_HQX[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))
    whole = b":" + coded + b":"
    lines = [whole[at : at + 64] for at in range(0, len(whole), 64)]
    return b"(This file must be converted with BinHex 4.0)\r\n\r\n" + b"\r\n".join(lines) + b"\r\n"


def apple_single() -> bytes:
    """The file as AppleSingle (RFC 1740, appendix A): entry 1 is the data."""
    head = struct.pack("!II16xH", 0x00051600, 0x00020000, 1) + struct.pack("!III", 1, 38, len(EVIL))
    return head + EVIL


def opaque(content: bytes, piece: int = 0) -> bytes:
    """Signed data (RFC 5652) that holds the content, as one text or in pieces of a size."""
    if piece:
        pieces = [der(0x04, content[at : at + piece]) for at in range(0, len(content), piece)]
        held = b"\xa0\x80\x24\x80" + b"".join(pieces) + b"\0\0\0\0"
    else:
        held = der(0xA0, der(0x04, content))
    data = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
    inner = der(0x30, data + held) if not piece else b"\x30\x80" + data + held + b"\0\0"
    signed = b"\x02\x01\x01" + der(0x31, b"") + inner + der(0x31, b"")
    return der(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + der(0xA0, der(0x30, signed)))


def der(tag: int, content: bytes) -> bytes:
    """A value with its tag and length."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    coded = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(coded)]) + coded + content


def variants() -> list[Variant]:
    """All of them, in order."""
    families = {
        "comments and blanks": _comments,
        "line ends": _ends,
        "kinds of parts": _kinds,
        "layers": _layers,
    }
    return [Variant(family, what, raw) for family, made in families.items() for what, raw in made()]
