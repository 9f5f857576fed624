"""The local engine: every task is answered, whatever becomes of its worker."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import time

import pytest

from exward.engines import local


class Watcher:
    """A progress that counts, and stops after so many records."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.size_bytes = 0
        self.records = 0
        self._stop_after = stop_after

    def advanced(self, size_bytes: int, records: int) -> None:
        self.size_bytes += size_bytes
        self.records += records

    def cancelled(self) -> bool:
        return self._stop_after is not None and self.records >= self._stop_after


def act(setup: str, task: str, progress: local.Progress) -> bytes:
    verb, _, rest = task.partition(":")
    if verb == "exit":
        os._exit(7)
    if verb == "crash":
        faulthandler.disable()
        ctypes.string_at(0)
    if verb == "raise":
        raise ValueError("torn")
    if verb == "hang":
        time.sleep(60)
    if verb == "big":
        return b"x" * int(rest)
    if verb == "until":
        while not progress.cancelled():
            progress.advanced(10, 1)
            time.sleep(0.01)
        return b"partial"
    progress.advanced(10, 1)
    return f"{setup}{rest}".encode()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_task_is_done_once(workers: int) -> None:
    watcher = Watcher()
    tasks = [f"say:{number}" for number in range(20)]
    results = list(local.run("<", tasks, act, workers, watcher))
    assert sorted(r.data for r in results) == sorted(f"<{n}".encode() for n in range(20))
    assert (watcher.size_bytes, watcher.records) == (200, 20)


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("exit", "exit code 7"),
        ("crash", "exit code -11"),
        ("raise", "ValueError: torn"),
    ],
)
def test_a_lost_worker_costs_one_task(verb: str, reason: str) -> None:
    tasks = ["say:1", f"{verb}:", "say:2", f"{verb}:", "say:3"]
    results = list(local.run("", tasks, act, 2, Watcher()))
    lost = [result for result in results if isinstance(result, local.Lost)]
    assert len(results) == 5
    assert [result.task for result in lost] == [f"{verb}:"] * 2
    assert all(reason in result.reason for result in lost)


def test_a_task_that_raises_is_lost_without_other_processes_too() -> None:
    results = list(local.run("", ["raise:", "say:1"], act, 1, Watcher()))
    assert [type(result) for result in results] == [local.Lost, local.Done]


def test_a_hanging_worker_is_replaced() -> None:
    results = list(local.run("", ["hang:", "say:1", "say:2"], act, 2, Watcher(), silence_s=1.0))
    lost = [result for result in results if isinstance(result, local.Lost)]
    assert len(results) == 3
    assert "no sign of life" in lost[0].reason


def test_big_results_arrive_whole() -> None:
    results = list(local.run("", ["big:50000000", "big:1"], act, 2, Watcher()))
    assert sorted(len(result.data) for result in results) == [1, 50_000_000]


def test_cancelling_asks_running_tasks_for_what_they_have() -> None:
    tasks = ["until:1", "until:2", "say:never", "say:nor this"]
    results = list(local.run("", tasks, act, 2, Watcher(stop_after=5)))
    assert [result.data for result in results] == [b"partial", b"partial"]


def test_leaving_early_ends_the_workers() -> None:
    results = local.run("", ["say:1", "hang:", "hang:"], act, 2, Watcher())
    assert next(results).data == b"1"
    results.close()
    assert not any(child.is_alive() for child in local.multiprocessing.active_children())
