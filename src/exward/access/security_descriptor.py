"""Security descriptors of directory objects: owner and allowing ACEs.

Layouts: Microsoft, [MS-DTYP] 2.4.2.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL), 2.4.6 (descriptor in
self-relative form). Every length comes from the evidence and is checked.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from exward.access import rights

MAX_ACES = 4096
_ALLOWED, _ALLOWED_OBJECT = 0, 5
_INHERIT_ONLY, _INHERITED = 0x08, 0x10
_HAS_TYPE, _HAS_INHERITED_TYPE = 1, 2
_GUID_BYTES = 16


class Granted(NamedTuple):
    """One right of one trustee (a SID) on the object itself."""

    trustee: str
    right: str
    inherited: bool


def sid_text(data: bytes) -> str:
    """A SID as text; raises ValueError if the bytes are none."""
    if len(data) < 8 or len(data) < 8 + 4 * data[1] or data[1] > 15:
        raise ValueError("not a SID")
    parts = struct.unpack_from(f"<{data[1]}I", data, 8)
    authority = int.from_bytes(data[2:8], "big")
    return "-".join(map(str, ("S", data[0], authority, *parts)))


def granted(data: bytes) -> Iterator[Granted]:
    """Yield what the descriptor lets whom do; raises ValueError if it is damaged.

    ACEs that are only there to be inherited give nothing on the object itself. Denying ACEs are
    left out: they can only take away, and a review must not miss who would be let in without one.
    """
    if len(data) < 20:
        raise ValueError("not a security descriptor")
    owner, _, _, acl = struct.unpack_from("<IIII", data, 4)
    if owner:
        yield Granted(sid_text(data[owner:]), rights.OWNS, False)
    if acl:
        yield from _entries(data, acl)


def _entries(data: bytes, acl: int) -> Iterator[Granted]:
    if acl + 8 > len(data):
        raise ValueError("the access list lies outside of the descriptor")
    (count,) = struct.unpack_from("<H", data, acl + 4)
    at = acl + 8
    for _ in range(min(count, MAX_ACES)):
        if at + 8 > len(data):
            raise ValueError("the access list is cut off")
        kind, flags, size, mask = struct.unpack_from("<BBHI", data, at)
        if size < 8 or at + size > len(data):
            raise ValueError("an entry of the access list is damaged")
        if kind in {_ALLOWED, _ALLOWED_OBJECT} and not flags & _INHERIT_ONLY:
            object_type, sid = _parts(data[at + 8 : at + size], kind)
            for name in rights.names_of(mask, object_type):
                yield Granted(sid, name, bool(flags & _INHERITED))
        at += size


def _parts(body: bytes, kind: int) -> tuple[str, str]:
    """GUID ("" if there is none) and SID of an entry."""
    if kind == _ALLOWED:
        return "", sid_text(body)
    if len(body) < 4:
        raise ValueError("an entry of the access list is damaged")
    flags, at, object_type = int.from_bytes(body[:4], "little"), 4, ""
    if flags & _HAS_TYPE:
        if len(body) < at + _GUID_BYTES:
            raise ValueError("an entry of the access list is damaged")
        object_type = str(uuid.UUID(bytes_le=body[at : at + _GUID_BYTES]))
        at += _GUID_BYTES
    if flags & _HAS_INHERITED_TYPE:
        at += _GUID_BYTES
    return object_type, sid_text(body[at:])
