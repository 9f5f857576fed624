"""Disk images: files cut out of them, whatever the file system, and the names that stand in them.

File systems begin files at sectors. What is cut out may be longer than the file was; what it is
and does can be seen all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.files.containers.interface import Limits, Opened
from exward.mail.files.kinds import EXECUTABLE_EXTENSIONS, extension, file_kind

KINDS = frozenset({"vhd", "vhdx", "wim", "fat"})
SECTOR = 512
MAX_CARVED = 50
_STARTS = (b"MZ", b"PK\x03\x04", b"L\0\0\0", b"%PDF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf",
           b"{\\rt", b"ITSF", b"\xe4\x52\x5c\x7b", b"<htm", b"<!DO", b"@ech")  # fmt: skip
_KINDS = frozenset({"pe", "zip", "ooxml", "odf", "java", "lnk", "pdf", "ole", "rar", "7z", "rtf",
                    "chm", "onenote", "html", "script"})  # fmt: skip
# Long names of FAT, NTFS and exFAT are UTF-16; those of FAT lie in pieces of five, six and two.
_ENDING = re.compile(rb"\.\0(?:[A-Za-z0-9]\0){2,10}")
_BEFORE = re.compile(rb"(?:[\x20-\x7e]\0){1,100}\Z")
_NAME_BYTES = 200


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`: files without names, and names of files that Windows would run."""
    return carve(data, limits)


def _names(data: bytes) -> Iterator[str]:
    for ending in _ENDING.finditer(data):
        before = _BEFORE.search(data[max(0, ending.start() - _NAME_BYTES) : ending.start()])
        if before is not None:
            yield (before[0] + ending[0]).decode("utf-16-le")


def carve(data: bytes, limits: Limits) -> Opened:
    """Cut files out of an image."""
    opened = Opened(is_unread=True)
    found = dict.fromkeys(name for name in _names(data) if extension(name) in EXECUTABLE_EXTENSIONS)
    opened.members = list(found)[: max(0, min(limits.files, 200))]
    places = [at for at in range(0, len(data), SECTOR) if data.startswith(_STARTS, at)]
    for number, at in enumerate(places):
        if len(opened.files) >= min(MAX_CARVED, limits.files):
            break
        end = places[number + 1] if number + 1 < len(places) else len(data)
        content = data[at : min(end, at + opened.room(limits))]
        if at and file_kind(content[:65_536]) in _KINDS:
            opened.files.append((f"sector {at // SECTOR}", content))
    return opened
