"""The same file, hidden by how it is encoded: base64, quoted-printable, uuencode, yEnc."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from tests.mail.mime.hidden_files import (
    BASE64,
    CODED,
    EVIL,
    HEAD,
    LINE,
    QP,
    QUOTED,
    Variant,
    encoded,
    folded_qp,
    uu_lines,
)


def cut(data: bytes, size: int, between: bytes = b"\r\n") -> bytes:
    """The data in pieces."""
    return between.join(data[at : at + size] for at in range(0, len(data), size)) + b"\r\n"


def chunks(size: int, between: bytes = b"\r\n") -> bytes:
    """Each piece of the file as base64 of its own, with padding."""
    pieces = (EVIL[at : at + size] for at in range(0, len(EVIL), size))
    return between.join(map(base64.b64encode, pieces)) + b"\r\n"


def _base64() -> Iterator[tuple[str, bytes]]:
    bare = LINE.rstrip(b"=")
    yield "one line", LINE + b"\r\n"
    for size in (1, 3, 4, 5, 7, 60, 75, 77, 500):
        yield f"lines of {size}", cut(LINE, size)
    yield "blanks between", cut(LINE, 10, b"  ")
    yield "tabs at the front of lines", b"\t" + cut(LINE, 60, b"\r\n\t")
    yield "empty lines between", cut(LINE, 60, b"\r\n\r\n")
    yield "empty lines first", b"\r\n" * 20 + CODED
    yield "line feeds only", CODED.replace(b"\r\n", b"\n")
    yield "carriage returns only", CODED.replace(b"\r\n", b"\r")
    for junk in (
        b"!",
        b"-",
        b"_",
        b"*",
        b"\xff",
        b"\0",
        b"#",
        b"'",
        b'"',
        b"(",
        b"<",
        b"%",
        b".",
        b":",
    ):
        yield f"{junk!r} between", cut(LINE, 9, junk)
        yield f"{junk!r} once", LINE[:21] + junk + LINE[21:] + b"\r\n"
    yield "every second letter is junk", b"".join(b"%c!" % byte for byte in LINE) + b"\r\n"
    yield "the letters of web addresses", LINE.translate(bytes.maketrans(b"+/", b"-_")) + b"\r\n"
    yield "no padding", bare + b"\r\n"
    yield "one sign of padding too much", LINE + b"=\r\n"
    yield "much padding", bare + b"=" * 40 + b"\r\n"
    yield "padding with blanks", bare + b"= = \r\n"
    yield "padding on another line", bare + b"\r\n=\r\n=\r\n"
    yield "padding first", b"==" + LINE + b"\r\n"
    yield "four signs of padding first", b"====" + CODED
    yield "a line of padding first", b"=\r\n" + CODED
    for size in (1, 2, 16, 17, 50):
        yield f"padded pieces of {size}", chunks(size)
        yield f"padded pieces of {size} in one line", chunks(size, b"")
    yield "padding in the middle", LINE[:40] + b"==" + LINE[40:] + b"\r\n"
    yield "padding inside of a group", LINE[:41] + b"=" + LINE[41:] + b"\r\n"
    yield "text first", b"This is the file:\r\n\r\n" + CODED
    yield "text behind", CODED + b"\r\n-- \r\nAnn Lee (Contoso!)\r\n"
    yield "text behind padding", LINE + b"\r\n=====\r\nmore text\r\n"
    yield "another file behind", CODED + base64.encodebytes(b"harmless text")
    yield "another file in front", base64.encodebytes(b"harmless").replace(b"\n", b"\r\n") + CODED
    yield "a PEM frame", b"-----BEGIN FILE-----\r\n" + CODED + b"-----END FILE-----\r\n"
    yield "quoted signs", CODED.replace(b"\r\n", b"\r\n> ")
    yield "a soft line break", cut(LINE, 60, b"=\r\n")
    yield "a comment line", b"; base64\r\n" + CODED


def _quoted() -> Iterator[tuple[str, bytes]]:
    usual = folded_qp()
    yield "usual", usual
    yield "small letters", usual.lower()
    yield "one line", QUOTED + b"\r\n"
    yield "blanks behind soft breaks", usual.replace(b"=\r\n", b"= \t\r\n")
    yield "line feeds only", usual.replace(b"\r\n", b"\n")
    yield "carriage returns only", usual.replace(b"=\r\n", b"=\r")
    yield "a soft break first", b"=\r\n=\r\n" + usual
    yield "a soft break last", QUOTED + b"="
    yield "breaks between all", cut(QUOTED, 3, b"=\r\n")
    yield "a broken code behind", QUOTED + b"=4\r\n=\r\n=ZZ\r\n"
    yield "a broken code in front", b"=ZZ\r\n" + QUOTED + b"\r\n"
    yield "letters as they are", binascii.b2a_qp(EVIL)
    yield "NUL bytes", usual.replace(b"=\r\n", b"=\0\r\n")
    yield "breaks inside of codes", QUOTED.replace(b"=66", b"=6=\r\n6") + b"\r\n"


def _uu() -> Iterator[tuple[str, bytes]]:
    lines = uu_lines()
    end = b"`\r\nend\r\n"
    yield "usual", b"begin 644 evil.exe\r\n" + lines + end
    yield "text around", b"Hello,\r\n\r\nbegin 644 evil.exe\r\n" + lines + end + b"Ann\r\n"
    yield "no end", b"begin 644 evil.exe\r\n" + lines
    yield "blanks for grave accents", (b"begin 644 evil.exe\r\n" + lines + end).replace(b"`", b" ")
    yield (
        "blanks cut",
        b"begin 644 evil.exe\r\n"
        + lines.replace(b"`", b" ").replace(b" \r\n", b"\r\n")
        + b"end\r\n",
    )
    yield "a check letter", b"begin 644 evil.exe\r\n" + lines.replace(b"\r\n", b"X\r\n") + end
    yield "no mode", b"begin  evil.exe\r\n" + lines + end
    yield "a long mode", b"begin 100644 evil.exe\r\n" + lines + end
    yield "two blanks", b"begin 644  evil.exe\r\n" + lines + end
    yield "a tab", b"begin\t644\tevil.exe\r\n" + lines + end
    yield "no name", b"begin 644\r\n" + lines + end
    yield "capital letters", b"BEGIN 644 evil.exe\r\n" + lines + end
    yield "a blank in front", b" begin 644 evil.exe\r\n" + lines + end
    yield "line feeds only", (b"begin 644 evil.exe\r\n" + lines + end).replace(b"\r\n", b"\n")
    yield "carriage returns only", (b"begin 644 evil.exe\r\n" + lines + end).replace(b"\r\n", b"\r")
    yield "empty lines between", b"begin 644 evil.exe\r\n\r\n" + lines + end
    yield "base64", b"begin-base64 644 evil.exe\r\n" + CODED + b"====\r\n"


def yenc() -> bytes:
    """The file as yEnc (yEnc draft 1.3): each byte plus 42, four of them escaped."""
    out = bytearray()
    for byte in EVIL:
        value = (byte + 42) % 256
        if value in b"\0\n\r=":
            out += b"=" + bytes([(value + 64) % 256])
        else:
            out.append(value)
    return b"\r\n".join(bytes(out[at : at + 200]) for at in range(0, len(out), 200)) + b"\r\n"


def _yenc() -> Iterator[tuple[str, bytes]]:
    size = str(len(EVIL)).encode()
    begin = b"=ybegin line=200 size=" + size + b" name=evil.exe\r\n"
    end = b"=yend size=" + size + b"\r\n"
    yield "usual", begin + yenc() + end
    yield "in a text", b"Hello\r\n" + begin + yenc() + end + b"Ann\r\n"
    yield (
        "a part",
        begin.replace(b"line", b"part=1 total=1 line")
        + b"=ypart begin=1 end="
        + size
        + b"\r\n"
        + yenc()
        + end,
    )
    yield "no end", begin + yenc()


def variants() -> list[Variant]:
    """All of them, in order."""
    found = [Variant("base64", what, encoded(BASE64, body)) for what, body in _base64()]
    found += [Variant("quoted-printable", what, encoded(QP, body)) for what, body in _quoted()]
    for family, made in (("uuencode", _uu), ("yEnc", _yenc)):
        for what, body in made():
            found.append(Variant(family, what, HEAD + b"Content-Type: text/plain\r\n\r\n" + body))
    return found
