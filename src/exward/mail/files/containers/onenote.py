"""OneNote notebooks: the files embedded in them, which run when a reader clicks through a picture.

Source: MS-ONESTORE 2.6.13, FileDataStoreObject: identifier, length, 12 bytes, the file.
"""

from __future__ import annotations

from exward.mail.files.containers.interface import Limits, Opened

KINDS = frozenset({"onenote"})
_OBJECT = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
_HEADER_BYTES = 36


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`; the files' names stand elsewhere and are not read."""
    opened = Opened()
    at = data.find(_OBJECT)
    while at >= 0 and len(opened.files) < limits.files:
        length = int.from_bytes(data[at + 16 : at + 24], "little")
        begin = at + _HEADER_BYTES
        content = data[begin : begin + min(length, opened.room(limits))]
        opened.is_unread |= begin + length > len(data)
        if content:
            opened.files.append((f"object {len(opened.files) + 1}", content))
        at = data.find(_OBJECT, begin)
    return opened
