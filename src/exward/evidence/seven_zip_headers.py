"""The table of contents of a 7z archive, read within bounds.

Format: 7zFormat.txt of the LZMA SDK. `py7zr` reads the headers and makes the decoders. All that
its code does with what an archive says happens here, so that its many errors end here, too.
"""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import py7zr
from py7zr.archiveinfo import HeaderStreamsInfo, SignatureHeader
from py7zr.exceptions import ArchiveError

from exward.evidence import zip_times
from exward.evidence.decode import MAX_WINDOW_BYTES, ZstdError
from exward.model.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from py7zr.archiveinfo import Folder
    from py7zr.py7zr import ArchiveFile

# What py7zr and the decoders below it raise on damaged archives: it indexes and unpacks what it
# reads without looking.
DAMAGE = (
    ArchiveError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
    ZstdError,
)

_HEADER_BYTES = 32
_ENCODED_HEADER = b"\x17"


class HeaderLimits(NamedTuple):
    """What the table of contents of an archive may cost.

    py7zr needs about 40 times as much memory as the header has bytes. Each encrypted block costs
    2^19 rounds of SHA-256 as 7-Zip writes it (a quarter of a second).
    """

    max_bytes: int = 8 * 1024 * 1024  # room for some 40,000 members
    max_key_rounds: int = 1 << 28


_LIMITS = HeaderLimits()
_LZMA, _LZMA2, _AES = b"\x03\x01\x01", b"\x21", b"\x06\xf1\x07\x01"
# Methods.txt of the LZMA SDK. PPMd is left out on purpose: its decoder (pyppmd 1.3) overwrites
# memory on damaged data. So is Brotli, which is no method of 7-Zip's.
_METHODS = frozenset(
    (
        _LZMA,
        _LZMA2,
        _AES,
        b"\x00",  # stored
        b"\x03",  # Delta
        b"\x03\x03\x01\x03",  # BCJ x86
        b"\x03\x03\x02\x05",  # PowerPC
        b"\x03\x03\x05\x01",  # ARM
        b"\x03\x03\x07\x01",  # ARM Thumb
        b"\x03\x03\x08\x05",  # SPARC
        b"\x04\x01\x08",  # Deflate
        b"\x04\x01\x09",  # Deflate64
        b"\x04\x02\x02",  # BZip2
        b"\x04\xf7\x11\x01",  # Zstandard
    )
)
_PPMD = b"\x03\x04\x01"


@dataclass(frozen=True, slots=True)
class SevenZipMember:
    """A member that has data. `modified`: µs UTC."""

    name: str
    size_bytes: int
    crc: int | None
    is_link: bool
    is_special: bool
    modified: int | None


@dataclass(frozen=True, slots=True)
class SevenZipBlock:
    """Members that are compressed as one stream: `packed_bytes` from `offset` on."""

    folder: Folder
    offset: int
    packed_bytes: int
    size_bytes: int
    encrypted: bool
    members: tuple[SevenZipMember, ...]


@dataclass(frozen=True, slots=True)
class SevenZipContents:
    """Names of the empty files, and the blocks in their order."""

    empty: tuple[str, ...]
    blocks: tuple[SevenZipBlock, ...]


def read_contents(
    file: BinaryIO, length: int, password: str | None, limits: HeaderLimits = _LIMITS
) -> SevenZipContents:
    """Read the headers of an archive of `length` bytes.

    Raises EvidenceError, OSError and py7zr's PasswordRequired.
    """
    encrypted = False
    try:
        encrypted = _check_header(file, length, limits)
        file.seek(0)
        archive = py7zr.SevenZipFile(file, "r", password=password)
        blocks = _blocks(archive, length, limits.max_key_rounds)
        return SevenZipContents(tuple(_empty_files(archive)), tuple(blocks))
    except DAMAGE as error:
        raise damage(encrypted=encrypted) from error


def damage(*, encrypted: bool) -> EvidenceError:
    """Make the error for data that cannot be unpacked; a wrong password shows itself so, too."""
    if encrypted:
        return EvidenceError(
            "the password is wrong or the archive is damaged",
            "give the right one with --password",
        )
    return EvidenceError("damaged or cut off", "collect or copy the archive once more")


def _check_header(file: BinaryIO, length: int, limits: HeaderLimits) -> bool:
    """Raise EvidenceError for a header that asks for too much; say whether it is encrypted."""
    file.seek(0)
    start = SignatureHeader.retrieve(file)
    if _HEADER_BYTES + start.nextheaderofs + start.nextheadersize > length:
        raise EvidenceError("cut off", "collect or copy the archive once more")
    if start.nextheadersize > limits.max_bytes:
        raise _too_many()
    file.seek(_HEADER_BYTES + start.nextheaderofs)
    header = io.BytesIO(file.read(start.nextheadersize))
    if header.read(1) != _ENCODED_HEADER:
        return False
    folders = HeaderStreamsInfo.retrieve(header).unpackinfo.folders
    if sum(folder.get_unpack_size() for folder in folders) > limits.max_bytes:
        raise _too_many()
    _check_coders(folders, limits.max_key_rounds)
    return any(_is_encrypted(folder) for folder in folders)


def _too_many() -> EvidenceError:
    return EvidenceError("its table of contents is too large", "unpack it yourself")


def _check_coders(folders: list[Folder], max_key_rounds: int) -> None:
    """Raise EvidenceError for blocks whose decoders are unsafe or too dear."""
    rounds = 0
    for folder in folders:
        for coder in folder.coders:
            method, properties = coder["method"], coder["properties"] or b""
            if method not in _METHODS:
                name = "PPMd" if method == _PPMD else f"the method {method.hex()}"
                raise EvidenceError(f"{name} is not read", "pack it again with LZMA2")
            if _window_bytes(method, properties) > MAX_WINDOW_BYTES:
                limit_mib = MAX_WINDOW_BYTES // (1024 * 1024)
                raise EvidenceError(
                    f"unpacking needs a window of more than {limit_mib} MiB", "unpack it yourself"
                )
            if method == _AES and properties:
                rounds += 1 << (properties[0] & 0x3F)
    if rounds > max_key_rounds:
        raise EvidenceError("its encryption takes too long to undo", "unpack it yourself")


def _window_bytes(method: bytes, properties: bytes) -> int:
    """Memory that a block's decoder needs; 0 for the small ones."""
    if method == _LZMA and len(properties) >= 5:
        return int.from_bytes(properties[1:5], "little")
    if method == _LZMA2 and properties:
        bits = properties[0]
        return (2 | bits & 1) << (bits // 2 + 11)
    return 0


def _is_encrypted(folder: Folder) -> bool:
    return any(coder["method"] == _AES for coder in folder.coders)


def _empty_files(archive: py7zr.SevenZipFile) -> Iterator[str]:
    """Names of members without data that are said to be files; the others are folders."""
    info = archive.header.files_info
    is_file = iter(() if info is None else info.emptyfiles)
    for member in archive.files:
        if member.emptystream and next(is_file, False) and not member.is_directory:
            yield str(member.filename)


def _blocks(
    archive: py7zr.SevenZipFile, length: int, max_key_rounds: int
) -> Iterator[SevenZipBlock]:
    streams = archive.header.main_streams
    if streams is None:
        return
    folders = streams.unpackinfo.folders
    _check_coders(folders, max_key_rounds)
    positions = streams.packinfo.packpositions
    first = 0
    for folder in folders:
        # A block of several packed streams (BCJ2) takes as many places.
        inputs = sum(coder["numinstreams"] for coder in folder.coders)
        last = first + max(1, inputs - len(folder.bindpairs))
        start, end = (
            _HEADER_BYTES + streams.packinfo.packpos + positions[place] for place in (first, last)
        )
        if end > length:
            raise damage(encrypted=False)
        yield SevenZipBlock(
            folder=folder,
            offset=start,
            packed_bytes=end - start,
            size_bytes=folder.get_unpack_size(),
            encrypted=_is_encrypted(folder),
            members=tuple(map(_member, folder.files or ())),
        )
        first = last


def _member(member: ArchiveFile) -> SevenZipMember:
    return SevenZipMember(
        name=str(member.filename),
        size_bytes=int(member.uncompressed),
        crc=member.crc32,
        is_link=member.is_symlink or member.is_junction,
        is_special=member.is_socket,
        modified=zip_times.from_file_time(int(member.lastwritetime or 0)),
    )
