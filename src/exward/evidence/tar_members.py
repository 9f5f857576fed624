"""Members of a tar archive, on disk or out of a compressed stream."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from exward.evidence.blob import HEAD_BYTES, Blob
from exward.evidence.found import Found, Member, NotEvidence, Walk, describe, member_path
from exward.evidence.streams import ChunkStream, ForwardReader, open_regular
from exward.evidence.tar_headers import (
    TarDamage,
    TarKind,
    TarMember,
    iter_headers,
)
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_READ = {
    TarKind.SYMLINK: "symbolic link not followed",
    TarKind.HARDLINK: "hard link not followed",
    TarKind.SPECIAL: "not a regular file",
    TarKind.SPARSE: "sparse files in tar archives are not read; pack it without --sparse (-S)",
}


def read_tar(path: str, blob: Blob, walk: Walk) -> Iterator[Found]:
    """Yield the members of the archive that `blob` holds.

    Of an archive that lies on disk as it is they are regions; from a compressed one those worth
    keeping are spooled, once and in order.
    """
    with closing(_stream(path, blob, walk)) as stream:
        reader = ForwardReader(stream)
        try:
            for header in iter_headers(reader):
                if isinstance(header, TarDamage):
                    yield Skipped(path, header.position, header.reason)
                    continue
                yield from _read_member(path, blob, header, reader, walk)
        except (EvidenceError, OSError) as error:
            yield Skipped(path, reader.position, f"tar archive: {describe(error)}")


def _stream(path: str, blob: Blob, walk: Walk) -> BinaryIO:
    """Open the archive so that what is decompressed is counted."""
    if not blob.steps:
        return blob.open(path)
    file = open_regular(blob.disk_path)

    def counted() -> Iterator[bytes]:
        for chunk in blob.chunks(file):
            walk.spool.expand(len(chunk))
            yield chunk

    return cast("BinaryIO", ChunkStream(counted(), file, path))


def _read_member(
    path: str, blob: Blob, header: TarMember, reader: ForwardReader, walk: Walk
) -> Iterator[Found]:
    name = member_path(path, header.name)
    if header.kind is TarKind.FOLDER:
        return
    if header.kind is not TarKind.FILE:
        yield Skipped(name, None, _NOT_READ[header.kind])
        return
    walk.spool.count_member()
    if blob.steps:
        yield from _spool_member(name, header, reader, walk)
        return
    length = min(header.size_bytes, max(0, blob.length - header.start))
    region = Blob(blob.disk_path, blob.offset + header.start, length)
    yield Member(name, region, length, header.modified)
    if length < header.size_bytes:
        yield _cut_off(name, length, header.size_bytes)


def _spool_member(
    name: str, header: TarMember, reader: ForwardReader, walk: Walk
) -> Iterator[Found]:
    size = header.size_bytes
    head = reader.read(min(HEAD_BYTES, size))
    if not walk.is_worth_keeping(name, head):
        yield NotEvidence(name)
        return
    if size and not head:
        yield _cut_off(name, 0, size)
        return
    kept, error = walk.spool.keep(chain((head,), reader.chunks(size - len(head))))
    yield Member(name, kept, kept.length, header.modified)
    if error is not None:
        yield Skipped(name, kept.length, describe(error))
        raise error
    if kept.length < size:
        yield _cut_off(name, kept.length, size)


def _cut_off(name: str, available: int, size: int) -> Skipped:
    return Skipped(name, available, f"cut off: the archive holds {available} of {size} bytes")
