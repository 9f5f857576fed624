"""The progress bar: bytes, records a second, time left; on a terminal only. And Ctrl-C."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)


class ScanProgress:
    """What a scan reports to; `stop` is set by Ctrl-C."""

    def __init__(self, console: Console | None) -> None:
        self.stop = False
        self._records = 0
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if console is not None:
            self._bar = Progress(
                TextColumn("[bold]reading"),
                BarColumn(),
                DownloadColumn(),
                TextColumn("{task.fields[rate]} records/s"),
                TimeRemainingColumn(),
                console=console,
                transient=True,
                auto_refresh=False,  # no thread of its own: the engine forks
            )

    def started(self, files: int, size_bytes: int) -> None:
        """Show the bar."""
        del files
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=size_bytes or None, rate="–")

    def advanced(self, size_bytes: int, records: int) -> None:
        """Move the bar."""
        self._records += records
        if self._bar is not None:
            rate = self._records / max(0.001, time.monotonic() - self._started)
            self._bar.update(self._task, advance=size_bytes, rate=f"{rate:,.0f}")
            self._bar.refresh()

    def finished(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def cancelled(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self.stop


@contextmanager
def interruptible(progress: ScanProgress) -> Iterator[None]:
    """The first Ctrl-C ends the reading and keeps what was found; the second ends at once."""

    def note(_signal: int, _frame: FrameType | None) -> None:
        if progress.stop:
            raise KeyboardInterrupt
        progress.stop = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
