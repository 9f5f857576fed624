"""The life of a worker process: take a task, work, give bytes back.

What a worker says to its parent is never unpickled: its native readers meet hostile evidence, so
that a worker is trusted with its own answer only. A message is one byte that tells its kind, then
the payload.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, Protocol, TypeVar

TaskT = TypeVar("TaskT")
SetupT = TypeVar("SetupT")

ADVANCED = b"a"
"""Payload: bytes and records, as in `COUNTS`."""
DONE = b"d"
"""Payload: what the work gave."""
FAILED = b"f"
"""Payload: why it gave nothing, UTF-8."""
COUNTS = struct.Struct("<qq")

MAX_RESULT_BYTES = 1 << 30
MAX_REASON_CHARS = 500
REPORT_EVERY_S = 0.2

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_ORPHANED = 3


class Flag(Protocol):
    """A shared truth value without a lock: a worker that is killed can leave none locked."""

    value: bool


class Progress(Protocol):
    """Who is told how far the work is, and asked whether to stop."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """So much more was done."""

    def cancelled(self) -> bool:
        """Whether to stop."""


Work = Callable[[SetupT, TaskT, Progress], bytes]


@dataclass(frozen=True, slots=True)
class Job(Generic[SetupT, TaskT]):
    """What a worker is started with."""

    setup: SetupT
    work: Work[SetupT, TaskT]
    stop: Flag
    parent: int
    """Process id."""


def described(error: Exception) -> str:
    """An error as the reason of a loss."""
    return f"reading failed: {type(error).__name__}: {error}"[:MAX_REASON_CHARS]


def serve(pipe: Connection, job: Job[SetupT, TaskT], inherited: Sequence[Connection]) -> None:
    """Do tasks until the pipe closes, which also happens if the parent dies.

    `inherited` are the parent's ends of all pipes: a forked worker that kept them open would hide
    the parent's death from the others.
    """
    _outlive_interrupts_only(job.parent)
    for other in inherited:
        other.close()
    while True:
        try:
            task: TaskT = pipe.recv()
        except (EOFError, OSError):
            return
        reports = _Reports(pipe, job.stop)
        try:
            kind, payload = DONE, job.work(job.setup, task, reports)
        except Exception as error:  # noqa: BLE001 - around one file: it is reported as lost
            kind, payload = FAILED, described(error).encode("utf-8", "backslashreplace")
        if len(payload) > MAX_RESULT_BYTES:
            kind, payload = FAILED, f"the result is too large: {len(payload)} bytes".encode()
        reports.flush()
        reports.send(kind + payload)


class _Reports:
    """A worker's side of the progress: gathered, and sent a few times a second."""

    def __init__(self, pipe: Connection, stop: Flag) -> None:
        self._pipe = pipe
        self._stop = stop
        self._size_bytes = 0
        self._records = 0
        self._sent = time.monotonic()

    def advanced(self, size_bytes: int, records: int) -> None:
        self._size_bytes += size_bytes
        self._records += records
        if time.monotonic() - self._sent >= REPORT_EVERY_S:
            self.flush()

    def cancelled(self) -> bool:
        return self._stop.value

    def flush(self) -> None:
        """Send what has gathered; nothing at all is a sign of life, too."""
        self.send(ADVANCED + COUNTS.pack(self._size_bytes, self._records))
        self._size_bytes = self._records = 0
        self._sent = time.monotonic()

    def send(self, message: bytes) -> None:
        try:
            self._pipe.send_bytes(message)
        except OSError:
            # The parent is gone. Work that handles OSError itself must not go on for nobody.
            os._exit(_ORPHANED)


def _outlive_interrupts_only(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end with it even in the middle of a long native call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call above
            os._exit(_ORPHANED)
