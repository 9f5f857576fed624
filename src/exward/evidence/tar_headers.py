"""Headers of a tar archive, read from front to back with every length bounded.

Layout: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual,
"Basic Tar Format". The standard library decodes a header block; its archive reader is not used
because it reads long names of any size into memory and can be made to loop.
"""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.evidence.streams import ForwardReader

BLOCK_BYTES = tarfile.BLOCKSIZE
_MAX_EXTENSION_BYTES = 1024 * 1024
_MAX_SIZE = 1 << 62
_GNU_NAME_TYPES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_PAX_TYPES = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_SPECIAL_TYPES = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
_SPARSE_KEYS = ("GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size")


class TarKind(StrEnum):
    """Kinds of member, as far as they matter here."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symbolic link"
    HARDLINK = "hard link"
    SPECIAL = "device or pipe"
    SPARSE = "sparse file"


@dataclass(frozen=True, slots=True)
class TarMember:
    """A member; its data are the `size_bytes` bytes from `start` on. `modified`: µs UTC."""

    name: str
    kind: TarKind
    start: int
    size_bytes: int
    modified: int | None


@dataclass(frozen=True, slots=True)
class TarDamage:
    """A place where the archive is not what it should be."""

    position: int
    reason: str


def iter_headers(reader: ForwardReader) -> Iterator[TarMember | TarDamage]:
    """Yield the members in order, and where headers are damaged.

    The caller may read a member's data before it asks for the next. Archives that follow each
    other in one file are read as one. Raises EvidenceError and OSError of the stream.
    """
    names: dict[str, str] = {}
    for found in _blocks(reader):
        if isinstance(found, TarDamage):
            yield found
            continue
        info, block = found
        if _is_extension(info):
            problem = _read_extension(reader, info, names)
            if problem is not None:
                yield problem
            continue
        member = _member(reader, info, block, names)
        names = {}
        yield member
        reader.skip_to(member.start + _whole_blocks(member.size_bytes))


def _blocks(reader: ForwardReader) -> Iterator[tuple[tarfile.TarInfo, bytes] | TarDamage]:
    """Yield header blocks; where one is damaged, the next one that can be found."""
    ended = False
    damaged_at: int | None = None
    while True:
        at = reader.position
        block = reader.read(BLOCK_BYTES)
        if len(block) < BLOCK_BYTES:
            # A stream that ends in damage says so only when nothing is left to return.
            reader.read(1)
            break
        if not block.strip(b"\0"):
            ended = True
            continue
        info = _parse(block)
        if info is not None:
            if damaged_at is not None:
                yield TarDamage(damaged_at, f"{at - damaged_at} damaged bytes passed over")
            damaged_at, ended = None, False
            yield info, block
        elif damaged_at is None and not ended:
            # Behind the end mark anything may stand; before it, search for the next header.
            damaged_at = at
    if damaged_at is not None:
        yield TarDamage(damaged_at, "damaged from here to the end")
    elif not ended:
        yield TarDamage(reader.position, "cut off: the archive has no end mark")


def _parse(block: bytes) -> tarfile.TarInfo | None:
    """Decode a header block; None if it is none."""
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    return info if 0 <= info.size < _MAX_SIZE else None


def _is_extension(info: tarfile.TarInfo) -> bool:
    kinds = (*_GNU_NAME_TYPES, *_PAX_TYPES, tarfile.XGLTYPE)
    return info.type in kinds


def _read_extension(
    reader: ForwardReader, info: tarfile.TarInfo, names: dict[str, str]
) -> TarDamage | None:
    """Read a header that describes the next one into `names`."""
    at = reader.position
    end = at + _whole_blocks(info.size)
    problem = None
    if info.size > _MAX_EXTENSION_BYTES:
        problem = TarDamage(at, f"extension header of {info.size} bytes not read")
    elif info.type in _PAX_TYPES:
        names.update(parse_pax(reader.read(info.size)))
    elif info.type == tarfile.GNUTYPE_LONGNAME:
        raw = reader.read(info.size).partition(b"\0")[0]
        names["path"] = raw.decode("utf-8", "surrogateescape")
    reader.skip_to(end)
    return problem


def parse_pax(data: bytes) -> dict[str, str]:
    """Return the records `length key=value` of an extended header up to the first bad one."""
    records: dict[str, str] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 20)
        digits = data[at:space] if space > at else b""
        if not digits.isdigit():
            break
        end = at + int(digits)
        if end <= space + 1 or end > len(data):
            break
        key, _, value = data[space + 1 : end - 1].partition(b"=")
        records[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        at = end
    return records


def _member(
    reader: ForwardReader, info: tarfile.TarInfo, block: bytes, names: dict[str, str]
) -> TarMember:
    name = names.get("GNU.sparse.name") or names.get("path") or info.name
    kind = _kind(info, names)
    if info.type == tarfile.GNUTYPE_SPARSE:
        _skip_sparse_map(reader, block)
    size = info.size
    stated = names.get("size", "")
    if stated.isascii() and stated.isdigit() and len(stated) < 19:
        size = int(stated)
    if kind not in (TarKind.FILE, TarKind.SPARSE):
        size = 0
    return TarMember(name, kind, reader.position, size, _modified(info))


def _modified(info: tarfile.TarInfo) -> int | None:
    """A time in the field's usual range; its other form holds numbers of any size."""
    seconds = int(info.mtime)
    return seconds * 1_000_000 if 0 < seconds < 1 << 40 else None


def _kind(info: tarfile.TarInfo, names: dict[str, str]) -> TarKind:
    if info.type == tarfile.GNUTYPE_SPARSE or any(key in names for key in _SPARSE_KEYS):
        return TarKind.SPARSE
    if info.type == tarfile.SYMTYPE:
        return TarKind.SYMLINK
    if info.type == tarfile.LNKTYPE:
        return TarKind.HARDLINK
    if info.type in _SPECIAL_TYPES:
        return TarKind.SPECIAL
    # POSIX: unknown types are regular files.
    return TarKind.FOLDER if info.type == tarfile.DIRTYPE else TarKind.FILE


def _skip_sparse_map(reader: ForwardReader, block: bytes) -> None:
    """Pass the blocks that continue an old GNU sparse header (flag at 482, then at 504)."""
    more = block[482]
    while more:
        following = reader.read(BLOCK_BYTES)
        more = following[504] if len(following) == BLOCK_BYTES else 0


def _whole_blocks(size: int) -> int:
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES
