"""Members of archives that are read by libarchive: RAR with compression, also solid RAR 5.

libarchive has code of its own for these formats, and reads no encrypted members. `archi` ships it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

_LIMITS = struct.Struct("<IQ")


class _Whole:
    """An archive that is held: `archi` points into what it has read and holds neither."""

    def __init__(self, data: bytes) -> None:
        """The whole of it."""
        self._data = data

    def read(self) -> bytes:
        """All at once; the same object each time."""
        return self._data


def asked(data: bytes, max_files: int, max_bytes: int) -> bytes:
    """An archive with how many members, and bytes of all together, are wanted."""
    return _LIMITS.pack(max_files, max_bytes) + data


def read_archive(request: bytes) -> Iterator[bytes]:
    """Each member that can be read; ends at the first that cannot. For `aside`."""
    try:
        import archi  # native, and most messages have no such archive
    except ImportError:  # no wheel for Macs with Intel's processors: names are read all the same
        return

    files, room = _LIMITS.unpack_from(request)
    whole = _Whole(request[_LIMITS.size :])
    try:
        for member in archi.Archive(whole):
            if files <= 0 or room <= 0:
                return
            content = member.read(min(member.size, room)) if member.size else b""
            files, room = files - 1, room - len(content)
            yield msgspec.msgpack.encode((str(member.filename), bytes(content)))
    except (archi.Error, UnicodeError, ValueError):
        return


def member(answer: bytes) -> tuple[str, bytes]:
    """Name and content of a member; raises msgspec.DecodeError."""
    return msgspec.msgpack.decode(answer, type=tuple[str, bytes])
