"""TNEF (`winmail.dat`): how Outlook sends attachments within an organisation.

Source: MS-OXTNEF 2.1 (attributes) and 2.1.3.4 (properties). The library for it has not been kept
since 2021, and counts to any number of properties that a file states.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from exward.mail.files.containers.interface import Limits, Opened

KINDS = frozenset({"tnef"})
MAX_ATTRIBUTES = 10_000
MAX_PROPERTIES = 1_000
_BODY, _TITLE, _DATA, _PROPERTIES, _RENDERING = 0x800C, 0x8010, 0x800F, 0x9005, 0x9002
_LONG_NAME, _OBJECT = 0x3707, 0x3701
_UNICODE = 0x001F
_MULTIPLE = 0x1000
_SIZES = {0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4,
          0x000B: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_INTERFACE_BYTES = 16
"""An embedded object's content begins with the identifier of its interface."""


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`: attachments with their long names, and the text if there is one."""
    opened = Opened()
    current: dict[str, bytes] = {}
    for name, content in _attributes(data, opened):
        if name == _RENDERING:  # the first attribute of each attachment
            _keep(current, opened, limits)
            current = {}
        elif name == _TITLE:
            current.setdefault("name", content.rstrip(b"\0"))
        elif name == _DATA:
            current["data"] = content
        elif name == _PROPERTIES:
            current.update(_told(content))
        elif name == _BODY and opened.room(limits):
            opened.files.append(("text.txt", content[: opened.room(limits)]))
    _keep(current, opened, limits)
    return opened


def _keep(current: dict[str, bytes], opened: Opened, limits: Limits) -> None:
    content = current.get("data", b"")
    if content and len(opened.files) < limits.files:
        name = current.get("name", b"").decode("utf-8", "replace")
        opened.members.append(name)
        opened.files.append((name or "attachment", content[: opened.room(limits)]))


def _attributes(data: bytes, opened: Opened) -> Iterator[tuple[int, bytes]]:
    """Identifier and content: a level, the identifier, a type, a length, the content, a sum."""
    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(data):
            return
        name, length = struct.unpack_from("<H2xI", data, at + 1)
        if at + 9 + length > len(data):
            opened.is_unread = True
        yield name, data[at + 9 : at + 9 + length]
        at += 9 + length + 2
    opened.is_unread = True


def _told(content: bytes) -> dict[str, bytes]:
    """Long name and embedded object among the properties of an attachment."""
    found: dict[str, bytes] = {}
    try:
        for kind, name, value in _properties(content):
            if name == _LONG_NAME:
                text = value.decode("utf-16-le", "replace") if kind == _UNICODE else ""
                found["name"] = (text.encode() if text else value).rstrip(b"\0")
            elif name == _OBJECT:
                found["data"] = value[_INTERFACE_BYTES:] if kind == 0x000D else value
    except struct.error:
        return found
    return found


def _properties(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, identifier and first value of each property; raises struct.error at the end."""
    (count,) = struct.unpack_from("<I", content)
    at = 4
    for _ in range(min(count, MAX_PROPERTIES)):
        kind, name = struct.unpack_from("<2H", content, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(content, at)
        base = kind & ~_MULTIPLE
        values = 1
        if kind & _MULTIPLE or base in _VARIABLE:
            (values,) = struct.unpack_from("<I", content, at)
            at += 4
        first = b""
        for number in range(min(values, MAX_PROPERTIES)):
            size = _SIZES.get(base, 0)
            if base in _VARIABLE:
                (size,) = struct.unpack_from("<I", content, at)
                at += 4
            first = content[at : at + size] if number == 0 else first
            at += _padded(size)
        yield base, name, first


def _after_name(content: bytes, at: int) -> int:
    """Behind the name of a named property: a GUID, then a number or a text."""
    (kind,) = struct.unpack_from("<I", content, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", content, at + 20)
    return at + 24 + _padded(length)


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
