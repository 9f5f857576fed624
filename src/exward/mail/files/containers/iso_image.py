"""CD images: ISO 9660 with Joliet's names (ECMA-119; Joliet specification, 1995).

The directories are read here and not by a library because those build every record of an image at
once, and an image in a message may state as many as memory holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.files.containers.disk_image import carve
from exward.mail.files.containers.interface import Limits, Opened

KINDS = frozenset({"iso"})
SECTOR = 2048
MAX_DIRECTORIES = 500
_FIRST, _LAST = 16, 64
_DIRECTORY = 0x02
_JOLIET = (b"%/@", b"%/C", b"%/E")


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`; of an image with another file system what can be carved out of it."""
    opened = Opened()
    root = _root(data)
    if root is None:
        return carve(data, limits)
    for name, at, size in _files(data, root):
        if len(opened.members) >= limits.files:
            opened.is_unread = True
            break
        opened.members.append(name)
        content = data[at : at + min(size, opened.room(limits))]
        opened.files.append((name, content))
    return opened


def _root(data: bytes) -> tuple[int, int, bool] | None:
    """Place and size of the root directory in bytes, and whether names are Joliet's."""
    plain = None
    for sector in range(_FIRST, _LAST):
        block = data[sector * SECTOR : (sector + 1) * SECTOR]
        if block[1:6] != b"CD001" or block[0] == 0xFF:
            break
        if block[0] == 1 and plain is None:
            plain = (*_extent(block[156:190]), False)
        elif block[0] == 2 and block[88:91] in _JOLIET:
            return (*_extent(block[156:190]), True)
    return plain


def _extent(record: bytes) -> tuple[int, int]:
    at = int.from_bytes(record[2:6], "little") * SECTOR
    return at, int.from_bytes(record[10:14], "little")


def _files(data: bytes, root: tuple[int, int, bool]) -> Iterator[tuple[str, int, int]]:
    """Path, place and size of each file; a directory that is met again is left out."""
    *start, joliet = root
    todo: list[tuple[str, int, int]] = [("", start[0], start[1])]
    seen = {start[0]}
    while todo:
        folder, at, size = todo.pop()
        for name, is_folder, begin, length in _records(data[at : at + size], joliet=joliet):
            path = f"{folder}{name}"
            if not is_folder:
                yield path, begin, length
            elif begin not in seen and len(seen) < MAX_DIRECTORIES:
                seen.add(begin)
                todo.append((f"{path}/", begin, length))


def _records(block: bytes, *, joliet: bool) -> Iterator[tuple[str, bool, int, int]]:
    at = 0
    while at + 34 <= len(block):
        length = block[at]
        if length < 34:  # a record does not cross sectors: the rest of this one is empty
            at = (at // SECTOR + 1) * SECTOR
            continue
        record = block[at : at + length]
        raw = record[33 : 33 + record[32]]
        if raw not in {b"\0", b"\1"}:
            yield _name(raw, joliet=joliet), bool(record[25] & _DIRECTORY), *_extent(record)
        at += length


def _name(raw: bytes, *, joliet: bool) -> str:
    text = raw.decode("utf-16-be", "replace") if joliet else raw.decode("latin-1")
    return text.partition(";")[0].rstrip(".")
