"""The name of one file, hidden in the headers that state it in every way that we know of."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mail.mime.hidden_files import CODED, HEAD, Variant

DISPOSED = b"Content-Disposition: attachment; "
TYPED = b"Content-Type: application/octet-stream"
BASE64 = b"Content-Transfer-Encoding: base64\r\n"
ENCODED = b"=?utf-8?b?ZXZpbC5leGU=?="
LETTERS = b"=?utf-8?q?=65=76=69=6C=2E=65=78=65?="


def whole(headers: bytes) -> bytes:
    """A message with a text and a file that has these headers."""
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\n"
        + BASE64 + headers + b"\r\n" + CODED + b"--x--\r\n"
    )  # fmt: skip


def _values() -> Iterator[tuple[str, bytes]]:
    """How the value of one parameter may be written."""
    yield "quoted", b'"evil.exe"'
    yield "bare", b"evil.exe"
    yield "single quotes", b"'evil.exe'"
    yield "an open quote", b'"evil.exe'
    yield "a quote at its end", b'evil.exe"'
    yield "two quotes first", b'""evil.exe"'
    yield "escaped letters", b'"ev\\il.e\\xe"'
    yield "escaped quotes", b'"\\"evil.exe\\""'
    yield "quotes in the middle", b'"evil".exe'
    yield "quotes around the end", b'evil."exe"'
    yield "two quoted texts", b'"evil" ".exe"'
    yield "two quoted texts at once", b'"evil"".exe"'
    yield "a blank in front", b'" evil.exe"'
    yield "blanks behind", b'"evil.exe   "'
    yield "dots behind", b'"evil.exe..."'
    yield "a tab before it", b"\tevil.exe"
    yield "folded before it", b'\r\n "evil.exe"'
    yield "folded within", b'"evil\r\n .exe"'
    yield "folded within, tab", b'"evil.\r\n\texe"'
    yield "a comment behind", b"evil.exe (evil.txt)"
    yield "a comment in front", b"(a.txt) evil.exe"
    yield "a comment in the middle", b"evil(a).exe"
    yield "a comment before the type", b"evil.(a)exe"
    yield "a semicolon behind", b"evil.exe;"
    yield "a semicolon within", b'"a;evil.exe"'
    yield "text behind", b'"evil.exe" a.txt'
    yield "a comma behind", b"evil.exe, a.txt"
    yield "a NUL within", b'"evil.\0exe"'
    yield "a NUL that cuts", b'"evil.exe\0.txt"'
    yield "a percent NUL", b'"evil.exe%00.txt"'
    yield "a folder", b'"C:\\\\x\\\\evil.exe"'
    yield "a folder with slashes", b'"../../evil.exe"'
    yield "a stream", b'"evil.exe::$DATA"'
    yield "percent codes", b'"evil%2Eexe"'
    yield "an encoded word", b'"' + ENCODED + b'"'
    yield "an encoded word, bare", ENCODED
    yield "letters", b'"' + LETTERS + b'"'
    yield "small signs", b"=?UTF-8?B?ZXZpbC5leGU?="
    yield "two words", b'"=?utf-8?b?ZXZpbA==?= =?utf-8?b?LmV4ZQ==?="'
    yield "two words, folded", b'"=?utf-8?q?evil?=\r\n =?utf-8?q?=2Eexe?="'
    yield "two words at once", b'"=?utf-8?q?evil?==?utf-8?q?=2Eexe?="'
    yield "half a word", b'"evil=?utf-8?q?=2Eexe?="'
    yield "half a word in front", b'"=?utf-8?q?evil?=.exe"'
    yield "a language", b'"=?utf-8*en?q?evil=2Eexe?="'
    yield "an unknown charset", b'"=?x-foo?q?evil=2Eexe?="'
    yield "no charset", b'"=??q?evil=2Eexe?="'
    yield "UTF-16", b'"=?utf-16be?b?AGUAdgBpAGwALgBlAHgAZQ==?="'
    yield "UTF-7", b'"=?utf-7?q?evil+AC4-exe?="'
    yield "broken base64", b'"=?utf-8?b?ZX!Zp*bC5leGU?="'
    yield "padding within", b'"=?utf-8?b?ZXZp=bC5leGU=?="'
    yield "padded pieces", b'"=?utf-8?b?ZXZpbA==LmV4ZQ==?="'
    yield (
        "blanks within a word",
        b'"=?utf-8?q? evil=2Eexe?="',
    )
    yield "blanks in base64", b'"=?utf-8?b?ZXZpbC5l eGU=?="'
    yield "an open word", b'"=?utf-8?q?evil=2Eexe?"'
    yield "a broken code", b'"=?utf-8?q?evil.exe=?="'
    yield "a word within a word", b'"=?utf-8?q?=3D=3Futf-8=3Fq=3Fevil=2Eexe=3F=3D?="'
    yield "UTF-8 around", '"übel-evil.exe"'.encode()
    yield "very long", b'"' + b"a" * 300 + b'evil.exe"'
    yield "very many blanks", b'"evil' + b" " * 300 + b'.exe"'


def _parameters() -> Iterator[tuple[str, bytes]]:
    """How the parameter may be written, in Content-Disposition or Content-Type."""
    yield "extended", b"*=utf-8''evil.exe"
    yield "extended, percent codes", b"*=utf-8''%65%76%69%6C%2E%65%78%65"
    yield "extended, a language", b"*=utf-8'en'evil%2Eexe"
    yield "extended, no charset", b"*=''evil%2Eexe"
    yield "extended, no marks", b"*=evil%2Eexe"
    yield "extended, one mark", b"*=utf-8'evil%2Eexe"
    yield "extended, quoted", b"*=\"utf-8''evil%2Eexe\""
    yield "extended, an unknown charset", b"*=x-foo''evil%2Eexe"
    yield "extended, UTF-16", b"*=utf-16be''%00e%00v%00i%00l%00.%00e%00x%00e"
    yield "extended, broken codes", b"*=utf-8''evil%2Eexe%"
    yield "extended, an encoded word", b"*=utf-8''" + ENCODED
    yield "continued", b"*0=evil; NAME*1=.exe"
    yield "continued, quoted", b'*0="ev"; NAME*1="il.e"; NAME*2="xe"'
    yield "continued, another order", b"*1=.exe; NAME*0=evil"
    yield "continued, from one", b"*1=evil; NAME*2=.exe"
    yield "continued, a gap", b"*0=evil; NAME*2=.exe"
    yield "continued, zeros", b"*00=evil; NAME*01=.exe"
    yield "continued, twice", b"*0=evil; NAME*0=good; NAME*1=.exe"
    yield "continued, blanks", b" *0 = evil; NAME *1 = .exe"
    yield "continued and extended", b"*0*=utf-8''evil; NAME*1*=%2Eexe"
    yield "continued, half extended", b"*0*=utf-8''evil%2E; NAME*1=exe"
    yield "continued, extended later", b"*0=evil; NAME*1*=%2Eexe"
    yield (
        "continued, twelve",
        b"; ".join(b"NAME*%d=%c" % (n, letter) for n, letter in enumerate(b"evil.exe"))[4:],
    )
    yield "continued, encoded words", b'*0="=?utf-8?q?evil?="; NAME*1="=?utf-8?q?=2Eexe?="'
    yield "continued, a word cut in two", b'*0="=?utf-8?b?ZXZp"; NAME*1="bC5leGU=?="'
    yield "continued, letters", b"*a=evil; NAME*b=.exe; NAME=evil.exe"
    yield "first of two", b"=evil.exe; NAME=a.txt"
    yield "last of two", b"=a.txt; NAME=evil.exe"
    yield "plain before extended", b"=evil.exe; NAME*=utf-8''a.txt"
    yield "extended before plain", b"*=utf-8''evil.exe; NAME=a.txt"
    yield "extended behind plain", b"=a.txt; NAME*=utf-8''evil.exe"
    yield "continued behind plain", b"=a.txt; NAME*0=evil; NAME*1=.exe"
    yield "continued before extended", b"*0=evil; NAME*1=.exe; NAME*=utf-8''a.txt"
    yield "blanks around the equals sign", b" \t=\r\n evil.exe"
    yield "two equals signs", b"==evil.exe"
    yield "a colon", b":evil.exe"
    yield "no semicolon in front", b"=evil.exe"


def _fields() -> Iterator[tuple[str, bytes]]:
    """Which header fields state it, and how."""
    usual = DISPOSED + b"filename=evil.exe\r\n"
    yield "type only", TYPED + b"; name=evil.exe\r\n"
    yield "both, differing, disposition", TYPED + b"; name=a.txt\r\n" + usual
    yield "both, differing, type", TYPED + b"; name=evil.exe\r\n" + DISPOSED + b"filename=a.txt\r\n"
    yield "the type's name in the disposition", DISPOSED + b"name=evil.exe\r\n"
    yield "the disposition's in the type", TYPED + b"; filename=evil.exe\r\n"
    yield "two, first", usual + DISPOSED + b"filename=a.txt\r\n"
    yield "two, last", DISPOSED + b"filename=a.txt\r\n" + usual
    yield "two types, last", TYPED + b"; name=a.txt\r\n" + TYPED + b"; name=evil.exe\r\n"
    yield "inline", usual.replace(b"attachment", b"inline")
    yield "an unknown disposition", usual.replace(b"attachment", b"foo")
    yield "no disposition", usual.replace(b"attachment; ", b"")
    yield "no disposition, a semicolon", usual.replace(b"attachment", b"")
    yield "no semicolon", usual.replace(b"attachment;", b"attachment")
    yield "a comma", usual.replace(b"attachment;", b"attachment,")
    yield "many semicolons", usual.replace(b"attachment;", b"attachment;;; ;")
    yield "a quoted disposition", usual.replace(b"attachment", b'"attachment"')
    yield "a comment before", usual.replace(b"attachment;", b"attachment (a;b=c);")
    yield "an open quote before", usual.replace(b"filename", b'a="b; filename')
    yield "an open comment before", usual.replace(b"filename", b"(a; filename")
    yield "capital letters", usual.upper().replace(b"EVIL.EXE", b"evil.exe")
    yield "a blank in the header's name", usual.replace(b"Disposition:", b"Disposition :")
    yield "a NUL in the header's name", usual.replace(b"Disposition:", b"Dis\0position:")
    yield "a NUL in the parameter's name", usual.replace(b"filename", b"file\0name")
    yield "folded everywhere", usual.replace(b" ", b"\r\n\t")
    yield "a header folded into it", usual.replace(b"; ", b";\r\n X-A: b;\r\n ")
    yield "very many parameters", usual.replace(b"; ", b"; " + b"a=b; " * 1500)
    yield (
        "a dash for an underscore",
        usual.replace(b"filename", b"file-name") + TYPED + b"; name=evil.exe\r\n",
    )
    yield "a description", TYPED + b"\r\nContent-Description: evil.exe\r\n"
    yield (
        "a description and another name",
        DISPOSED + b"filename=a\r\nContent-Description: evil.exe\r\n",
    )
    yield "a location", TYPED + b"\r\nContent-Location: http://a.example/evil.exe\r\n"
    yield "a line that is no header in front", b"no header\r\n" + usual
    yield "behind a very long header", b"X-A: " + b"a" * 300_000 + b"\r\n" + usual


def variants() -> list[Variant]:
    """All of them, in order."""
    found = []
    for what, value in _values():
        found.append(
            Variant("value", f"filename: {what}", whole(DISPOSED + b"filename=" + value + b"\r\n"))
        )
        found.append(Variant("value", f"name: {what}", whole(TYPED + b"; name=" + value + b"\r\n")))
    for what, written in _parameters():
        for start, name in ((DISPOSED, b"filename"), (TYPED + b"; ", b"name")):
            field = start + name + written.replace(b"NAME", name) + b"\r\n"
            if what == "no semicolon in front":
                field = field.replace(b"; ", b" ")
            found.append(Variant("parameter", f"{name.decode()}: {what}", whole(field)))
    found += [Variant("header field", what, whole(headers)) for what, headers in _fields()]
    return found
