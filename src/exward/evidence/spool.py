"""Members that can only be read from front to back are kept in one file of our own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from exward.evidence.blob import Blob
from exward.model.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exward.evidence.options import EvidenceOptions

_CHECK_EVERY_BYTES = 16 * 1024 * 1024


@contextmanager
def spool_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder only we may enter and remove it at the end; raises OSError.

    `parent` None: where the system keeps temporary files (`TMPDIR`). Sources that were found
    while the folder stood cannot be opened once it is gone.
    """
    with tempfile.TemporaryDirectory(
        prefix="exward-", dir=parent, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


class Spool:
    """One growing file in `spool_dir`, and the count of what was unpacked so far.

    Names in archives never become names on disk: the file holds all members one behind another.
    """

    def __init__(self, options: EvidenceOptions) -> None:
        """Start without a file."""
        self._options = options
        self._path: Path | None = None
        self._size = 0
        self._next_check = 0
        self._expanded = 0
        self._members = 0

    def count_member(self) -> None:
        """Note one more member of an archive; raises EvidenceError beyond the limit."""
        if self._members >= self._options.max_members:
            raise EvidenceError(
                f"the archives hold more than {self._options.max_members} members",
                "scan in several runs, or unpack the archive yourself",
            )
        self._members += 1

    def expand(self, count: int) -> None:
        """Note that `count` bytes were decompressed; raises EvidenceError beyond the limit."""
        if self._expanded + count > self._options.max_total_bytes:
            raise EvidenceError(
                f"all archives together unpack to more than {self._options.max_total_bytes} bytes",
                "scan in several runs, or unpack the archive yourself",
            )
        self._expanded += count

    def keep(self, chunks: Iterable[bytes]) -> tuple[Blob, EvidenceError | OSError | None]:
        """Write the chunks and return where they lie, with the error that ended them early.

        What came before an error is kept. Raises EvidenceError or OSError if the disk is full.
        """
        path, start = self._file(), self._size
        error: EvidenceError | OSError | None = None
        with path.open("r+b") as file:
            file.seek(start)
            try:
                for chunk in self._caught(chunks):
                    if isinstance(chunk, bytes):
                        self._check_disk(len(chunk))
                        file.write(chunk)
                        self._size += len(chunk)
                    else:
                        error = chunk
            except (EvidenceError, OSError):
                file.truncate(start)
                self._size = start
                raise
        return Blob(str(path), start, self._size - start), error

    def _caught(self, chunks: Iterable[bytes]) -> Iterator[bytes | EvidenceError | OSError]:
        """Tell errors of the evidence from errors of our own disk."""
        try:
            yield from chunks
        except (EvidenceError, OSError) as error:
            yield error

    def _file(self) -> Path:
        if self._path is None:
            self._options.spool_dir.mkdir(mode=0o700, exist_ok=True)
            self._path = self._options.spool_dir / "members"
            self._path.touch(mode=0o600)
            self._size = self._path.stat().st_size
        return self._path

    def _check_disk(self, count: int) -> None:
        if self._size + count < self._next_check:
            return
        free = shutil.disk_usage(self._options.spool_dir).free
        if free - count < self._options.min_free_disk_bytes:
            raise EvidenceError(
                f"the disk of {self._options.spool_dir} is nearly full",
                "set TMPDIR to a disk with more room, or unpack the archive yourself",
            )
        self._next_check = self._size + _CHECK_EVERY_BYTES
