"""Members of a 7z archive, unpacked in order because its blocks can only be read so.

Format: 7zFormat.txt of the LZMA SDK. `py7zr` reads headers and makes the decoders; the loop over
the members is ours, so that memory stays bounded and no name of the archive reaches the disk.
"""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

import py7zr
from py7zr.archiveinfo import HeaderStreamsInfo, SignatureHeader
from py7zr.exceptions import ArchiveError, PasswordRequired

from exward.evidence.blob import HEAD_BYTES, Blob
from exward.evidence.decode import MAX_WINDOW_BYTES, ZstdError
from exward.evidence.found import Found, Member, NotEvidence, Walk, describe, member_path
from exward.evidence.streams import (
    ChunkStream,
    ForwardReader,
    RegionReader,
    open_regular,
    too_large,
    verified,
)
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from py7zr.archiveinfo import Folder
    from py7zr.py7zr import ArchiveFile

_HEADER_BYTES = 32
_ENCODED_HEADER = 0x17
# Room for some 40,000 members; py7zr needs about 40 times as much memory as the header has bytes.
_MAX_HEADER_BYTES = 8 * 1024 * 1024
_LZMA, _LZMA2, _PPMD, _AES = b"\x03\x01\x01", b"\x21", b"\x03\x04\x01", b"\x06\xf1\x07\x01"
# Each encrypted block costs 2^19 rounds of SHA-256 as 7-Zip writes it (a quarter of a second).
_MAX_KEY_ROUNDS = 1 << 28
# Some decoders return all they can of their input: Deflate64 up to 29,000 bytes for one.
_INPUT_BYTES = 4096
# py7zr feeds its decoder with every call, so calls that take little would pile up input.
_OUTPUT_BYTES = 4 * 1024 * 1024

# All that py7zr and the decoders below it raise on damaged archives: it indexes and unpacks
# what it reads without looking.
_DAMAGE = (
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


def read_seven_zip(path: str, blob: Blob, walk: Walk) -> Iterator[Found]:
    """Yield the members of the archive that lies in the region `blob`.

    Those worth keeping are spooled.
    """
    try:
        with blob.open(path) as file:
            archive = _open_archive(file, blob.length, walk.options.password)
            yield from _read_members(path, blob, archive, walk)
    except PasswordRequired:
        yield Skipped(path, None, "encrypted; give the password: --password")
    except (EvidenceError, OSError) as error:
        yield Skipped(path, None, f"7z archive: {describe(error)}")


def _open_archive(file: BinaryIO, length: int, password: str | None) -> py7zr.SevenZipFile:
    """Read the headers within bounds. Raises EvidenceError, PasswordRequired, OSError."""
    encrypted = False
    try:
        encrypted = _check_header(file, length)
        file.seek(0)
        return py7zr.SevenZipFile(file, "r", password=password)
    except _DAMAGE as error:
        raise _damage(encrypted) from error


def _damage(encrypted: bool) -> EvidenceError:
    if encrypted:
        return EvidenceError(
            "the password is wrong or the archive is damaged",
            "give the right one with --password",
        )
    return EvidenceError("damaged or cut off", "collect or copy the archive once more")


def _check_header(file: BinaryIO, length: int) -> bool:
    """Raise EvidenceError for a header that asks for too much; say whether it is encrypted."""
    file.seek(0)
    start = SignatureHeader.retrieve(file)
    if _HEADER_BYTES + start.nextheaderofs + start.nextheadersize > length:
        raise EvidenceError("cut off", "collect or copy the archive once more")
    if start.nextheadersize > _MAX_HEADER_BYTES:
        raise _too_many()
    file.seek(_HEADER_BYTES + start.nextheaderofs)
    header = io.BytesIO(file.read(start.nextheadersize))
    if header.read(1) != bytes([_ENCODED_HEADER]):
        return False
    folders = HeaderStreamsInfo.retrieve(header).unpackinfo.folders
    if sum(folder.get_unpack_size() for folder in folders) > _MAX_HEADER_BYTES:
        raise _too_many()
    _check_coders(folders)
    return any(_is_encrypted(folder) for folder in folders)


def _too_many() -> EvidenceError:
    return EvidenceError("its table of contents is too large", "unpack it yourself")


def _check_coders(folders: list[Folder]) -> None:
    """Raise EvidenceError for blocks whose decoders would need too much memory or time."""
    rounds = 0
    for folder in folders:
        for coder in folder.coders:
            properties = coder["properties"] or b""
            if _window_bytes(coder["method"], properties) > MAX_WINDOW_BYTES:
                limit_mib = MAX_WINDOW_BYTES // (1024 * 1024)
                raise EvidenceError(
                    f"unpacking needs a window of more than {limit_mib} MiB", "unpack it yourself"
                )
            if coder["method"] == _AES and properties:
                rounds += 1 << (properties[0] & 0x3F)
    if rounds > _MAX_KEY_ROUNDS:
        raise EvidenceError("its encryption would take hours to undo", "unpack it yourself")


def _window_bytes(method: bytes, properties: bytes) -> int:
    """Memory that a block's decoder needs; 0 for the small ones."""
    if method in (_LZMA, _PPMD) and len(properties) >= 5:
        return int.from_bytes(properties[1:5], "little")
    if method == _LZMA2 and properties:
        bits = properties[0]
        return (2 | bits & 1) << (bits // 2 + 11)
    return 0


def _is_encrypted(folder: Folder) -> bool:
    return any(coder["method"] == _AES for coder in folder.coders)


def _read_members(
    path: str, blob: Blob, archive: py7zr.SevenZipFile, walk: Walk
) -> Iterator[Found]:
    """Yield the empty members, then those of each block in order."""
    yield from _empty_members(path, blob, archive, walk)
    streams = archive.header.main_streams
    if streams is None:
        return
    folders = streams.unpackinfo.folders
    _check_coders(folders)
    positions = streams.packinfo.packpositions
    first = 0
    for folder in folders:
        # A block of several packed streams (BCJ2) takes as many places.
        inputs = sum(coder["numinstreams"] for coder in folder.coders)
        last = first + max(1, inputs - len(folder.bindpairs))
        members = list(folder.files or ())
        if last >= len(positions):
            raise _damage(encrypted=False)
        start = _HEADER_BYTES + streams.packinfo.packpos + positions[first]
        packed = Blob(blob.disk_path, blob.offset + start, positions[last] - positions[first])
        first = last
        yield from _read_folder(path, packed, folder, members, walk)


def _empty_members(
    path: str, blob: Blob, archive: py7zr.SevenZipFile, walk: Walk
) -> Iterator[Found]:
    info = archive.header.files_info
    is_file = iter(() if info is None else info.emptyfiles)
    for member in archive.files:
        if member.emptystream:
            walk.spool.count_member()
            # What has no data and is not said to be an empty file is a folder.
            if next(is_file, False) and not member.is_directory:
                name = member_path(path, member.filename)
                yield Member(name, Blob(blob.disk_path, blob.offset, 0), 0)


def _read_folder(
    path: str, packed: Blob, folder: Folder, members: list[ArchiveFile], walk: Walk
) -> Iterator[Found]:
    """Yield the members of one block; where it is damaged, go on with the next block."""
    encrypted = _is_encrypted(folder)
    done = 0
    file = open_regular(packed.disk_path)
    with closing(ChunkStream(_unpacked(folder, packed, file, walk), file, path)) as stream:
        reader = ForwardReader(cast("BinaryIO", stream))
        try:
            for member in members:
                walk.spool.count_member()
                yield from _read_member(path, member, reader, walk, encrypted=encrypted)
                done += 1
        except EvidenceError as error:
            if encrypted:
                raise
            lost = len(members) - done
            reason = f"7z archive: {describe(error)}; {lost} members not read"
            yield Skipped(path, None, reason, lost)


def _unpacked(folder: Folder, packed: Blob, file: io.FileIO, walk: Walk) -> Iterator[bytes]:
    """Yield the bytes of a block. Raises EvidenceError, PasswordRequired, OSError."""
    region = RegionReader(file, packed.offset, packed.length)
    left = folder.get_unpack_size()
    limit = walk.options.cap(packed.length)
    if left > limit:
        raise too_large(limit)
    try:
        decoder = folder.get_decompressor(packed.length, reset=True)
        decoder.block_size = _INPUT_BYTES
        while left > 0:
            before = region.tell()
            chunk = bytes(decoder.decompress(region, min(left, _OUTPUT_BYTES)))
            if not chunk and region.tell() == before:
                raise _damage(_is_encrypted(folder))
            walk.spool.expand(len(chunk))
            left -= len(chunk)
            yield chunk
    except _DAMAGE as error:
        raise _damage(_is_encrypted(folder)) from error


def _read_member(
    path: str, member: ArchiveFile, reader: ForwardReader, walk: Walk, *, encrypted: bool
) -> Iterator[Found]:
    name = member_path(path, member.filename)
    size, end = member.uncompressed, reader.position + member.uncompressed
    if member.is_symlink or member.is_junction:
        yield Skipped(name, None, "symbolic link not followed")
    elif not member.is_socket:
        head = reader.read(min(HEAD_BYTES, size))
        if walk.is_worth_keeping(head):
            chunks = chain((head,), reader.chunks(size - len(head)))
            kept, error = walk.spool.keep(verified(chunks, size, member.crc32))
            if error is not None and encrypted:
                raise _damage(encrypted)
            yield Member(name, kept, kept.length)
            if error is not None:
                yield Skipped(name, kept.length, describe(error))
        else:
            yield NotEvidence(name)
    reader.skip_to(end)
