"""Security descriptors of directory objects: owner and the entries of the access list.

Layouts: Microsoft, [MS-DTYP] 2.4.2.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL), 2.4.6 (descriptor in
self-relative form); what a missing list means: [MS-ADTS] 5.1.3.3.2. Every length comes from the
evidence and is checked.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from exward.access.facts import NO_LIST, Reach
from exward.access.rights import FULL_CONTROL

MAX_ACES = 4096
_LIST_PRESENT = 0x0004
_ALLOWED, _DENIED, _ALLOWED_OBJECT, _DENIED_OBJECT, _ALLOWED_IF = 0, 1, 5, 6, 9
_KINDS = frozenset({_ALLOWED, _DENIED, _ALLOWED_OBJECT, _DENIED_OBJECT, _ALLOWED_IF})
"""What allows on a condition is taken to allow; what denies on one, not to deny."""
_FOR_ALL = str(uuid.UUID(int=0))
_HANDED_ON, _ONE_LEVEL, _INHERIT_ONLY, _INHERITED = 0x02, 0x04, 0x08, 0x10
_HAS_TYPE, _HAS_INHERITED_TYPE = 1, 2
_GUID_BYTES = 16


class Ace(NamedTuple):
    """One entry for the object itself. `object_type`: a GUID in lower case, "" for everything."""

    trustee: str
    mask: int
    object_type: str
    allow: bool
    inherited: bool
    reach: Reach = Reach()


OPEN_TO_ALL = Ace("S-1-1-0", FULL_CONTROL, "", True, False, NO_LIST)
"""What stands for an access list that is none."""


def sid_text(data: bytes) -> str:
    """A SID as text; raises ValueError if the bytes are none."""
    if len(data) < 8 or len(data) < 8 + 4 * data[1] or data[1] > 15:
        raise ValueError("not a SID")
    parts = struct.unpack_from(f"<{data[1]}I", data, 8)
    authority = int.from_bytes(data[2:8], "big")
    return "-".join(map(str, ("S", data[0], authority, *parts)))


def owner(data: bytes) -> str:
    """The owner's SID, "" if none is named; raises ValueError if the descriptor is damaged."""
    at = _header(data)[0]
    return sid_text(data[at:]) if at else ""


def aces(data: bytes) -> Iterator[Ace]:
    """Yield the entries in their order; raises ValueError if the descriptor is damaged, or was read
    without its access list.

    Those that are only there to be inherited give and take nothing on the object itself. An object
    whose list is none at all is open to everybody.
    """
    acl = _header(data)[3]
    if not data[2] & _LIST_PRESENT:
        raise ValueError("the access list is not in it")
    if acl:
        yield from _entries(data, acl)
    else:
        yield OPEN_TO_ALL


def allowed(data: bytes) -> Iterator[str]:
    """Yield the trustees that any entry allows something; raises ValueError as `aces` does."""
    yield from dict.fromkeys(one.trustee for one in aces(data) if one.allow)


def _header(data: bytes) -> tuple[int, int, int, int]:
    if len(data) < 20:
        raise ValueError("not a security descriptor")
    owner_at, group_at, sacl_at, dacl_at = struct.unpack_from("<IIII", data, 4)
    return owner_at, group_at, sacl_at, dacl_at


def _entries(data: bytes, acl: int) -> Iterator[Ace]:
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
        if kind in _KINDS and not flags & _INHERIT_ONLY:
            object_type, inherited_type, sid = _parts(data[at + 8 : at + size], kind)
            allow = kind not in {_DENIED, _DENIED_OBJECT}
            reach = _reach(_kind_of(flags), inherited_type)
            yield Ace(sid, mask, object_type, allow, bool(flags & _INHERITED), reach)
        at += size
    if count > MAX_ACES:
        raise ValueError(f"the access list has more than {MAX_ACES:,} entries")


@lru_cache(maxsize=1024)
def _reach(kind: str, to: str) -> Reach:
    """One value for all entries that reach as far: there are many entries and few reaches."""
    return Reach(kind, to)


def _kind_of(flags: int) -> str:
    """Of an entry that counts for the object itself."""
    if not flags & _HANDED_ON:
        return "None"
    return "SelfAndChildren" if flags & _ONE_LEVEL else "All"


def _parts(body: bytes, kind: int) -> tuple[str, str, str]:
    """GUIDs of what an entry is on and of whom it is for ("" if there is none), and its SID."""
    if kind not in {_ALLOWED_OBJECT, _DENIED_OBJECT}:
        return "", "", sid_text(body)
    if len(body) < 4:
        raise ValueError("an entry of the access list is damaged")
    flags, at = int.from_bytes(body[:4], "little"), 4
    guids = ["", ""]
    for number, bit in enumerate((_HAS_TYPE, _HAS_INHERITED_TYPE)):
        if flags & bit:
            if len(body) < at + _GUID_BYTES:
                raise ValueError("an entry of the access list is damaged")
            guids[number] = str(uuid.UUID(bytes_le=body[at : at + _GUID_BYTES]))
            at += _GUID_BYTES
    whole, only = ("" if guid == _FOR_ALL else guid for guid in guids)
    return whole, only, sid_text(body[at:])
