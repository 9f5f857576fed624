"""Host and domain names: who registered one, and which others it looks like."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from exward.mail.mime.words import whole_letters

_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")

# Letters of other alphabets (and digits) that are drawn like Latin ones. Source: Unicode
# Technical Standard 39, confusables; only what renders alike in common fonts.
_LOOKS = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһԁԛԝӏвкмнтгєᴀʙᴄ", "aeopcyxijshdqwlbkmhtreabc", strict=True)),
        **dict(zip("αοερνικτυχω", "aoepvikTuxw".lower(), strict=True)),
        **dict(zip("ıɩɪıłøđħŧœæßſƒɡɑ", ("i", "i", "i", "i", "l", "o", "d", "h", "t", "oe", "ae",
                                        "ss", "s", "f", "g", "a"), strict=True)),
        **dict(zip("01358@$", "olesbas", strict=True)),
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
RESERVED = frozenset({"example.com", "example.net", "example.org"})
RESERVED_ENDINGS = frozenset({"test", "invalid", "localhost"})
_STRIP_MARKS = re.compile(r"[\u0300-\u036f\u200b-\u200f\u2060\u00ad\ufeff]")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def organisation(host: str) -> str:
    """The registrable domain of a host (`a.b.example.co.uk` → `example.co.uk`), lower case.

    A host that has none, such as an address, is returned as it is.
    """
    name = host.strip(".").lower()
    if not name or name.replace(".", "").isdigit() or ":" in name:
        return name
    try:
        return _suffixes().privatesuffix(name) or name
    except (UnicodeError, ValueError):
        return name


@lru_cache(maxsize=20_000)
def label(host: str) -> str:
    """The registered name without its public suffix: `example` of `a.example.co.uk`."""
    return organisation(host).partition(".")[0]


def is_reserved(host: str) -> bool:
    """Whether a name stands for others in texts and anonymised mail (RFC 2606)."""
    return host.rpartition(".")[2] in RESERVED_ENDINGS or organisation(host) in RESERVED


def unicode_host(host: str) -> str:
    """The host as people see it: `xn--…` decoded where that is possible."""
    if "xn--" not in host:
        return host
    parts = []
    for part in host.split("."):
        try:
            coded = part[:4] == "xn--"
            parts.append(whole_letters(part[4:].encode().decode("punycode")) if coded else part)
        except (UnicodeError, ValueError):
            parts.append(part)
    return ".".join(parts)


def plain_host(host: str) -> str:
    """The host in letters that cannot be taken for others: punycode where it is not ASCII."""
    return ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}"
        for part in host.split(".")
    )


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """What a text looks like: two texts with the same skeleton cannot be told apart at a glance."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = _STRIP_MARKS.sub("", folded).translate(_LOOKS)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain


def is_near(one: str, other: str) -> bool:
    """Whether two names differ by one letter: left out, added, replaced, or two swapped."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 5:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    tail_one, tail_other = one[start:], other[start:]
    return (
        tail_one[1:] == tail_other[1:]
        or tail_one == tail_other[1:]
        or tail_one[1:] == tail_other
        or (tail_one[1::-1] == tail_other[:2] and tail_one[2:] == tail_other[2:])
    )


def hosts_in(text: str) -> list[str]:
    """The host names in a text, lower case, that have a public suffix."""
    found = [match[0].lower().strip(".") for match in _HOST.finditer(text[:20_000])]
    return [one for one in found if _is_registered(one)]


@lru_cache(maxsize=20_000)
def _is_registered(host: str) -> bool:
    return _strict().privatesuffix(host) is not None


@cache
def _strict() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)
