"""Attachments and everything inside of them, with bounds on depth, number and size."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exward.mail.files.kinds import extension, file_kind

MAX_DEPTH = 6
MAX_FILES = 2000
MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_TOTAL_BYTES = 128 * 1024 * 1024
ENCRYPTED_FLAG = 0x1
_DAMAGE = (OSError, EOFError, ValueError, zipfile.BadZipFile, tarfile.TarError, zlib.error,
           lzma.LZMAError, NotImplementedError, RuntimeError, OverflowError)  # fmt: skip
"""What the standard library raises for archives that are damaged, locked or of unknown method."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message: `path` leads to it (`2!a.zip!b.exe`)."""

    path: str
    names: tuple[str, ...]
    kind: str
    data: bytes = field(repr=False)
    size_bytes: int
    depth: int = 0
    is_encrypted: bool = False
    """It needs a password, and its content was not read."""
    is_unread: bool = False
    """Damaged, too large or of a method that cannot be read."""
    members: tuple[str, ...] = ()
    texts: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Members of an Office package that say what it does."""

    @property
    def name(self) -> str:
        """The usual reading of its name."""
        return self.names[0] if self.names else ""


@dataclass(slots=True)
class Budget:
    """What all attachments of one message may still cost together."""

    files: int = MAX_FILES
    total: int = MAX_TOTAL_BYTES


def explode(path: str, names: tuple[str, ...], data: bytes, budget: Budget) -> Iterator[File]:
    """Yield a file and all that is packed in it, the outer one first."""
    yield from _explode(path, names, data, (0, budget))


def _explode(
    path: str, names: tuple[str, ...], data: bytes, at: tuple[int, Budget]
) -> Iterator[File]:
    depth, budget = at
    budget.files -= 1
    budget.total -= len(data)
    kind = file_kind(data)
    if budget.files < 0 or budget.total < 0 or depth > MAX_DEPTH:
        yield File(path, names, kind, b"", len(data), depth, is_unread=True)
        return
    if kind in {"zip", "ooxml", "odf", "java"}:
        yield from _zip(File(path, names, kind, data, len(data), depth), budget)
        return
    if kind == "7z":
        yield _seven_zip(File(path, names, kind, data, len(data), depth))
        return
    if kind == "rar":
        yield File(path, names, kind, data, len(data), depth, _is_rar_encrypted(data),
                   is_unread=True)  # fmt: skip
        return
    yield File(path, names, kind, data, len(data), depth)
    if kind == "tar":
        yield from _tar(path, data, at)
    elif kind in {"gzip", "bzip2", "xz"}:
        inner = _unpack(kind, data)
        stem = names[0].rpartition(".")[0] if names and extension(names[0]) else ""
        if inner:
            yield from _explode(f"{path}!", (stem,) if stem else (), inner, (depth + 1, budget))


def _zip(outer: File, budget: Budget) -> Iterator[File]:
    """A zip archive; of an Office package only what says what it does."""
    contents: list[tuple[str, bytes]] = []
    members: list[str] = []
    encrypted = unread = False
    left = budget.total
    try:
        with zipfile.ZipFile(io.BytesIO(outer.data)) as archive:
            for info in archive.infolist()[: max(0, budget.files)]:
                members.append(info.filename)
                encrypted |= bool(info.flag_bits & ENCRYPTED_FLAG)
                if info.is_dir() or info.flag_bits & ENCRYPTED_FLAG:
                    continue
                if outer.kind == "zip" or _tells(info.filename):
                    content = _member(archive, info, min(MAX_FILE_BYTES, max(0, left)))
                    left -= len(content)
                    contents.append((info.filename, content))
    except _DAMAGE:
        unread = True
    inside = outer.kind == "zip"
    yield File(outer.path, outer.names, outer.kind, outer.data, outer.size_bytes, outer.depth,
               encrypted, unread, tuple(members), {} if inside else dict(contents))  # fmt: skip
    for name, data in contents if inside else ():
        where = f"{outer.path}!{name}"
        yield from _explode(where, (name,), data, (outer.depth + 1, budget))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    with archive.open(info) as file:
        return file.read(limit)


def _tells(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(("vbaproject.bin", ".rels")) or "oleobject" in lowered


def _seven_zip(outer: File) -> File:
    """A 7z archive: its members' names only; unpacking it in memory has no bound."""
    import py7zr  # slow to import, and 7z attachments are rare

    try:
        with py7zr.SevenZipFile(io.BytesIO(outer.data)) as archive:
            members = tuple(archive.getnames()[:MAX_FILES])
            locked = archive.needs_password()
    except (*_DAMAGE, py7zr.exceptions.ArchiveError):
        return File(outer.path, outer.names, "7z", outer.data, outer.size_bytes, outer.depth,
                    is_encrypted=True, is_unread=True)  # fmt: skip
    return File(outer.path, outer.names, "7z", outer.data, outer.size_bytes, outer.depth,
                locked, is_unread=True, members=members)  # fmt: skip


def _tar(path: str, data: bytes, at: tuple[int, Budget]) -> Iterator[File]:
    depth, budget = at
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None and budget.files > 0:
                    content = file.read(MAX_FILE_BYTES)
                    where = f"{path}!{member.name}"
                    yield from _explode(where, (member.name,), content, (depth + 1, budget))
    except _DAMAGE:
        return


def _unpack(kind: str, data: bytes) -> bytes:
    opener: Any = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}[kind]
    try:
        with opener(io.BytesIO(data)) as file:
            return bytes(file.read(MAX_FILE_BYTES))
    except _DAMAGE:
        return b""


def _is_rar_encrypted(data: bytes) -> bool:
    """Whether headers are encrypted: RAR 5 header type 4, RAR 4 main header flag 0x80."""
    if data[6:8] == b"\x01\x00":
        return len(data) > 14 and 4 in data[12:15]
    return len(data) > 11 and bool(data[10] & 0x80)
