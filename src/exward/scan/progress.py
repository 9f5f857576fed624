"""How a scan tells that it goes on, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What the caller of a scan provides; called from one thread only."""

    def started(self, files: int, size_bytes: int) -> None:
        """The plan stands: so many evidence files and bytes will be read."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """So many more bytes and records have been read."""

    def finished(self) -> None:
        """Reading is over."""

    def cancelled(self) -> bool:
        """Whether to stop now and report what was found."""


class Silent:
    """A progress that shows nothing and never stops the scan."""

    def started(self, files: int, size_bytes: int) -> None:
        """Nothing to show."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """Nothing to show."""

    def finished(self) -> None:
        """Nothing to show."""

    def cancelled(self) -> bool:
        """Never."""
        return False


class Unseen:
    """That of a first look at evidence which is read again: not counted, but it can be stopped."""

    def __init__(self, progress: Progress) -> None:
        """`progress` knows whether to stop."""
        self._progress = progress

    def started(self, files: int, size_bytes: int) -> None:
        """Nothing to show."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """Nothing to show."""

    def finished(self) -> None:
        """Nothing to show."""

    def cancelled(self) -> bool:
        """As the scan itself."""
        return self._progress.cancelled()
