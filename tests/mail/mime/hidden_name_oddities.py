"""The name of one file hidden by oddities of syntax, beyond what `hidden_names` has.

Comments and separators (RFC 2183, RFC 5322), continued and encoded values that break RFC 2231,
encoded words (RFC 2047) that break their rules, and letters that vanish or pass for others on the
screen or on the disk. The variants are ours.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.mail.mime.hidden_files import Variant
from tests.mail.mime.hidden_names import DISPOSED, TYPED, whole


def word(text: str, charset: str = "utf-8") -> bytes:
    """An encoded word."""
    return b"=?%b?b?%b?=" % (charset.encode(), base64.b64encode(text.encode(charset)))


def _syntax() -> Iterator[tuple[str, bytes]]:
    """Of the header field behind its name and colon."""
    for what, value in {
        "a comment that states another name": b"attachment; (; filename=a.txt) filename=evil.exe",
        "a nested comment": b"attachment; (a(b); filename=a.txt) filename=evil.exe",
        "a comment before the value": b"attachment; filename=(c)evil.exe",
        "a comment behind the parameter's name": b"attachment; filename(c)=evil.exe",
        "a comment behind the equals sign": b"attachment; filename= (c) evil.exe",
        "a comment before the disposition": b"(c) attachment; filename=evil.exe",
        "a comment with a name first": b"(; filename=a.txt) attachment; filename=evil.exe",
        "a comment that nobody opens": b"attachment) ; filename=evil.exe",
        "a form feed": b"attachment;\x0cfilename=evil.exe",
        "a vertical tab": b"attachment;\x0bfilename=evil.exe",
        "a hard blank": b"attachment;\xc2\xa0filename=evil.exe",
        "a zero-width blank": b"attachment;\xe2\x80\x8bfilename=evil.exe",
        "a mark of UTF-8": b"attachment; \xef\xbb\xbffilename=evil.exe",
        "a carriage return": b"attachment;\r filename=evil.exe",
        "a line feed": b"attachment;\n filename=evil.exe",
        "a blank line": b"attachment;\r\n \r\n filename=evil.exe",
        "a quote in another parameter": b'attachment; a="; filename=a.txt"; filename=evil.exe',
        "an escaped quote in another parameter": (
            b'attachment; a="b\\"; filename=a.txt; "; filename=evil.exe'
        ),
        "a parameter without a value": b"attachment; filename; filename=evil.exe",
        "an empty value before": b"attachment; filename=; filename=evil.exe",
        "an empty quoted value before": b'attachment; filename=""; filename=evil.exe',
        "an empty value behind": b"attachment; filename=evil.exe; filename=",
        "an empty extended value": b"attachment; filename=evil.exe; filename*=utf-8''",
        "a quoted parameter's name": b'attachment; "filename"=evil.exe',
        "quotes around both": b'attachment; "filename=evil.exe"',
        "brackets around the value": b"attachment; filename=<evil.exe>",
        "angle brackets and quotes": b'attachment; filename="<evil.exe>"',
        "an extended name in capital letters": b"ATTACHMENT; FILENAME*=UTF-8''evil.exe",
        "a tab before the equals sign": b"attachment; filename\t=evil.exe",
        "an asterisk and a blank": b"attachment; filename* =utf-8''evil.exe",
        "a blank before the asterisk": b"attachment; filename *=utf-8''evil.exe",
        "blanks in the bare value": b"attachment; filename=my evil.exe",
        "blanks before the type": b"attachment; filename=evil .exe",
        "a bare value with a slash": b"attachment; filename=a/evil.exe",
        "a bare value with a backslash": b"attachment; filename=a\\evil.exe",
        "a bare value with brackets": b"attachment; filename=evil[1].exe",
        "a bare value with round brackets": b"attachment; filename=evil(1).exe",
        "a bare value with a colon": b"attachment; filename=C:evil.exe",
        "a bare value with an at sign": b"attachment; filename=evil@a.exe",
        "a quote that nobody closes, then another": b'attachment; filename="evil.exe; size=1',
        "a backslash at the end": b'attachment; filename="evil.exe\\"',
        "folded within the parameter's name": b"attachment; file\r\n name=evil.exe",
        "the whole field as an encoded word": b"=?utf-8?q?attachment=3B_filename=3Devil.exe?=",
        "a parameter as an encoded word": b"attachment; =?utf-8?q?filename=3Devil.exe?=",
    }.items():
        yield what, b"Content-Disposition: " + value + b"\r\n"


def _continued() -> Iterator[tuple[str, bytes]]:
    """RFC 2231; NAME stands for the parameter's name."""
    yield "no zero", b"*1*=utf-8''evil; NAME*2*=%2Eexe"
    yield "all in piece one", b"*1*=utf-8''evil%2Eexe"
    yield "all in piece seven", b"*7=evil.exe"
    yield "a charset in each piece", b"*0*=utf-8''evil; NAME*1*=utf-8''%2Eexe"
    yield "percent codes in a plain piece", b"*0*=utf-8''ev; NAME*1=il%2Eexe"
    yield "percent codes in plain pieces only", b"*0=evil; NAME*1=%2Eexe"
    yield "a plain one within", b"*0=evil; NAME=a.txt; NAME*1=.exe"
    yield "two that are extended, first", b"*=utf-8''evil.exe; NAME*=utf-8''a.txt"
    yield "two that are extended, last", b"*=utf-8''a.txt; NAME*=utf-8''evil.exe"
    yield "extended and continued, extended", b"*=utf-8''evil.exe; NAME*0=a; NAME*1=.txt"
    yield "a piece twice, first", b"*0=evil; NAME*1=.exe; NAME*1=.txt"
    yield "a piece twice, last", b"*0=evil; NAME*1=.txt; NAME*1=.exe"
    yield "a quoted extended piece", b'*0*="utf-8\'\'evil"; NAME*1*="%2Eexe"'
    yield "a charset in quotes", b"*='utf-8'en'evil.exe"
    yield "two marks more", b"*=utf-8''evil.exe''"
    yield "UTF-7", b"*=utf-7''evil+AC4-exe"
    yield "UTF-16 with a mark", b"*=utf-16''%FF%FEe%00v%00i%00l%00.%00e%00x%00e%00"
    yield "EBCDIC", b"*=cp037''%85%A5%89%93%4B%85%A7%85"
    yield "codes of codes", b"*=utf-8''evil%252Eexe"
    yield "a code cut in two", b"*0*=utf-8''evil%2; NAME*1*=Eexe"
    yield "a plus sign for a blank", b"*=utf-8''my+evil.exe"
    yield "a number with a sign", b"*+0=evil; NAME*+1=.exe"
    yield "hexadecimal numbers", b"*0x0=evil; NAME*0x1=.exe"
    yield "a number that is too large", b"*4294967296=evil.exe"
    yield "two asterisks", b"**=utf-8''evil.exe"
    yield "an asterisk on a plain value", b"*=evil.exe"
    yield "a NUL within", b"*=utf-8''evil.exe%00.txt"
    yield "a line end within", b"*=utf-8''evil.exe%0D%0A.txt"


def _words() -> Iterator[tuple[str, bytes]]:
    """Values with encoded words."""
    yield "two letters each", b" ".join(word(one) for one in ("ev", "il", ".e", "xe"))
    yield "a letter cut in two", b"=?utf-8?b?ZXbD?= =?utf-8?b?qWV2aWwuZXhl?="
    yield "a tab between", word("evil") + b"\t" + word(".exe")
    yield "folded between", word("evil") + b"\r\n\t" + word(".exe")
    yield "different charsets", word("evil", "utf-16be") + b" " + word(".exe", "latin-1")
    yield "different encodings", b"=?utf-8?q?evil?= " + word(".exe")
    yield "UTF-32", word("evil.exe", "utf-32be")
    yield "UTF-7 as base64", b"=?utf-7?b?" + base64.b64encode(b"evil+AC4-exe") + b"?="
    yield "EBCDIC", word("evil.exe", "cp037")
    yield "small letters of the kind", b"=?UTF-8?b?ZXZpbC5leGU=?="
    yield "a quoted charset", b"=?'utf-8'?q?evil.exe?="
    yield "a blank in the charset", b"=? utf-8 ?q?evil.exe?="
    yield "a long language", b"=?utf-8*en-GB-oxendict?q?evil.exe?="
    yield "an unknown kind", b"=?utf-8?x?evil.exe?="
    yield "no kind", b"=?utf-8??evil.exe?="
    yield "text in front", b"a " + word("evil.exe")
    yield "text at once in front", b"a" + word("evil.exe")
    yield "text at once behind", word("evil.exe") + b"."
    yield "in brackets", b"(" + word("evil.exe") + b")"
    yield "a question mark within", b"=?utf-8?q?evil?.exe?="
    yield "an equals sign for a code", b"=?utf-8?q?evil=.exe?="
    yield "small codes", b"=?utf-8?q?=65=76=69=6c=2e=65=78=65?="
    yield "underscores", b"=?utf-8?q?my_evil.exe?="
    yield (
        "web-safe base64",
        word("\u00ff\u00fe\u00feevil.exe").replace(b"+", b"-").replace(b"/", b"_"),
    )
    yield "base64 without padding", word("evil.exe").replace(b"=?=", b"?=")
    yield (
        "base64 with text behind",
        word("evil.exe").replace(b"?=", b"!?=", 1).replace(b"=!", b"!="),
    )
    yield "base64 of base64", word(base64.b64encode(b"evil.exe").decode())
    yield "a very long word", word("a" * 3000 + "evil.exe")
    yield "in quotes with an escape", b'"\\' + word("evil.exe") + b'"'
    yield "quotes within", word('"evil.exe"')
    yield "a folder within", word("C:\\x\\evil.exe")
    yield "a NUL within", word("evil.exe\0.txt")
    yield "a line end within", word("evil\r\n.exe")
    yield "raw UTF-8 beside", "ü".encode() + word("evil.exe")


def _letters() -> Iterator[tuple[str, bytes]]:
    """Letters that vanish or pass for others."""
    yield "right to left", '"evil\u202etxt.exe"'.encode()
    yield "a soft hyphen in the type", '"evil.e\u00adxe"'.encode()
    yield "a zero-width letter in the type", '"evil.ex\u200be"'.encode()
    yield "a word joiner at the end", '"evil.exe\u2060"'.encode()
    yield "a left-to-right mark at the end", '"evil.exe\u200e"'.encode()
    yield "a hard blank at the end", '"evil.exe\u00a0"'.encode()
    yield "a wide blank at the end", '"evil.exe\u3000"'.encode()
    yield "a full-width dot", '"evil\uff0eexe"'.encode()
    yield "full-width letters", '"evil.\uff45\uff58\uff45"'.encode()
    yield "a dot of one line", '"evil\u2024exe"'.encode()
    yield "a delete sign", b'"evil.exe\x7f"'
    yield "a backspace", b'"evil.exe.txt\x08\x08\x08\x08"'
    yield "a control sign in the type", b'"evil.e\x01xe"'
    yield "a dot and a blank", b'"evil.exe. "'
    yield "a slash behind", b'"evil.exe/"'
    yield "a question mark behind", b'"evil.exe?"'
    yield "a code of HTML", b'"evil&#46;exe"'
    yield "a code of C", b'"evil\\056exe"'
    yield "overlong UTF-8", b'"evil\xc0\xaeexe"'
    yield "Latin-1", b'"\xfcevil.exe"'
    yield "an empty type behind", b'"evil.exe."'
    yield "quotes of print", '"\u201cevil.exe\u201d"'.encode()


def variants() -> list[Variant]:
    """All of them, in order."""
    found = [Variant("syntax", what, whole(field)) for what, field in _syntax()]
    for what, written in _continued():
        for start, name in ((DISPOSED, b"filename"), (TYPED + b"; ", b"name")):
            field = start + name + written.replace(b"NAME", name) + b"\r\n"
            found.append(Variant("pieces", f"{name.decode()}: {what}", whole(field)))
    for family, made in (("encoded words", _words), ("letters", _letters)):
        for what, value in made():
            field = DISPOSED + b"filename=" + value + b"\r\n"
            found.append(Variant(family, what, whole(field)))
    return found
