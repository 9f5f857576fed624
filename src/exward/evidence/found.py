"""What looking for evidence finds, beside `Skipped`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from exward.evidence.kinds import container_kind, unreadable_kind
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from exward.evidence.blob import Blob
    from exward.evidence.options import EvidenceOptions
    from exward.evidence.spool import Spool
    from exward.evidence.streams import LastOpened

Wanted = Callable[[str, bytes], bool]
"""Says from the path and the first 64 KiB of a file whether anything reads it. Must not raise."""


@dataclass(slots=True)
class EvidenceFile:
    """A `model.source.Source` of plain values: it can be pickled and opened in another process.

    Not frozen only because the protocol's attributes are writable. `replace(file, head=b"")`
    makes a copy that is cheap to send.
    """

    path: str
    size_bytes: int | None
    seekable: bool
    head: bytes = field(repr=False)
    blob: Blob
    modified: int | None = None
    is_undamaged: bool = False
    """Whether the head was read without an error; if it is the whole file, nothing is read again.

    Only of what has to be decoded; a file on the disk stays where it is."""

    def open(self) -> BinaryIO:
        """Open a fresh stream at byte 0. Raises OSError.

        Reading raises EvidenceError or OSError where the data are damaged, cut off or too many,
        after everything before that place was delivered.
        """
        if self.is_undamaged and len(self.head) == self.size_bytes:
            return BytesIO(self.head)
        return self.blob.open(self.path)


@dataclass(frozen=True, slots=True)
class NotEvidence:
    """A file that no format reads, to be counted."""

    path: str


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a container, not yet looked into."""

    path: str
    blob: Blob
    size_bytes: int | None
    modified: int | None = None
    """As in `model.source.Source`."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What all readers of containers need."""

    options: EvidenceOptions
    wanted: Wanted
    spool: Spool
    opened: LastOpened

    def is_worth_keeping(self, path: str, head: bytes) -> bool:
        """Say whether a file of this path that starts so must be looked at again."""
        is_container = container_kind(head) is not None or bool(unreadable_kind(head))
        return not head or is_container or self.wanted(path, head)


Found = Member | NotEvidence | Skipped
"""What a container's reader yields."""


def member_path(container: str, name: str) -> str:
    """Return the path that people see for a member."""
    slashed = name.replace("\\", "/")
    return f"{container}!{slashed}"


def describe(error: EvidenceError | OSError) -> str:
    """Return what happened and what to do, in one line."""
    if isinstance(error, EvidenceError):
        return f"{error.what}; {error.hint}" if error.hint else error.what
    return error.strerror or str(error)
