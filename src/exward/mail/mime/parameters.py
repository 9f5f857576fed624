"""Parameters of Content-Type and Content-Disposition, in every reading that some program has.

RFC 2045 section 5.1, RFC 2231 (continued and encoded values), RFC 2047 where it must not stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from exward.mail.mime.words import decode_text, decode_words

MAX_VALUE = 16_384
MAX_READINGS = 16
_TYPE = re.compile(r"[\s;\"']*([a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120})", re.IGNORECASE)
_LONG_BLANK = re.compile(r"([\s;,]{20})[\s;,]+")
"""Longer runs would cost the square of their length; no reader needs them."""
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_QUOTED_NAME = re.compile(r"\"\s*[a-z-]{1,40}\*?\s*\"?\s*=", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_PARAMETER = re.compile(
    r"(?:^|[;\s,])[\s;]*([a-z][a-z-]{0,40})\s{0,20}(\*[+-]?\d[\dx]{0,11})?(\*{1,2})?\s*=\s*"
    r"(?:\"((?:[^\"\\]|\\.){0,4000})(\"?)([^;]{0,300})|'([^']{1,300})'|"
    r"([^;\"]{0,2000})((?:\"[^;]{0,300})?))",
    re.IGNORECASE | re.DOTALL,
)


def media_types(values: Iterable[str]) -> list[str]:
    """The media types that these Content-Type values may mean, in lower case."""
    found = []
    for value in values:
        for text in (value, _COMMENT.sub("", decode_words(value))):
            match = _TYPE.match(text[:MAX_VALUE])
            if match:
                found.append(match[1].lower())
    return _distinct(found)


def parameters(values: Iterable[str]) -> dict[str, list[str]]:
    """Each parameter (lower case) with every value that it may have, the usual one first."""
    found: dict[str, list[str]] = {}
    for value in values:
        plain = _LONG_BLANK.sub(r"\1", value[:MAX_VALUE])
        others = [_COMMENT.sub("", plain), decode_words(plain)]
        # A quotation mark that nobody closes hides what follows; some stand around the name.
        if plain.count('"') % 2 or _QUOTED_NAME.search(plain):
            others.append(plain.replace('"', ""))
        if '\\"' in plain:  # programs that know no escapes end the text here
            others.append(plain.replace('\\"', '"'))
        if _INVISIBLE.search(plain):
            others.append(_LONG_BLANK.sub(r"\1", _INVISIBLE.sub("", plain)))
        for text in _distinct([plain, *others]):
            _read(text, found)
    return {name: _distinct(readings) for name, readings in found.items()}


def _read(text: str, found: dict[str, list[str]]) -> None:
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(text):
        name, readings = match[1].lower(), _values(match)
        if match[2]:
            number = _number(match[2][1:])
            pieces.setdefault(name, []).append((number, bool(match[3]), readings[0]))
        elif match[3]:
            found.setdefault(name, []).insert(0, _extended(readings[0]))
            if match[7] is not None:  # the charset in quotes: 'utf-8'en'name
                found[name].append(_extended(text[match.start(7) :].partition(";")[0]))
        else:
            found.setdefault(name, []).extend(readings)
    for name, parts in pieces.items():
        found.setdefault(name, []).insert(0, _joined(sorted(parts)))
        found[name] += [_joined(parts), _joined([_without_charset(part) for part in parts])]
        if len({number for number, _, _ in parts}) < len(parts):  # a piece twice
            for order in (parts, parts[::-1]):
                one_each = {number: (number, coded, value) for number, coded, value in order}
                found[name].append(_joined(sorted(one_each.values())))


def _number(text: str) -> int:
    """The number of a piece, in any form that programs read; 0 for what is none."""
    try:
        return int(text, 0 if "x" in text.lower() else 10)
    except ValueError:
        return 0


def _values(match: re.Match[str]) -> list[str]:
    if match[4] is not None:
        raw, rest = match[4], match[6] or ""
        readings = [re.sub(r"\\(.)", r"\1", raw, flags=re.DOTALL), raw]
        if rest.strip():  # some programs read past the second quotation mark, "a"b"
            readings.append(raw + rest.strip().strip('"'))
    elif match[7] is not None:
        readings = [f"'{match[7]}'", match[7]]
    else:
        raw = match[8].strip()
        readings = [raw, *raw.split(maxsplit=1)[:1], *raw.split(",", 1)[:1]]
        if match[9]:  # a"b" without a blank between
            readings.append(raw + match[9].replace('"', "").strip())
    decoded = [decode_words(one) for one in readings]
    return [one.strip() for one in (*decoded, *readings)]


def _extended(value: str) -> str:
    """A value of RFC 2231: charset'language'percent-encoded."""
    charset, _, rest = value.partition("'")
    _, quote, coded = rest.partition("'")
    if not quote:
        charset, coded = "", value
    return decode_text(unquote_to_bytes(coded), charset)


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    if not any(is_coded for _, is_coded, _ in parts):
        return decode_words("".join(text for _, _, text in parts))
    charset = parts[0][2].partition("'")[0] if _names_charset(parts[0]) else ""
    data = b""
    for _, is_coded, text in [_without_charset(parts[0]), *parts[1:]]:
        data += unquote_to_bytes(text) if is_coded else text.encode("utf-8", "replace")
    return decode_text(data, charset)


def _names_charset(part: tuple[int, bool, str]) -> bool:
    """Whether a piece begins with charset'language', as the first one may."""
    return part[1] and part[2].count("'") >= 2


def _without_charset(part: tuple[int, bool, str]) -> tuple[int, bool, str]:
    """The piece as some programs read it that take a charset from any."""
    return (part[0], part[1], part[2].split("'", 2)[2]) if _names_charset(part) else part


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))[:MAX_READINGS]
