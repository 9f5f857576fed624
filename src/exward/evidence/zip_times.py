"""When a member of an archive was last changed, as µs since 1970-01-01 UTC.

A zip file's own field is the local time of whoever packed it, of which the zone is not known: it
is taken for UTC where no other field says more.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Mapping
from functools import lru_cache

# PKWARE APPNOTE 6.3.10, 4.5.5, and Info-ZIP's extra field "extended timestamp".
_EXTRA_NTFS = 0x000A
_EXTRA_UNIX = 0x5455
_HAS_MODIFIED = 1
_UNIX_EPOCH = 11_644_473_600_000_000
"""1970-01-01 as µs since 1601-01-01, from which Windows counts in steps of 100 ns."""


def modified(extras: Mapping[int, bytes], date: int, time: int) -> int | None:
    """The time that the extra fields say, else the member's own; None if it is no time."""
    unix = extras.get(_EXTRA_UNIX, b"")
    if len(unix) >= 5 and unix[0] & _HAS_MODIFIED:
        return int(struct.unpack_from("<i", unix, 1)[0]) * 1_000_000
    windows = extras.get(_EXTRA_NTFS, b"")
    # Four bytes that say nothing, then the attribute 1 with three times of eight bytes.
    if len(windows) >= 16 and windows[4:8] == b"\x01\x00\x18\x00":
        return from_file_time(int.from_bytes(windows[8:16], "little"))
    return _from_dos(date, time)


def from_file_time(time: int) -> int | None:
    """A Windows file time; None for 0, which stands for no time."""
    return time // 10 - _UNIX_EPOCH if time else None


@lru_cache(maxsize=64)  # members were often packed, or changed, in the same seconds
def _from_dos(date: int, time: int) -> int | None:
    """MS-DOS date and time, to two seconds."""
    try:
        moment = datetime.datetime(
            1980 + (date >> 9),
            date >> 5 & 15,
            date & 31,
            time >> 11,
            time >> 5 & 63,
            (time & 31) * 2,
            tzinfo=datetime.UTC,
        )
    except ValueError:
        return None
    return int(moment.timestamp()) * 1_000_000
