"""Runs tasks on this machine's cores: one process each, every one replaceable.

A worker that dies (a crash in a native reader, killed for memory) or says nothing for too long
loses its current task only. Workers get everything as plain values and give bytes back.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic

from exward.engines.worker import (
    ADVANCED,
    COUNTS,
    DONE,
    MAX_RESULT_BYTES,
    Flag,
    Job,
    Progress,
    SetupT,
    TaskT,
    Work,
    described,
    serve,
)

METHOD = "fork" if sys.platform == "linux" else "spawn"
"""Forking is quick, and safe while no other thread of this process holds a lock that a worker
needs; elsewhere the system's own libraries do not survive it."""

_POLL_S = 0.5
_JOIN_S = 5.0


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows and macOS
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a worker may say nothing before it is taken for hung, in seconds.

    `stopping_s` counts from the moment in which all were asked to give what they have.
    """

    silence_s: float = 60.0
    stopping_s: float = 3.0


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


def run(  # noqa: PLR0913 - limits differ in tests only
    setup: SetupT,
    tasks: Iterable[TaskT],
    work: Work[SetupT, TaskT],
    workers: int,
    progress: Progress,
    limits: Limits = Limits(),
) -> Iterator[Done[TaskT] | Lost[TaskT]]:
    """Yield the result of each task as it ends, in no particular order.

    `work` is a module-level function; `setup` goes to each call. A task is taken from `tasks` when
    a worker is free for it. When `progress` says stop, no
    further task begins (those give no result) and the running ones are told to give what they
    have. One worker is this process itself: nothing protects it from a crash.
    """
    if workers == 0:
        yield from _here(setup, tasks, work, progress)
        return
    yield from _Pool(setup, work, progress, limits).run(workers, _Waiting(tasks))


def _here(
    setup: SetupT, tasks: Iterable[TaskT], work: Work[SetupT, TaskT], progress: Progress
) -> Iterator[Done[TaskT] | Lost[TaskT]]:
    for task in tasks:
        if progress.cancelled():
            return
        result: Done[TaskT] | Lost[TaskT]
        try:
            result = Done(task, work(setup, task, progress))
        except Exception as error:  # noqa: BLE001 - around one file: it is reported as lost
            result = Lost(task, described(error))
        yield result


class _Waiting(Generic[TaskT]):
    """Tasks that nobody has begun; no more than one is held here."""

    def __init__(self, tasks: Iterable[TaskT]) -> None:
        self._rest = iter(tasks)
        self._held: list[TaskT] = []

    def __bool__(self) -> bool:
        if not self._held:
            self._held += islice(self._rest, 1)
        return bool(self._held)

    def pop(self) -> TaskT:
        """The next one; there has to be one."""
        return self._held.pop()


@dataclass(slots=True)
class _Worker(Generic[TaskT]):
    process: BaseProcess
    pipe: Connection
    task: TaskT | None = None
    heard: float = 0.0
    """When it last gave a sign of life (`time.monotonic`)."""


class _Pool(Generic[SetupT, TaskT]):
    """The workers of one run."""

    def __init__(
        self, setup: SetupT, work: Work[SetupT, TaskT], progress: Progress, limits: Limits
    ) -> None:
        self._progress = progress
        self._limits = limits
        self._context = multiprocessing.get_context(METHOD)
        self._stop: Flag = self._context.RawValue(ctypes.c_bool, False)
        self._stopped_at: float | None = None
        self._job = Job(setup, work, self._stop, os.getpid())
        self._workers: list[_Worker[TaskT]] = []

    def run(self, workers: int, waiting: _Waiting[TaskT]) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        try:
            self._look_for_stop()
            if self._stop.value:
                return
            while len(self._workers) < workers and waiting:
                self._workers.append(self._started())
                self._assign(self._workers[-1], waiting)
            while any(worker.task is not None for worker in self._workers):
                yield from self._round(waiting)
        finally:
            self._end()

    def _started(self) -> _Worker[TaskT]:
        ours, theirs = self._context.Pipe()
        inherited = [worker.pipe for worker in self._workers] + [ours] if METHOD == "fork" else []
        # Not as a daemon: those may have no processes of their own, as the one that draws pages.
        process = self._context.Process(  # type: ignore[attr-defined]
            target=serve, args=(theirs, self._job, inherited)
        )
        with _without_interrupts():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _assign(self, worker: _Worker[TaskT], waiting: _Waiting[TaskT]) -> None:
        worker.task = None
        if waiting and not self._stop.value:
            worker.task = waiting.pop()
            worker.heard = time.monotonic()
            with suppress(BrokenPipeError, ConnectionResetError):  # it died: the next round sees it
                worker.pipe.send(worker.task)

    def _round(self, waiting: _Waiting[TaskT]) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        """Hear all workers once; replace those that died or hang."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        for pipe in connection.wait(list(busy), timeout=_POLL_S):
            assert isinstance(pipe, Connection)
            yield from self._heard(busy[pipe], waiting)
        self._look_for_stop()
        for worker in list(self._workers):
            reason = self._hangs(worker)
            if reason:
                yield self._replaced(worker, reason, waiting)

    def _look_for_stop(self) -> None:
        if self._stopped_at is None and self._progress.cancelled():
            self._stop.value = True
            self._stopped_at = time.monotonic()

    def _hangs(self, worker: _Worker[TaskT]) -> str:
        """Why a worker is given up; "" if it is not."""
        # What it said while the caller was busy with a result is still in the pipe.
        if worker.task is None or worker.pipe.poll():
            return ""
        now = time.monotonic()
        if now - worker.heard > self._limits.silence_s:
            return f"no sign of life for {self._limits.silence_s:g} s"
        if self._stopped_at is not None and now - self._stopped_at > self._limits.stopping_s:
            return f"it did not stop within {self._limits.stopping_s:g} s when it was asked to"
        return ""

    def _heard(
        self, worker: _Worker[TaskT], waiting: _Waiting[TaskT]
    ) -> Iterator[Done[TaskT] | Lost[TaskT]]:
        assert worker.task is not None
        try:
            message = worker.pipe.recv_bytes(MAX_RESULT_BYTES + 1)
        except (EOFError, OSError):
            worker.pipe.close()  # one that is still alive, but made no sense, ends by this
            yield self._replaced(worker, _ending(worker.process), waiting)
            return
        worker.heard = time.monotonic()
        kind, payload = message[:1], message[1:]
        if kind == ADVANCED:
            self._progress.advanced(*COUNTS.unpack(payload))
            return
        task = worker.task
        self._assign(worker, waiting)
        yield Done(task, payload) if kind == DONE else Lost(task, payload.decode())

    def _replaced(
        self, worker: _Worker[TaskT], reason: str, waiting: _Waiting[TaskT]
    ) -> Lost[TaskT]:
        assert worker.task is not None
        self._workers.remove(worker)
        _kill(worker)
        if waiting and not self._stop.value:
            fresh = self._started()
            self._workers.append(fresh)
            self._assign(fresh, waiting)
        return Lost(worker.task, reason)

    def _end(self) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_JOIN_S if worker.task is None else 0)
            _kill(worker)


def _ending(process: BaseProcess) -> str:
    """How a worker ended whose pipe is closed."""
    process.join(_JOIN_S)
    code = process.exitcode
    text = f"the reader ended abruptly (exit code {code}"
    if code is not None and -code in set(signal.Signals):
        text += f", {signal.Signals(-code).name}"
    return f"{text})"


def _kill(worker: _Worker[TaskT]) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()
    worker.process.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from a worker until it has learned to ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
