"""SIDs and security descriptors as the directory stores them ([MS-DTYP] 2.4)."""

from __future__ import annotations

import struct


def sid(*parts: int) -> bytes:
    """`S-1-5-…`, without what all begin with."""
    return bytes((1, len(parts))) + (5).to_bytes(6, "big") + struct.pack(f"<{len(parts)}I", *parts)


def descriptor(*aces: bytes) -> bytes:
    """One with these entries."""
    body = b"".join(aces)
    size = min(8 + len(body), 0xFFFF)  # what has more is a lie
    acl = struct.pack("<BBHHH", 4, 0, size, len(aces), 0) + body
    return struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + acl


def ace(mask: int, trustee: bytes, guid: bytes = b"", flags: int = 0) -> bytes:
    """An entry that allows."""
    body = struct.pack("<I", mask) + (struct.pack("<I", 1) + guid if guid else b"") + trustee
    return struct.pack("<BBH", 5 if guid else 0, flags, 4 + len(body)) + body
