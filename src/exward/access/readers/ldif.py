"""LDIF (RFC 2849), as ldifde, ldapsearch and ldbsearch write it. Positions are lines.

Records of changes (`changetype:`) are no state and are counted as not read; values that a URL
names (`:<`) are not fetched.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from exward.access import ldap_entry
from exward.access.facts import Fact, Place
from exward.formats import text_encoding
from exward.formats.json_objects import numbered_lines
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "ldif"
TITLE = "Directory entries as LDIF"

MAX_ENTRY_BYTES = 64 * 1024 * 1024
_LINE_BYTES = 64
"""What holding a line costs beside its text: an entry may be of many empty ones."""
URL = "values that a URL stands for (not fetched)"
NO_VALUE = "lines that are no attribute and value"
_DN = re.compile(rb"^dn::? ?\S", re.MULTILINE | re.IGNORECASE)
_RANGE = re.compile(r";range=\d+-(?:\d+|\*)\Z")


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first line that is no comment begins an entry."""
    del path
    for line in text_encoding.utf8_head(head)[:8192].splitlines()[:50]:
        if line.strip() and not line.startswith((b"#", b"version:", b" ")):
            return _DN.match(line) is not None
    return False


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of all entries."""
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        for number, lines in _entries(numbered_lines(blocks)):
            yield from _facts(lines, Place(source.path, number))


def _entries(
    lines: Iterable[tuple[int, bytes | None]],
) -> Iterator[tuple[int, list[bytes] | None]]:
    """Yield (line, unfolded lines) of each entry; None for one that is too large."""
    held: list[bytes] = []
    first, size, overlong = 1, 0, False
    for number, raw in lines:
        line = (raw or b"").rstrip(b"\r")
        overlong = overlong or raw is None or size > MAX_ENTRY_BYTES
        if not line and raw is not None:
            if held or overlong:
                yield first, None if overlong else _unfolded(held)
            held, size, overlong = [], 0, False
        elif not overlong:
            first = first if held else number
            held.append(line)
            size += len(line) + _LINE_BYTES
    if held or overlong:
        yield first, None if overlong else _unfolded(held)


def _unfolded(lines: list[bytes]) -> list[bytes]:
    parts: list[list[bytes]] = []
    for line in lines:
        if line.startswith(b" ") and parts:
            parts[-1].append(line[1:])
        else:
            parts.append([line])
    return [b"".join(part) for part in parts if not part[0].startswith(b"#")]


def _facts(lines: list[bytes] | None, place: Place) -> Iterator[Fact | Skipped]:
    if lines is None:
        yield Skipped(place.source, place.position, "entry larger than 64 MiB", 1)
        return
    attributes: dict[str, list[bytes]] = {}
    lost: Counter[str] = Counter()
    for line in lines:
        name, value = _attribute(line)
        if value is None:
            lost[name] += 1
        else:
            attributes.setdefault(name, []).append(value)
    for reason, count in lost.items():
        yield Skipped(place.source, place.position, reason, count)
    if "changetype" in attributes:
        yield Skipped(place.source, place.position, "a record of a change, not of an entry", 1)
    elif "dn" in attributes:
        dn = attributes.pop("dn")[0].decode("utf-8", "replace")
        for fact in ldap_entry.facts(dn, attributes, place):
            if isinstance(fact, str):
                yield Skipped(place.source, place.position, fact, 1)
            else:
                yield fact
    elif attributes.keys() - {"version", "search", "result"}:
        yield Skipped(place.source, place.position, "an entry without dn", 1)


def _attribute(line: bytes) -> tuple[str, bytes | None]:
    """Name in lower case, without the range of a long list, and value; why there is none, None."""
    name, colon, value = line.partition(b":")
    if not colon or value.startswith(b"<"):
        return URL if colon else NO_VALUE, None
    shown = _RANGE.sub("", name.decode("utf-8", "replace").strip().casefold())
    if not value.startswith(b":"):
        return shown, value.removeprefix(b" ")
    try:
        return shown, base64.b64decode(value[1:].strip(), validate=True)
    except (binascii.Error, ValueError):
        return NO_VALUE, None
