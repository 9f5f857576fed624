"""One file hidden in mail in every way that we know of: families of MIME ambiguities.

The families are those of RFC 7103, of draft-chen-email-mime-ambiguity-defense-00 (2026) and of the
literature it names: header fields that contradict each other, structure that is malformed, decoders
that go on or stop. The variants are ours.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NAME = "evil.exe"
HEAD = (b"From: Ann <ann@contoso.example>\r\nTo: bob@fabrikam.example\r\nSubject: Minutes\r\n"
        b"Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <1@contoso.example>\r\n"
        b"MIME-Version: 1.0\r\n")  # fmt: skip
BASE64 = b"Content-Transfer-Encoding: base64\r\n"
QP = b"Content-Transfer-Encoding: quoted-printable\r\n"
FORWARDED = b"Content-Type: message/rfc822\r\n"
ALIAS_VALUES = (
    "Base64", " BASE64 ", "base64;", '"base64"', "'base64'", "base64 (c)", "(c) base64",
    "ba (c) se64", "ba se64", "base64, 7bit", "base64 7bit", "base64; x=y", "x-base64", "base-64",
    "b64", "=?utf-8?q?base64?=", "base64\0", "\r\n base64", "bAsE64.", "base64base64", "foo", "",
    "7bit", "8bit", "binary", "base64\xa0", "x-uuencode",
)  # fmt: skip
CONTRADICTIONS = (
    ("base64", "7bit"), ("7bit", "base64"), ("base64", "quoted-printable"),
    ("quoted-printable", "base64"), ("base64", "x-foo"), ("binary", "base64"),
)  # fmt: skip
NAMES_OF_ENCODING = (
    "Content-Transfer-Encoding : ", "content-transfer-encoding:", "Content-Transfer-Encoding:\t",
    "Content-Transfer-Enc\0oding: ",
)  # fmt: skip
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}
FILE = (b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="evil.exe"\r\n')  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """One message; `family` and `what` tell how it hides."""

    family: str
    what: str
    raw: bytes


def _archive() -> bytes:
    """A zip file with what could be a program in it; its bytes are the same in every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("evil.exe")
        archive.writestr(info, b"MZ" + b"the file that is hidden \xfb\xff\xfe\x80\0" * 6)
    return out.getvalue()


EVIL = _archive()
CODED = base64.encodebytes(EVIL).replace(b"\n", b"\r\n")
LINE = base64.b64encode(EVIL)
QUOTED = b"".join(b"=%02X" % byte for byte in EVIL)


def coded(data: bytes) -> bytes:
    """Bytes as base64."""
    return base64.encodebytes(data)


def folded_qp() -> bytes:
    """The file as quoted-printable in lines of usual length."""
    return b"=\r\n".join(QUOTED[at : at + 72] for at in range(0, len(QUOTED), 72)) + b"\r\n"


def mixed(declared: bytes, line: bytes = b"x", file: bytes = FILE + b"\r\n" + CODED) -> bytes:
    """A multipart whose header is given, with the file behind a text."""
    body = b"--%b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--%b\r\n%b\r\n--%b--\r\n" % (
        line, line, file, line,
    )  # fmt: skip
    return HEAD + declared + b"\r\n" + body


def only(headers: bytes, body: bytes) -> bytes:
    """A message that is the file."""
    return HEAD + headers + b"\r\n" + body


def encoded(encoding: bytes, body: bytes) -> bytes:
    """A multipart whose file has a transfer encoding."""
    head = FILE.replace(BASE64, encoding)
    return mixed(b"Content-Type: multipart/mixed; boundary=x\r\n", file=head + b"\r\n" + body)


def _types() -> Iterator[tuple[str, bytes]]:
    usual = b"Content-Type: multipart/mixed; boundary=x\r\n"
    plain = b"Content-Type: text/plain\r\n"
    yield "two, multipart first", mixed(usual + plain)
    yield "two, multipart last", mixed(plain + usual)
    yield "three, in the middle", mixed(plain + usual + b"Content-Type: text/html\r\n")
    yield "two boundaries, first used", mixed(usual + usual.replace(b"=x", b"=y"))
    yield "two boundaries, last used", mixed(usual.replace(b"=x", b"=y") + usual)
    yield "no MIME-Version", mixed(usual).replace(b"MIME-Version: 1.0\r\n", b"")
    yield "a wrong MIME-Version", mixed(usual).replace(b"1.0", b"7.3 (x)")
    for what, field in {
        "a blank before the colon": b"Content-Type : multipart/mixed; boundary=x\r\n",
        "a tab before the colon": b"Content-Type\t: multipart/mixed; boundary=x\r\n",
        "no blank behind the colon": b"Content-Type:multipart/mixed;boundary=x\r\n",
        "other letters": b"cOnTeNt-tYpE: MULTIPART/MIXED; BOUNDARY=x\r\n",
        "a NUL in the name": b"Content-\0Type: multipart/mixed; boundary=x\r\n",
        "a NUL in the value": b"Content-Type: multi\0part/mixed; boundary=x\r\n",
        "folded before the value": b"Content-Type:\r\n multipart/mixed;\r\n\tboundary=x\r\n",
        "folded around the equals sign": b"Content-Type: multipart/mixed; boundary\r\n =\r\n x\r\n",
        "comments": b"Content-Type: (a) multipart/mixed (b); (c) boundary=x (d)\r\n",
        "nested comments": b"Content-Type: multipart/mixed; (a (b) ;c) boundary=x\r\n",
        "a comment in the middle": b"Content-Type: multipart/(a)mixed; boundary(b)=(c)x\r\n",
        "an escaped bracket": b"Content-Type: multipart/mixed (a\\)b); boundary=x\r\n",
        "a boundary in a comment": b"Content-Type: multipart/mixed; (boundary=y;) boundary=x\r\n",
        "blanks around the slash": b"Content-Type: multipart / mixed; boundary=x\r\n",
        "no semicolon": b"Content-Type: multipart/mixed boundary=x\r\n",
        "a comma": b"Content-Type: multipart/mixed, boundary=x\r\n",
        "many semicolons": b"Content-Type: multipart/mixed;;; ;boundary=x;\r\n",
        "a semicolon first": b"Content-Type: ;multipart/mixed; boundary=x\r\n",
        "quotation marks": b'Content-Type: "multipart/mixed"; boundary=x\r\n',
        "no subtype": b"Content-Type: multipart; boundary=x\r\n",
        "an empty subtype": b"Content-Type: multipart/; boundary=x\r\n",
        "an unknown subtype": b"Content-Type: multipart/foo; boundary=x\r\n",
        "two subtypes": b"Content-Type: multipart/mixed/plain; boundary=x\r\n",
        "an encoded type": b"Content-Type: =?utf-8?q?multipart/mixed?=; boundary=x\r\n",
        "a single part with a boundary": b"Content-Type: text/plain; boundary=x\r\n",
        "letters beyond ASCII": b"Content-Type: multipart/mixed\xa0; \xc2\xa0boundary=x\r\n",
        "very many parameters": usual.replace(b"; ", b"; " + b"a=b; " * 2000),
        "a very long blank": b"Content-Type: multipart/mixed;" + b" " * 20_000 + b"boundary=x\r\n",
        "another header's continuation": b"X-A: b\r\n Content-Type: text/plain\r\n" + usual,
    }.items():  # fmt: skip
        yield what, mixed(field)


def _headers() -> Iterator[tuple[str, bytes]]:
    usual = b"Content-Type: multipart/mixed; boundary=x\r\n"
    whole = mixed(usual)
    yield "a line of blanks among them", mixed(b"X-A: b\r\n  \r\n" + usual)
    yield "a line without a colon", mixed(b"no header at all\r\n" + usual)
    yield "a From line among them", mixed(b"From someone Mon Jan  5 2026\r\n" + usual)
    yield "a From line first", b"From someone Mon Jan  5 2026\r\n" + whole
    yield "an empty name", mixed(b": value\r\n" + usual)
    yield "bytes beyond ASCII", mixed(b"X-\xfc: \xff\xfe\r\n" + usual)
    yield "a NUL line", mixed(b"\0\r\n" + usual)
    yield "line feeds only", whole.replace(b"\r\n", b"\n")
    yield "carriage returns only", whole.replace(b"\r\n", b"\r")
    yield "two carriage returns", whole.replace(b"\r\n", b"\r\r\n")
    yield (
        "mixed line ends",
        whole.replace(b"\r\n", b"\n", 5).replace(b"Type: multi", b"Type:\r\n multi"),
    )
    yield "an empty line first", b"\r\n" + whole
    yield "a byte order mark", b"\xef\xbb\xbf" + whole
    yield "a megabyte before it", mixed(b"X-A: " + b"a" * 1_000_000 + b"\r\n" + usual)
    yield "a thousand before it", mixed(b"X-A: b\r\n" * 1000 + usual)
    yield "no empty line behind", whole.replace(b"boundary=x\r\n\r\n", b"boundary=x\r\n", 1)


def _boundaries() -> Iterator[tuple[str, bytes]]:
    def case(declared: bytes, line: bytes) -> bytes:
        return mixed(b"Content-Type: multipart/mixed; " + declared + b"\r\n", line)

    long = b"b" * 250
    yield "quoted", case(b'boundary="x"', b"x")
    yield "single quotes", case(b"boundary='x'", b"x")
    yield "single quotes that count", case(b"boundary='x'", b"'x'")
    yield "an open quote", case(b'boundary="x', b"x")
    yield "an escaped letter", case(b'boundary="\\x\\y"', b"xy")
    yield "an escaped letter that counts", case(b'boundary="\\x\\y"', b"\\x\\y")
    yield "an escaped quote", case(b'boundary="a\\"b"', b'a"b')
    yield "text behind the quotes", case(b'boundary="a"b', b"a")
    yield "text behind the quotes that counts", case(b'boundary="a"b', b"ab")
    yield "a blank in it", case(b'boundary="a b"', b"a b")
    yield "a blank in it, unquoted", case(b"boundary=a b", b"a b")
    yield "a blank in it, cut", case(b"boundary=a b", b"a")
    yield "a semicolon in it", case(b'boundary="a;b"', b"a;b")
    yield "a semicolon in it, cut", case(b"boundary=a;b", b"a")
    yield "an equals sign in it", case(b"boundary==_x=y", b"=_x=y")
    yield "special letters", case(b'boundary="a\'()+_,-./:=?b"', b"a'()+_,-./:=?b")
    yield "a blank at its end", case(b'boundary="x "', b"x")
    yield "a blank at its front", case(b'boundary=" x"', b" x")
    yield "a tab before the value", case(b"boundary=\tx", b"x")
    yield "very long", case(b"boundary=" + long, long)
    yield "cut at 70 letters", case(b"boundary=" + long, long[:70])
    yield "empty", case(b'boundary=""', b"")
    yield "empty and unquoted", case(b"boundary=", b"")
    yield "none", case(b"charset=utf-8", b"x")
    yield "another one", case(b"boundary=y", b"x")
    yield "other letters", case(b"boundary=AbC", b"aBc")
    yield "twice, first used", case(b"boundary=x; boundary=y", b"x")
    yield "twice, last used", case(b"boundary=y; boundary=x", b"x")
    yield "continued", case(b'boundary*0="x"; boundary*1="y"', b"xy")
    yield "continued in another order", case(b"boundary*1=y; boundary*0=x", b"xy")
    yield "continued, only the first", case(b"boundary*0=x; boundary*1=y", b"x")
    yield "percent signs", case(b"boundary*=us-ascii''%78%79", b"xy")
    yield "percent signs without a charset", case(b"boundary*=%78y", b"xy")
    yield "percent signs that count", case(b"boundary=%78", b"%78")
    yield "plain and extended, plain used", case(b"boundary=x; boundary*=us-ascii''y", b"x")
    yield "plain and extended, extended used", case(b"boundary=x; boundary*=us-ascii''y", b"y")
    yield (
        "plain and continued, continued used",
        case(b"boundary=x; boundary*0=a; boundary*1=b", b"ab"),
    )
    yield "an encoded word", case(b"boundary==?utf-8?q?x?=", b"x")
    yield "an encoded word in quotes", case(b'boundary="=?utf-8?b?eA==?="', b"x")
    yield "an encoded word that counts", case(b'boundary="=?utf-8?b?eA==?="', b"=?utf-8?b?eA==?=")
    yield "a NUL", case(b"boundary=a\0b", b"ab")
    yield "a NUL that cuts", case(b"boundary=a\0b", b"a")
    yield "UTF-8", case('boundary="ü"'.encode(), "ü".encode())
    yield "Latin-1", case(b'boundary="\xfc"', b"\xfc")
    yield "dashes", case(b"boundary=--x--", b"--x--")
    yield "a name of other letters", case(b"BoUnDaRy=x", b"x")
    yield "blanks around the equals sign", case(b"boundary = x", b"x")


def _delimiters() -> Iterator[tuple[str, bytes]]:
    usual = b"Content-Type: multipart/mixed; boundary=xx\r\n"
    whole = mixed(usual, b"xx")

    def lines(delimiter: bytes, final: bytes = b"--xx--") -> bytes:
        return whole.replace(b"--xx--", b"\1").replace(b"--xx", delimiter).replace(b"\1", final)

    yield "blanks behind", lines(b"--xx \t ")
    yield "text behind", lines(b"--xx yy")
    yield "letters behind", lines(b"--xxyy")
    yield "a blank in front", lines(b" --xx")
    yield "three dashes", lines(b"---xx")
    yield "no final one", lines(b"--xx", b"")
    yield "text behind the final one", lines(b"--xx", b"--xx--yy")
    yield "only final ones", lines(b"--xx--")
    yield "the final one in the middle", whole.replace(b"hello\r\n", b"hello\r\n--xx--\r\n")
    yield "the final one first", whole.replace(b"\r\n\r\n--xx", b"\r\n\r\n--xx--\r\n--xx", 1)
    yield "no line end in front", whole.replace(b"hello\r\n--xx", b"hello--xx")
    yield "a NUL behind", lines(b"--xx\0")
    yield "a carriage return behind", lines(b"--xx\r")
    yield "line feeds only", whole.replace(b"--xx\r\n", b"--xx\n")
    yield "carriage returns only", whole.replace(b"--xx\r\n", b"--xx\r")
    yield "in another part's text", whole.replace(b"hello", b"--xx is a line of text")
    text = b"--xx\r\nContent-Type: text"
    yield "many empty parts before", whole.replace(text, b"--xx\r\n\r\n" * 500 + text, 1)


def _structure() -> Iterator[tuple[str, bytes]]:
    usual = b"Content-Type: multipart/mixed; boundary=x\r\n"
    whole = mixed(usual)
    body = whole.partition(b"\r\n\r\n")[2]
    part = FILE + b"\r\n" + CODED
    inner = HEAD + usual + b"\r\n" + body
    yield "before the first delimiter", only(usual, part + b"--x\r\n\r\nhi\r\n--x--\r\n")
    yield "behind the last delimiter", only(usual, b"--x\r\n\r\nhi\r\n--x--\r\n" + part)
    yield (
        "a part behind the end",
        only(usual, b"--x\r\n\r\nhi\r\n--x--\r\n--x\r\n" + part + b"--x--\r\n"),
    )
    yield "no delimiters at all", only(usual, part)
    yield (
        "base64 as a whole",
        only(usual + BASE64, coded(body)),
    )
    yield (
        "quoted-printable as a whole",
        only(usual + QP, binascii.b2a_qp(body)),
    )
    yield (
        "said to be base64, and is not",
        only(usual + BASE64, body),
    )
    yield "forwarded", only(FORWARDED, inner)
    yield (
        "forwarded as base64",
        only(
            FORWARDED + BASE64,
            coded(inner),
        ),
    )
    yield (
        "forwarded as quoted-printable",
        only(
            FORWARDED + QP,
            binascii.b2a_qp(inner),
        ),
    )
    yield (
        "forwarded with a name",
        only(
            b"Content-Type: message/rfc822; name=a.eml\r\nContent-Disposition: attachment\r\n",
            inner,
        ),
    )
    yield (
        "forwarded as another type",
        only(
            b"Content-Type: application/octet-stream; name=a.eml\r\n" + BASE64,
            coded(inner),
        ),
    )
    yield "forwarded as text", only(b"Content-Type: text/plain\r\n", b"Look:\r\n\r\n" + inner)
    yield "an unknown kind of message", only(b"Content-Type: message/foo\r\n", inner)
    yield (
        "a digest",
        only(
            b"Content-Type: multipart/digest; boundary=d\r\n",
            b"--d\r\n\r\n" + inner + b"\r\n--d--\r\n",
        ),
    )
    yield "alternatives", mixed(usual.replace(b"mixed", b"alternative"))
    yield "a signed one", mixed(usual.replace(b"mixed", b"signed"))
    yield "related", mixed(usual.replace(b"mixed", b"related"))
    yield "a report", mixed(usual.replace(b"mixed", b"report"))
    yield "form data", mixed(usual.replace(b"mixed", b"form-data"))
    yield "a part without headers", mixed(usual, file=b"\r\n" + CODED)
    yield "no empty line behind headers", mixed(usual, file=FILE + CODED)
    yield "blanks in the empty line", mixed(usual, file=FILE + b" \r\n" + CODED)
    yield "an empty line before headers", mixed(usual, file=b"\r\n" + part)
    yield "a line that is no header", mixed(usual, file=b"no header\r\n" + part)
    yield "in a text", only(b"Content-Type: text/plain\r\n", body)
    yield "no type, in a text", only(b"", body)
    yield "an HTML text", only(b"Content-Type: text/html\r\n", b"<p>Hi</p>\r\n" + body)
    nested = body
    for number in range(20):
        line = b"n%d" % number
        kind = usual.replace(b"=x", b"=" + (b"n%d" % (number - 1) if number else b"x"))
        nested = b"--%b\r\n%b\r\n%b\r\n--%b--\r\n" % (line, kind, nested, line)
    yield "twenty deep", only(usual.replace(b"=x", b"=n19"), nested)
    same = b"--x\r\n" + usual + b"\r\n" + body + b"\r\n--x--\r\n"
    yield "the same boundary within", only(usual, same)
    longer = (
        b"--x\r\nContent-Type: multipart/mixed; boundary=xy\r\n\r\n"
        + body.replace(b"--x", b"--xy")
        + b"--x--\r\n"
    )
    yield "a boundary that begins like it", only(usual, longer)
    yield (
        "five thousand parts before",
        only(usual, b"--x\r\n\r\na\r\n" * 5000 + b"--x\r\n" + part + b"\r\n--x--\r\n"),
    )


def _field(*values: str) -> bytes:
    """Content-Transfer-Encoding, once for each value."""
    return b"".join(b"Content-Transfer-Encoding: %b\r\n" % one.encode("latin-1") for one in values)


def _encodings() -> Iterator[tuple[str, bytes]]:
    for value in ALIAS_VALUES:
        yield f"base64 as {value!r}", encoded(_field(value), CODED)
    yield "base64 unannounced", encoded(b"", CODED)
    for two in CONTRADICTIONS:
        yield f"base64 as {two}", encoded(_field(*two), CODED)
    for two in (CONTRADICTIONS[2], CONTRADICTIONS[3], ("8bit", "quoted-printable")):
        yield f"quoted-printable as {two}", encoded(_field(*two), folded_qp())
    for name in NAMES_OF_ENCODING:
        yield f"the header {name!r}", encoded(f"{name}base64\r\n".encode(), CODED)
    for name, pack in PACKERS.items():
        head = f"Content-Encoding: {name}\r\n".encode() + BASE64
        yield f"Content-Encoding {name}", encoded(head, coded(pack(EVIL)))
    raw = coded(zlib.compress(EVIL)[2:-4])
    yield "raw deflate", encoded(b"Content-Encoding: deflate\r\n" + BASE64, raw)
    yield "binary", encoded(_field("binary"), EVIL + b"\r\n")
    uu = b"begin 644 evil.exe\r\n" + uu_lines() + b"`\r\nend\r\n"
    for value in ("x-uuencode", "uuencode", "x-uue", "uue", "X-UUENCODE"):
        yield f"uuencoded as {value}", encoded(_field(value), uu)


def uu_lines() -> bytes:
    """The file as uuencoded lines."""
    pieces = (EVIL[at : at + 45] for at in range(0, len(EVIL), 45))
    return b"".join(binascii.b2a_uu(piece) for piece in pieces).replace(b"\n", b"\r\n")


FAMILIES = {
    "Content-Type": _types,
    "header block": _headers,
    "boundary": _boundaries,
    "delimiter": _delimiters,
    "structure": _structure,
    "transfer encoding": _encodings,
}


def variants() -> list[Variant]:
    """All of them, in order."""
    return [Variant(family, what, raw) for family, made in FAMILIES.items() for what, raw in made()]
