"""One evidence file as a stream, wherever it lies: on disk or inside nested archives."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class Source(Protocol):
    """A file that can be opened (more than once) and read from the start.

    `path` is what the user sees: the path as given, members of archives after `!`
    (`case.zip!C/logs.tar.gz!u_ex260105.log`), always with forward slashes after the first `!`.
    `size_bytes` is the uncompressed size, None if the container does not say.
    `seekable` says whether the stream `open()` returns can seek cheaply.
    `modified` is when the file was last changed, µs since 1970-01-01 UTC, None if nothing says so:
    what the file system or archive says, which anybody may have set.
    `head` holds the first 64 KiB (or all of a shorter file), for telling what the file is.
    """

    path: str
    size_bytes: int | None
    seekable: bool
    modified: int | None
    head: bytes

    def open(self) -> BinaryIO:
        """Open a fresh stream at byte 0; the caller closes it. Raises OSError or EvidenceError."""
