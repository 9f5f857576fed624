"""What programs make of the names that headers state for a file."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from exward.mail.mime.words import decode_words_leniently

MAX_NAME = 1000
MAX_NAMES = 24
_AROUND = "\"' \t"
_FRAME = "\"'<>()[]{}/?\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb \t"
"""What stands around a name and is no letter of it on the disk."""
_LOOKS_LIKE_NAME = re.compile(r"[^\s/\\]{1,200}\.[A-Za-z0-9]{1,10}")


def stated(names: Iterable[str]) -> list[str]:
    """The names as the headers state them, each once, without NUL bytes."""
    return list(dict.fromkeys(name[:MAX_NAME].replace("\0", "") for name in names))


def all_names(names: Iterable[str]) -> list[str]:
    """The names as stated, then what some programs make of them."""
    given = [name[:MAX_NAME] for name in names]
    found = dict.fromkeys(stated(given))
    for name in given:
        for other in _others(name):
            plain = other.replace("\0", "").strip(_AROUND)
            if plain:
                found.setdefault(plain)
    return list(found)[:MAX_NAMES]


def _others(name: str) -> Iterable[str]:
    yield name.partition("\0")[0]
    yield re.split(r"[\r\n]", name, maxsplit=1)[0]
    yield name.strip(_FRAME)
    if not name.isascii() or not name.isprintable():
        yield _as_seen(name)
    if "&" in name:
        yield html.unescape(name)
    if name.strip(_AROUND) != name:
        yield name
    if "%" in name:
        plain = unquote(name, errors="replace")
        yield plain.partition("\0")[0]
        yield name.rstrip("%")
    if "::" in name:  # a stream of the file (NTFS)
        yield name.partition("::")[0]
    if "=?" in name:
        yield from decode_words_leniently(name)


def _as_seen(name: str) -> str:
    """Without letters that nobody sees, and plain ones for those that look like them."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(one for one in plain if unicodedata.category(one) not in {"Cf", "Cc"})


def named_otherwise(descriptions: Iterable[str], locations: Iterable[str]) -> list[str]:
    """Names that Content-Description and Content-Location hold, for a file that has no other."""
    last = [one.partition("?")[0].rstrip("/").rpartition("/")[2] for one in locations]
    return [
        one.strip() for one in (*descriptions, *last) if _LOOKS_LIKE_NAME.fullmatch(one.strip())
    ]
