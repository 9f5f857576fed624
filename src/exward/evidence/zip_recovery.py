"""Members of a torn zip file, found by their local headers because the table is lost."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

from exward.evidence import zip_times
from exward.evidence.zip_directory import (
    CENTRAL_SIGNATURE,
    DESCRIPTOR_SIGNATURE,
    FLAG_DESCRIPTOR,
    LOCAL,
    LOCAL_SIGNATURE,
    ZipEntry,
    aes_values,
    member_name,
    split_extra,
    zip64_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Windows grow, so that near places cost little and far ones few calls.
_FIRST_WINDOW_BYTES = 4096
_LAST_WINDOW_BYTES = 1024 * 1024
# Searching to the end of the file for each of many headers would take quadratic time.
_MAX_FRUITLESS_SEARCHES = 8
_SIGNATURES = (LOCAL_SIGNATURE, CENTRAL_SIGNATURE, DESCRIPTOR_SIGNATURE)
_MAX_VERSION = 63  # APPNOTE 4.4.3.2: the highest "version needed" there is
_MAX_HITS = 10_000


def recover_entries(file: BinaryIO, start: int, length: int) -> Iterator[ZipEntry]:
    """Yield a member for every local header from `start` on, in file order; raises OSError."""
    at = _find(file, start, length, (LOCAL_SIGNATURE,))
    fruitless = 0
    while at is not None:
        found = _read_local(file, at, length)
        if found is None:
            at = _find(file, at + 1, length, (LOCAL_SIGNATURE,))
            continue
        entry, begin = found
        if entry.flags & FLAG_DESCRIPTOR or begin + entry.packed_bytes > length:
            thorough = fruitless < _MAX_FRUITLESS_SEARCHES
            end, fits = _find_end(file, begin, length, thorough=thorough)
            fruitless += not fits
            entry = _with_end(entry, begin, end, length, fits=fits)
        yield entry
        at = _find(file, max(begin + entry.packed_bytes, at + 1), length, (LOCAL_SIGNATURE,))


def _with_end(entry: ZipEntry, begin: int, end: int, length: int, *, fits: bool) -> ZipEntry:
    """The entry with the length that was found instead of the one it states."""
    unknown = bool(entry.flags & FLAG_DESCRIPTOR)
    return ZipEntry(
        name=entry.name,
        flags=entry.flags,
        method=entry.method,
        crc=None if unknown else entry.crc,
        packed_bytes=end - begin,
        size_bytes=None if unknown else entry.size_bytes,
        offset=entry.offset,
        mod_time=entry.mod_time,
        aes_strength=entry.aes_strength,
        modified=entry.modified,
        is_folder=entry.is_folder,
        truncated=end == length and not fits,
    )


def _read_local(file: BinaryIO, at: int, length: int) -> tuple[ZipEntry, int] | None:
    """The member whose header is at `at` and where its data begin; None if it is no header."""
    file.seek(at)
    header = file.read(min(LOCAL.size, length - at))
    if len(header) < LOCAL.size:
        return None
    fields = LOCAL.unpack(header)
    version, flags, method, mod_time = fields[1], fields[2], fields[3], fields[4]
    crc, packed, size, name_bytes, extra_bytes = fields[6:]
    begin = at + LOCAL.size + name_bytes + extra_bytes
    if version & 0xFF > _MAX_VERSION or not name_bytes or begin > length:
        return None
    raw_name = file.read(name_bytes)
    extras = split_extra(file.read(extra_bytes))
    size, packed = zip64_values(extras, (size, packed))
    method, strength = aes_values(extras, method)
    name = member_name(raw_name, flags, extras)
    entry = ZipEntry(
        name=name,
        flags=flags,
        method=method,
        crc=None if strength and not crc else crc,
        packed_bytes=packed,
        size_bytes=size,
        offset=at,
        mod_time=mod_time,
        is_folder=name.endswith("/") and size == 0,
        aes_strength=strength,
        modified=zip_times.modified(extras, fields[5], mod_time),
    )
    return entry, begin


def _find_end(file: BinaryIO, begin: int, length: int, *, thorough: bool) -> tuple[int, bool]:
    """Where data of unstated length end, and whether the descriptor behind them says so, too.

    A descriptor repeats the length, which tells it from the same bytes inside the data. Without
    one that fits, the data end at the next local header or at the end of the file.
    """
    fallback = None
    at = _find(file, begin, length, _SIGNATURES)
    for _ in range(_MAX_HITS):
        if at is None:
            break
        end = _descriptor_end(file, begin, at)
        if end is not None:
            return end, True
        file.seek(at)
        if fallback is None and file.read(4) == LOCAL_SIGNATURE:
            fallback = at
            if not thorough:
                break
        at = _find(file, at + 1, length, _SIGNATURES)
    return (length if fallback is None else fallback), False


def _descriptor_end(file: BinaryIO, begin: int, at: int) -> int | None:
    """Where the data end if a descriptor stands at or just before a signature at `at`."""
    file.seek(at)
    after = file.read(24)
    if after[:4] == DESCRIPTOR_SIGNATURE:
        short = len(after) >= 16 and struct.unpack_from("<I", after, 8)[0] == at - begin
        long = len(after) >= 24 and struct.unpack_from("<Q", after, 8)[0] == at - begin
        return at if short or long else None
    for form, size in (("<I", 12), ("<Q", 20)):
        end = at - size
        if end >= begin:
            file.seek(end + 4)
            value = file.read(struct.calcsize(form))
            if struct.unpack(form, value)[0] == end - begin:
                return end
    return None


def _find(file: BinaryIO, start: int, length: int, signatures: tuple[bytes, ...]) -> int | None:
    """The first place from `start` on at which one of the signatures stands."""
    at, window_bytes = start, _FIRST_WINDOW_BYTES
    while at + len(LOCAL_SIGNATURE) <= length:
        file.seek(at)
        window = file.read(min(window_bytes, length - at))
        hits = [hit for hit in map(window.find, signatures) if hit >= 0]
        if hits:
            return at + min(hits)
        if len(window) < len(LOCAL_SIGNATURE):
            return None
        # A signature may straddle two windows.
        at += len(window) - len(LOCAL_SIGNATURE) + 1
        window_bytes = min(2 * window_bytes, _LAST_WINDOW_BYTES)
    return None
