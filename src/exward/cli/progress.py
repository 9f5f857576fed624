"""The progress bar of a scan: bytes, records a second, time left; on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from exward.cli.terminal import console
from exward.scan.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Unseen:
    """Shows nothing; says only whether the scan should stop."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled

    def started(self, files: int, size_bytes: int) -> None:
        """Nothing to show."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """Nothing to show."""

    def finished(self) -> None:
        """Nothing to show."""

    def cancelled(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._cancelled()


class Drawn(Unseen):
    """Draws on a bar that somebody else starts and stops; it is redrawn when told something.

    The bar has no thread of its own: the engine forks, and a thread that holds a lock while it
    does would leave the new process waiting for it.
    """

    def __init__(self, bar: Bar, cancelled: Callable[[], bool]) -> None:
        super().__init__(cancelled)
        self._bar = bar
        self._task = bar.add_task("Looking for evidence", total=None, rate="")
        self._records = 0
        self._since = time.monotonic()
        bar.refresh()

    def started(self, files: int, size_bytes: int) -> None:
        """Say how much there is."""
        self._since = time.monotonic()
        self._bar.reset(
            self._task, total=size_bytes, description=f"Reading {files:,} files", rate=""
        )
        self._bar.refresh()

    def advanced(self, size_bytes: int, records: int) -> None:
        """Move the bar."""
        self._records += records
        passed_s = max(time.monotonic() - self._since, 0.001)
        rate = f"{self._records / passed_s:,.0f} records/s"
        self._bar.update(self._task, advance=size_bytes, rate=rate)
        self._bar.refresh()

    def finished(self) -> None:
        """Say that only the judging is left."""
        self._bar.update(self._task, description="Judging")
        self._bar.refresh()


@contextmanager
def showing(cancelled: Callable[[], bool], *, wanted: bool, color: bool) -> Iterator[Progress]:
    """Yield a progress for one scan; it is drawn only if wanted and somebody can see it."""
    if not (wanted and sys.stderr.isatty()):
        yield Unseen(cancelled)
        return
    from rich.progress import (  # slow to import, and only needed at a terminal
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    screen = console(sys.stderr, color=color)
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        yield Drawn(bar, cancelled)


@contextmanager
def counting(what: str, *, wanted: bool, color: bool) -> Iterator[Callable[[int], object]]:
    """Yield a function that shows how many there were; drawn only if somebody can see it."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda number: None
        return
    from rich.progress import (  # as above
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    screen = console(sys.stderr, color=color)
    # Without a thread: processes are forked meanwhile.
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(f"0 {what}", total=None)
        yield lambda number: bar.update(task, description=f"{number:,} {what}", refresh=True)
