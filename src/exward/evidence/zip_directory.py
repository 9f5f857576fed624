"""The table of contents of a zip file, read entry by entry, and its local headers.

Layout and numbers: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5. The standard library's reader is
not used because it holds every entry in memory and opens a member only after reading them all.
"""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from exward.evidence import zip_times
from exward.model.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL_SIGNATURE = b"PK\x03\x04"
CENTRAL_SIGNATURE = b"PK\x01\x02"
DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
LOCAL = struct.Struct("<4s5H3I2H")
FLAG_ENCRYPTED = 0x1
FLAG_DESCRIPTOR = 0x8
METHOD_AES = 99

_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_SIGNATURE = b"PK\x05\x06"
_END64_LOCATOR = struct.Struct("<4sIQI")
_END64 = struct.Struct("<4sQ2H2I4Q")
_MAX_COMMENT_BYTES = 65_535
_FLAG_UTF8 = 0x800
_EXTRA_ZIP64 = 0x0001
_EXTRA_UNICODE_PATH = 0x7075
_EXTRA_AES = 0x9901
_DOS_DIRECTORY = 0x10
_HOSTS_UNIX = (3, 19)
_NONE_32 = 0xFFFFFFFF
_CUT_HINT = "collect or copy the archive once more"


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One member as the archive describes it.

    `offset` is that of the local header within the archive. `size_bytes` and `crc` are None
    where they are not known; `aes_strength` is 0 for members without AES. `truncated` marks a
    recovered member whose data end with the file. `modified`: µs UTC, see `zip_times`.
    """

    name: str
    flags: int
    method: int
    crc: int | None
    packed_bytes: int
    size_bytes: int | None
    offset: int
    mod_time: int
    mode: int = 0
    is_folder: bool = False
    aes_strength: int = 0
    truncated: bool = False
    modified: int | None = None

    @property
    def is_link(self) -> bool:
        """Say whether the member is a symbolic link."""
        return stat.S_ISLNK(self.mode)


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the table of contents lies; `shift` is what must be added to its offsets."""

    start: int
    end: int
    count: int
    shift: int


def find_directory(file: BinaryIO, length: int) -> Directory | None:
    """Find the table of contents of an archive of `length` bytes; None if it has none.

    Raises EvidenceError for a split archive, OSError.
    """
    tail_start = max(0, length - _MAX_COMMENT_BYTES - _END.size)
    file.seek(tail_start)
    tail = file.read(length - tail_start)
    at = tail.rfind(_END_SIGNATURE)
    while at >= 0:
        if at + _END.size <= len(tail):
            record = _END.unpack_from(tail, at)
            found = _directory(file, tail_start + at, record)
            # The end record of a stored zip file inside a torn one is not ours.
            is_last = at + _END.size + record[-1] == len(tail)
            if found is not None and (is_last or found.shift == 0):
                return found
        at = tail.rfind(_END_SIGNATURE, 0, at)
    return None


def _directory(file: BinaryIO, end: int, record: tuple[int, ...]) -> Directory | None:
    """The table that an end record at `end` describes; None if it cannot be there."""
    _, disk, first_disk, _, count, size, start, _ = record
    larger = _find_end64(file, end)
    if larger is not None:
        end, disk, first_disk, count, size, start = larger
    shift = end - size - start
    if size > end or shift < 0:
        return None
    if (disk, first_disk) not in ((0, 0), (0xFFFF, 0xFFFF)):
        raise EvidenceError(
            "this is one part of a split zip archive", "join the parts with `zip -s 0` first"
        )
    return Directory(end - size, end, count, shift)


def _find_end64(file: BinaryIO, end: int) -> tuple[int, int, int, int, int, int] | None:
    """The zip64 end record in front of the plain one: its place, disks, count, size, start."""
    locator_at = end - _END64_LOCATOR.size
    if locator_at < _END64.size:
        return None
    file.seek(locator_at)
    locator = file.read(_END64_LOCATOR.size)
    if locator[:4] != b"PK\x06\x07":
        return None
    stated = _END64_LOCATOR.unpack(locator)[2]
    for at in (stated, locator_at - _END64.size):
        if 0 <= at <= locator_at - _END64.size:
            file.seek(at)
            record = file.read(_END64.size)
            if record[:4] == b"PK\x06\x06":
                fields = _END64.unpack(record)
                return at, fields[4], fields[5], fields[7], fields[8], fields[9]
    return None


def iter_directory(file: BinaryIO, directory: Directory) -> Iterator[ZipEntry]:
    """Yield the entries in their order; raises EvidenceError where the table is damaged."""
    file.seek(directory.start)
    at, number = directory.start, 0
    while directory.end - at >= _CENTRAL.size:
        header = file.read(_CENTRAL.size)
        if header[:4] != CENTRAL_SIGNATURE or len(header) < _CENTRAL.size:
            break
        fields = _CENTRAL.unpack(header)
        rest_bytes = sum(fields[10:13])
        rest = file.read(rest_bytes)
        if len(rest) < rest_bytes:
            break
        at += _CENTRAL.size + rest_bytes
        number += 1
        yield _entry(fields, rest, directory.shift)
    # Without zip64 the count wraps around at 65536.
    if number & 0xFFFF != directory.count & 0xFFFF:
        raise EvidenceError(
            f"its table of contents is damaged: {number} of {directory.count} entries are readable",
            _CUT_HINT,
        )


def _entry(fields: tuple[int, ...], rest: bytes, shift: int) -> ZipEntry:
    made_by, flags, method, mod_time = fields[1], fields[3], fields[4], fields[5]
    crc, packed, size = fields[7], fields[8], fields[9]
    name_bytes, extra_bytes, attributes, offset = fields[10], fields[11], fields[15], fields[16]
    raw_name, extra = rest[:name_bytes], rest[name_bytes : name_bytes + extra_bytes]
    extras = split_extra(extra)
    size, packed, offset = zip64_values(extras, (size, packed, offset))
    method, strength = aes_values(extras, method)
    name = member_name(raw_name, flags, extras)
    unix = made_by >> 8 in _HOSTS_UNIX
    return ZipEntry(
        name=name,
        flags=flags,
        method=method,
        # AE-2 members carry no CRC: the authentication code stands for it.
        crc=None if strength and not crc else crc,
        packed_bytes=packed,
        size_bytes=size,
        offset=offset + shift,
        mod_time=mod_time,
        mode=attributes >> 16 if unix else 0,
        is_folder=size == 0 and (name.endswith("/") or bool(attributes & _DOS_DIRECTORY)),
        aes_strength=strength,
        modified=zip_times.modified(extras, fields[6], mod_time),
    )


def split_extra(extra: bytes) -> dict[int, bytes]:
    """Return the extra fields by their id; a damaged rest is left out."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, at)
        fields.setdefault(number, extra[at + 4 : at + 4 + size])
        at += 4 + size
    return fields


def zip64_values(extras: dict[int, bytes], values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace the 32-bit values that are full by their 64-bit ones, in the order of the format."""
    data = extras.get(_EXTRA_ZIP64, b"")
    found: list[int] = []
    at = 0
    for value in values:
        if value == _NONE_32 and at + 8 <= len(data):
            found.append(int.from_bytes(data[at : at + 8], "little"))
            at += 8
        else:
            found.append(value)
    return tuple(found)


def aes_values(extras: dict[int, bytes], method: int) -> tuple[int, int]:
    """Return the real compression method and the AES strength (0: not AES)."""
    data = extras.get(_EXTRA_AES, b"")
    if method != METHOD_AES or len(data) < 7:
        return method, 0
    return int.from_bytes(data[5:7], "little"), data[4]


def member_name(raw: bytes, flags: int, extras: dict[int, bytes]) -> str:
    """Decode a name: UTF-8 where said so, else code page 437; with forward slashes."""
    unicode_path = extras.get(_EXTRA_UNICODE_PATH, b"")
    if len(unicode_path) > 5 and int.from_bytes(unicode_path[1:5], "little") == zlib.crc32(raw):
        name = unicode_path[5:].decode("utf-8", "surrogateescape")
    elif flags & _FLAG_UTF8:
        name = raw.decode("utf-8", "surrogateescape")
    else:
        name = raw.decode("cp437")
    return name.replace("\\", "/")


def data_start(file: BinaryIO, entry: ZipEntry) -> int | None:
    """Return where the data of a member begin within the archive; None if there is no member."""
    file.seek(entry.offset)
    header = file.read(LOCAL.size)
    if len(header) < LOCAL.size or header[:4] != LOCAL_SIGNATURE:
        return None
    name_bytes, extra_bytes = LOCAL.unpack(header)[-2:]
    return int(entry.offset + LOCAL.size + name_bytes + extra_bytes)
