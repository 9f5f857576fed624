"""Runs tasks on this machine's cores: one process each, every one replaceable.

A worker that dies (a crash in a native reader, killed for memory) or says nothing for too long
loses its current task only. Workers get everything as plain values and give bytes back.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, Protocol, TypeVar

TaskT = TypeVar("TaskT")
SetupT = TypeVar("SetupT")

SILENCE_S = 600.0
"""How long a worker may say nothing before it is taken for hung."""
REPORT_EVERY_S = 0.2
_POLL_S = 0.5
_STOP_S = 5.0


class Progress(Protocol):
    """Who is told how far the work is, and asked whether to stop."""

    def advanced(self, size_bytes: int, records: int) -> None:
        """So much more was done."""

    def cancelled(self) -> bool:
        """Whether to stop."""


@dataclass(frozen=True, slots=True)
class Done(Generic[TaskT]):
    """A finished task and what it gave."""

    task: TaskT
    data: bytes


@dataclass(frozen=True, slots=True)
class Lost(Generic[TaskT]):
    """A task that gave nothing, and why."""

    task: TaskT
    reason: str


Work = Callable[[SetupT, TaskT, Progress], bytes]


def run(
    setup: SetupT,
    tasks: Sequence[TaskT],
    work: Work[SetupT, TaskT],
    workers: int,
    progress: Progress,
    silence_s: float = SILENCE_S,
) -> Iterator[Done[TaskT] | Lost[TaskT]]:
    """Yield the result of each task as it ends, in no particular order.

    `work` is a module-level function; `setup` goes to each call. When `progress` says stop, no
    further task begins and the running ones are told to give what they have.
    """
    if workers <= 1:
        yield from _here(setup, tasks, work, progress)
        return
    yield from _Pool(setup, work, workers, progress, silence_s).run(deque(tasks))


def _here(
    setup: SetupT, tasks: Sequence[TaskT], work: Work[SetupT, TaskT], progress: Progress
) -> Iterator[Done[TaskT] | Lost[TaskT]]:
    for task in tasks:
        if progress.cancelled():
            return
        try:
            yield Done(task, work(setup, task, progress))
        except Exception as error:  # noqa: BLE001 - around one file: it is reported as lost
            yield Lost(task, _described(error))


def _described(error: Exception) -> str:
    return f"reading failed: {type(error).__name__}: {error}"[:500]


@dataclass(slots=True)
class _Worker(Generic[TaskT]):
    process: BaseProcess
    pipe: Connection
    task: TaskT | None = None
    heard: float = 0.0


class _Pool(Generic[SetupT, TaskT]):
    def __init__(
        self,
        setup: SetupT,
        work: Work[SetupT, TaskT],
        workers: int,
        progress: Progress,
        silence_s: float,
    ) -> None:
        self._setup = setup
        self._work = work
        self._count = workers
        self._progress = progress
        self._silence_s = silence_s
        # Forking is quick and safe while this process has one thread; elsewhere start afresh.
        self._context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
        self._stop = self._context.Event()
        self._workers: list[_Worker[TaskT]] = []

    def run(self, waiting: deque[TaskT]) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        try:
            for _ in range(min(self._count, len(waiting))):
                self._workers.append(self._started())
            for worker in self._workers:
                self._assign(worker, waiting)
            while any(worker.task is not None for worker in self._workers):
                yield from self._round(waiting)
        finally:
            self._end()

    def _started(self) -> _Worker[TaskT]:
        ours, theirs = self._context.Pipe()
        others = [worker.pipe for worker in self._workers] + [ours]
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve,
            args=(theirs, self._setup, self._work, self._stop, others),
            daemon=True,
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _assign(self, worker: _Worker[TaskT], waiting: deque[TaskT]) -> None:
        worker.task = None
        if waiting and not self._stop.is_set():
            worker.task = waiting.popleft()
            worker.heard = time.monotonic()
            worker.pipe.send(worker.task)

    def _round(self, waiting: deque[TaskT]) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        """Hear all workers once; replace those that died or hang."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        ready = connection.wait(list(busy), timeout=_POLL_S)
        for pipe in ready:
            assert isinstance(pipe, Connection)
            yield from self._heard(busy[pipe], waiting)
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.task is not None and now - worker.heard > self._silence_s:
                yield self._replaced(
                    worker, f"no sign of life for {self._silence_s:.0f} s", waiting
                )
        if self._progress.cancelled():
            self._stop.set()

    def _heard(
        self, worker: _Worker[TaskT], waiting: deque[TaskT]
    ) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        assert worker.task is not None
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(_STOP_S)
            reason = f"the reader ended abruptly (exit code {worker.process.exitcode})"
            yield self._replaced(worker, reason, waiting)
            return
        worker.heard = time.monotonic()
        if kind == "progress":
            self._progress.advanced(*value)
            return
        task = worker.task
        self._assign(worker, waiting)
        yield Done(task, value) if kind == "done" else Lost(task, value)

    def _replaced(self, worker: _Worker[TaskT], reason: str, waiting: deque[TaskT]) -> Lost[TaskT]:
        assert worker.task is not None
        task = worker.task
        self._workers.remove(worker)
        _kill(worker)
        if waiting and not self._stop.is_set():
            fresh = self._started()
            self._workers.append(fresh)
            self._assign(fresh, waiting)
        return Lost(task, reason)

    def _end(self) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_STOP_S if worker.task is None else 0.1)
            _kill(worker)


def _kill(worker: _Worker[TaskT]) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()
    worker.process.close()


class _Reports:
    """A worker's side of the progress: gathered, and sent a few times a second."""

    def __init__(self, pipe: Connection, stop: object) -> None:
        self._pipe = pipe
        self._stopped = stop.is_set  # type: ignore[attr-defined]
        self._size_bytes = 0
        self._records = 0
        self._sent = time.monotonic()

    def advanced(self, size_bytes: int, records: int) -> None:
        self._size_bytes += size_bytes
        self._records += records
        if time.monotonic() - self._sent >= REPORT_EVERY_S:
            self.flush()

    def flush(self) -> None:
        self._pipe.send(("progress", (self._size_bytes, self._records)))
        self._size_bytes = self._records = 0
        self._sent = time.monotonic()

    def cancelled(self) -> bool:
        return bool(self._stopped())


def _serve(
    pipe: Connection,
    setup: SetupT,
    work: Work[SetupT, TaskT],
    stop: object,
    others: Sequence[Connection],
) -> None:
    """A worker's life: take tasks until the pipe closes (which also happens if the parent dies)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    for other in others:
        other.close()  # inherited by forking; kept open they would hide the parent's death
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        reports = _Reports(pipe, stop)
        try:
            answer: tuple[str, object] = ("done", work(setup, task, reports))
        except Exception as error:  # noqa: BLE001 - around one file: it is reported as lost
            answer = ("lost", _described(error))
        try:
            reports.flush()
            pipe.send(answer)
        except OSError:
            return
