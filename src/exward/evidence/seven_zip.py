"""Members of a 7z archive, unpacked in order because its blocks can only be read so.

The loop over the members is ours, not py7zr's, so that memory stays bounded and no name of the
archive reaches the disk.
"""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from py7zr.exceptions import PasswordRequired

from exward.evidence.blob import HEAD_BYTES, Blob
from exward.evidence.found import Found, Member, NotEvidence, Walk, describe, member_path
from exward.evidence.seven_zip_headers import (
    DAMAGE,
    SevenZipBlock,
    SevenZipMember,
    damage,
    read_contents,
)
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
    import io
    from collections.abc import Iterator

# Some decoders return all they can of their input: Deflate64 up to 29,000 bytes for one.
_INPUT_BYTES = 4096
# py7zr feeds its decoder with every call, so calls that take little would pile up input.
_OUTPUT_BYTES = 4 * 1024 * 1024


def read_seven_zip(path: str, blob: Blob, walk: Walk) -> Iterator[Found]:
    """Yield the members of the archive that lies in the region `blob`.

    Those worth keeping are spooled.
    """
    try:
        with blob.open(path) as file:
            contents = read_contents(file, blob.length, walk.options.password)
        for name in contents.empty:
            walk.spool.count_member()
            yield Member(member_path(path, name), Blob(blob.disk_path, blob.offset, 0), 0)
        for block in contents.blocks:
            yield from _read_block(path, blob, block, walk)
    except PasswordRequired:
        yield Skipped(path, None, "encrypted; give the password: --password")
    except (EvidenceError, OSError) as error:
        yield Skipped(path, None, f"7z archive: {describe(error)}")


def _read_block(path: str, blob: Blob, block: SevenZipBlock, walk: Walk) -> Iterator[Found]:
    """Yield the members of one block; where it is damaged, go on with the next block."""
    done = 0
    file = open_regular(blob.disk_path)
    region = RegionReader(file, blob.offset + block.offset, block.packed_bytes)
    with closing(ChunkStream(_unpacked(block, region, walk), file, path)) as stream:
        reader = ForwardReader(cast("BinaryIO", stream))
        try:
            for member in block.members:
                walk.spool.count_member()
                yield from _read_member(path, member, reader, walk, encrypted=block.encrypted)
                done += 1
        except EvidenceError as error:
            if block.encrypted:
                raise
            lost = len(block.members) - done
            reason = f"7z archive: {describe(error)}; {lost} members not read"
            yield Skipped(path, None, reason, lost)


def _unpacked(block: SevenZipBlock, region: io.RawIOBase, walk: Walk) -> Iterator[bytes]:
    """Yield the bytes of a block. Raises EvidenceError, PasswordRequired, OSError."""
    limit = walk.options.cap(block.packed_bytes)
    if block.size_bytes > limit:
        raise too_large(limit)
    for chunk in unpack_block(block, region):
        walk.spool.expand(len(chunk))
        yield chunk


def unpack_block(block: SevenZipBlock, region: io.IOBase) -> Iterator[bytes]:
    """Yield the bytes of a block in pieces; raises EvidenceError, PasswordRequired, OSError."""
    left = block.size_bytes
    try:
        decoder = block.folder.get_decompressor(block.packed_bytes, reset=True)
        decoder.block_size = _INPUT_BYTES
        while left > 0:
            before = region.tell()
            chunk = bytes(decoder.decompress(region, min(left, _OUTPUT_BYTES)))
            if not chunk and region.tell() == before:
                raise damage(encrypted=block.encrypted)
            left -= len(chunk)
            yield chunk
    except DAMAGE as error:
        raise damage(encrypted=block.encrypted) from error


def _read_member(
    path: str, member: SevenZipMember, reader: ForwardReader, walk: Walk, *, encrypted: bool
) -> Iterator[Found]:
    name = member_path(path, member.name)
    size, end = member.size_bytes, reader.position + member.size_bytes
    if member.is_link or member.is_special:
        link = "symbolic link not followed"
        yield Skipped(name, None, link if member.is_link else "not a regular file")
    else:
        head = reader.read(min(HEAD_BYTES, size))
        if walk.is_worth_keeping(name, head):
            chunks = chain((head,), reader.chunks(size - len(head)))
            kept, error = walk.spool.keep(verified(chunks, size, member.crc))
            if error is not None and encrypted:
                raise damage(encrypted=True)
            yield Member(name, kept, kept.length, member.modified)
            if error is not None:
                yield Skipped(name, kept.length, describe(error))
        else:
            yield NotEvidence(name)
    reader.skip_to(end)
