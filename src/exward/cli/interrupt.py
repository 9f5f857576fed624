"""Ctrl-C during a scan: the first one asks it to stop and report, the second ends it at once."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from exward.cli.terminal import note


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """While inside, Ctrl-C only sets a mark; yields the question whether it is set."""
    asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            for worker in multiprocessing.active_children():
                worker.kill()  # else leaving would wait for what they are reading
            raise KeyboardInterrupt
        asked = True
        note("stopping; what was found is written (press Ctrl-C again to end at once)")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
