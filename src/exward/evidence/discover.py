"""From the paths that were given to every evidence file, in folders and nested archives."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from exward.evidence.blob import HEAD_BYTES, Blob, Cap, Decode, Verify
from exward.evidence.decode import Codec
from exward.evidence.disk import walk_disk
from exward.evidence.found import (
    EvidenceFile,
    Found,
    Member,
    NotEvidence,
    Walk,
    Wanted,
    describe,
)
from exward.evidence.kinds import Container, container_kind, unreadable_kind
from exward.evidence.seven_zip import read_seven_zip
from exward.evidence.spool import Spool
from exward.evidence.streams import LastOpened, open_regular, too_large
from exward.evidence.tar_members import read_tar
from exward.evidence.zip_members import read_zip
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exward.evidence.options import EvidenceOptions
    from exward.model.source import Source


def discover(
    paths: Sequence[str], options: EvidenceOptions, wanted: Wanted
) -> Iterator[Source | Skipped | NotEvidence]:
    """Yield every file below `paths` once, lazily and in a fixed order.

    A file that `wanted` recognises by its path and first 64 KiB is a `Source`, and so is an empty
    one; any other is `NotEvidence`, a container is replaced by its members, and what cannot be read
    is `Skipped`. Sources can be sent to other processes and opened while `options.spool_dir`
    stands. Raises EvidenceError, before anything is yielded, if a path does not exist.
    """
    with closing(LastOpened()) as opened:
        walk = Walk(options, wanted, Spool(options), opened)
        for file in walk_disk(paths):
            if isinstance(file, Skipped):
                yield file
            else:
                blob = Blob(file.disk_path, 0, file.size_bytes)
                yield from _explore(
                    Member(file.path, blob, file.size_bytes, file.modified), walk, depth=0
                )


def _explore(
    member: Member, walk: Walk, depth: int
) -> Iterator[EvidenceFile | Skipped | NotEvidence]:
    """Say what one file is; open it if it is a container."""
    head, error = _read_head(member, walk.opened)
    if error is not None and not head:
        yield _unread(member, error)
        return
    kind = container_kind(head)
    if kind is None:
        yield _judge(member, head, walk, error)
    elif depth >= walk.options.max_depth:
        reason = f"nested deeper than {walk.options.max_depth} archives; unpack it yourself"
        yield Skipped(member.path, None, reason)
    elif isinstance(kind, Codec):
        cap = Cap(walk.options.cap(member.blob.length))
        inner = member.blob.then(Decode(kind), cap)
        yield from _explore(Member(member.path, inner, None, member.modified), walk, depth + 1)
    else:
        for found in _open_container(member, kind, walk):
            if isinstance(found, Member):
                yield from _explore(found, walk, depth + 1)
            else:
                yield found


def _read_head(member: Member, opened: LastOpened) -> tuple[bytes, EvidenceError | OSError | None]:
    """The first bytes, and the error that kept more from being read."""
    head = b""
    try:
        for chunk in member.blob.chunks(opened.file(member.blob.disk_path)):
            head += chunk
            if len(head) >= HEAD_BYTES:
                break
    except (EvidenceError, OSError) as error:
        return head[:HEAD_BYTES], error
    return head[:HEAD_BYTES], None


def _judge(
    member: Member, head: bytes, walk: Walk, error: EvidenceError | OSError | None
) -> EvidenceFile | Skipped | NotEvidence:
    """Say whether a file that is no container is evidence; `error` ended its head too early."""
    unreadable = unreadable_kind(head)
    if unreadable:
        advice = "unpack or mount it and give what is inside"
        return Skipped(member.path, None, f"{unreadable} is not supported; {advice}")
    if head and not walk.wanted(member.path, head):
        # Damaged from its start on, it could have been evidence.
        return NotEvidence(member.path) if error is None else _unread(member, error)
    blob, size = member.blob, member.size_bytes
    if blob.steps and size is not None:
        try:
            _check_size(member, walk)
            walk.spool.expand(size)
        except EvidenceError as failure:
            return _unread(member, failure)
    is_undamaged = bool(blob.steps) and error is None and len(head) < HEAD_BYTES
    return EvidenceFile(
        member.path, size, not blob.steps, head, blob, member.modified, is_undamaged
    )


def _unread(member: Member, error: EvidenceError | OSError) -> Skipped:
    return Skipped(member.path, None, describe(error))


def _check_size(member: Member, walk: Walk) -> None:
    """Raise EvidenceError if a member promises more bytes than its packed size makes likely."""
    limit = walk.options.cap(member.blob.length)
    if member.size_bytes is not None and member.size_bytes > limit:
        raise too_large(limit)


def _open_container(member: Member, kind: Container, walk: Walk) -> Iterator[Found]:
    """Yield the members of a container, spooling it first if it must be on disk."""
    blob = member.blob
    if all(isinstance(step, Verify) for step in blob.steps):
        # Stored as it is: its own checksums say what is damaged.
        blob = Blob(blob.disk_path, blob.offset, blob.length)
    if kind is Container.TAR:
        yield from read_tar(member.path, blob, walk)
        return
    if blob.steps:
        try:
            _check_size(member, walk)
            blob, error = _spool_whole(blob, walk)
        except (EvidenceError, OSError) as failure:
            yield _unread(member, failure)
            return
        if error is not None:
            yield Skipped(member.path, blob.length, describe(error))
    reader = read_zip if kind is Container.ZIP else read_seven_zip
    yield from reader(member.path, blob, walk)


def _spool_whole(blob: Blob, walk: Walk) -> tuple[Blob, EvidenceError | OSError | None]:
    """Unpack a container to disk; what could be read is kept beside the error."""
    with closing(open_regular(blob.disk_path)) as file:

        def counted() -> Iterator[bytes]:
            for chunk in blob.chunks(file):
                walk.spool.expand(len(chunk))
                yield chunk

        return walk.spool.keep(counted())
