"""A URL may be written in several ways, and attackers use them: as it is, decoded once, twice."""

from __future__ import annotations

import re

from exward.model.records import Fields

EMPTY: list[object] = ["-", "", None]
"""What an empty column matches: the dash as IIS logs it, the empty text, and null."""

URL_FIELDS = frozenset(
    {
        "c-uri",
        "c-uri-extension",
        "c-uri-query",
        "c-uri-stem",
        "cs-uri",
        "cs-uri-query",
        "cs-uri-stem",
    }
)
"""What `add_url` adds."""

DECODINGS = 2
"""As often may a server and an application behind it decode."""
_WIDE = re.compile(rb"%u([0-9a-f]{4})", re.IGNORECASE)
_LINE_BREAK = re.compile(rb"%0[aAdD]")
_PATH_INFO = re.compile(r"([^?]*?\.(?:aspx|ashx|asmx|asp|cshtml|soap|svc))/", re.IGNORECASE)
_NO_CODE = re.compile(rb"%(?![0-9a-fA-F]{2})")


def text_of(data: bytes) -> str:
    """UTF-8; a line in another encoding is read as Latin-1, so that nothing is lost."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _narrow(found: re.Match[bytes]) -> bytes:
    """`%uHHHH`, which ASP.NET decodes, too; an encoded line break becomes a blank."""
    letter = chr(int(found[1], 16))
    return b" " if letter in "\r\n\0" else letter.encode("utf-8", "replace")


def decoded(data: bytes) -> bytes:
    """URL-decoded once; an encoded line break becomes a blank, so that lines stay lines.

    The codec reads `\\xHH` as we need `%HH` read, ten times as fast as `unquote_to_bytes`.
    """
    if b"%0" in data:
        data = _LINE_BREAK.sub(b" ", data)
    if b"%u" in data or b"%U" in data:
        data = _WIDE.sub(_narrow, data)
    data = data.replace(b"\\", b"\\\\")
    try:
        text = data.replace(b"%", b"\\x").decode("unicode_escape")
    except UnicodeDecodeError:
        data = _NO_CODE.sub(b"\\\\x25", data)
        text = data.replace(b"%", b"\\x").decode("unicode_escape")
    return text.encode("latin-1")


def readings(value: bytes) -> list[str]:
    """The value as it is, URL-decoded once and twice, plus signs also as blanks; distinct."""
    if b"%" not in value and b"+" not in value:
        return [text_of(value)]
    forms = [value]
    while len(forms) <= DECODINGS and b"%" in forms[-1]:
        forms.append(decoded(forms[-1]))
    texts = [text_of(form) for form in forms]
    return list(dict.fromkeys([*texts, *(text.replace("+", " ") for text in texts)]))


def with_decoded_lines(body: bytes) -> bytes:
    """The lines as they are, those with a per cent sign followed by what they decode to."""
    if b"%" not in body:
        return body
    lines = body.split(b"\n")
    encoded = {index: line for index, line in enumerate(lines) if b"%" in line}
    for _ in range(DECODINGS):
        # All at once: far quicker than line by line.
        texts = decoded(b"\n".join(encoded.values())).split(b"\n")
        changed = {
            index: new
            for (index, old), new in zip(encoded.items(), texts, strict=True)
            if new != old
        }
        for index, line in changed.items():
            lines[index] += b" " + line
        encoded = {index: line for index, line in changed.items() if b"%" in line}
        if not encoded:
            break
    return b"\n".join(lines)


def add_url(fields: Fields, url: str, query: str | None) -> None:
    """Add stem, query and the whole under Sigma's names, each in all its readings.

    IIS logs the stem decoded, the query raw, and published rules look for stem text in the query
    field: the query has the readings of the whole, too. What stands behind a script (path info)
    changes nothing of which script is run: the stem is also the script alone. `query` None: the
    log says there is none.
    """
    forms: list[object] = list(readings(url.encode("utf-8", "surrogateescape")))
    own: list[object] = list(EMPTY)
    if query is not None:
        own = list(readings(query.encode("utf-8", "surrogateescape")))
    stem, _, _ = url.partition("?")
    stems: list[object] = list(readings(stem.encode("utf-8", "surrogateescape")))
    scripts = [found[1] for text in stems if (found := _PATH_INFO.match(str(text)))]
    stems += [one for one in dict.fromkeys(scripts) if one not in stems]
    fields["cs-uri-query"] = list(dict.fromkeys([*own, *forms]))
    fields["c-uri-query"] = own
    fields["cs-uri-stem"] = fields["c-uri-stem"] = stems
    fields["c-uri"] = fields["cs-uri"] = forms
    last = stem.rpartition("/")[2]
    if "." in last:
        fields["c-uri-extension"] = last.rpartition(".")[2]
