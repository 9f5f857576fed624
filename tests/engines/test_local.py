"""The local engine: every task is answered, whatever becomes of its worker."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import psutil
import pytest

from exward.engines import local, worker
from exward.engines.local import Done, Limits, Lost

ROOT = Path(__file__).resolve().parents[2]
NEVER = threading.Event()


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


def act(setup: str, task: str, progress: worker.Progress) -> bytes:
    verb, _, rest = task.partition(":")
    if verb == "say":
        progress.advanced(10, 1)
        return f"{setup}{rest}".encode()
    if verb == "big":
        return b"x" * int(rest)
    if verb == "until":
        while not progress.cancelled():
            progress.advanced(10, 1)
            NEVER.wait(0.01)
        return b"partial"
    return misbehave(verb, progress)


def misbehave(verb: str, progress: worker.Progress) -> bytes:
    if verb == "exit":
        os._exit(7)
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "crash":
        faulthandler.disable()
        ctypes.string_at(0)
    if verb == "raise":
        raise ValueError("torn \udcff")
    if verb == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
        return b"went on"
    if verb == "deaf":
        progress.advanced(10, 1)
    NEVER.wait()
    return b""


def run(tasks: list[str], workers: int = 2, **limits: float) -> list[Done[str] | Lost[str]]:
    return list(local.run("", tasks, act, workers, Watcher(), Limits(**limits)))


def test_a_task_is_made_when_somebody_can_begin_it() -> None:
    made: list[int] = []

    def tasks() -> Iterator[str]:
        for number in range(20):
            made.append(number)
            yield f"say:{number}"

    done = 0
    for _ in local.run("", tasks(), act, 2, Watcher()):
        done += 1
        assert len(made) <= done + 4  # two that are done at, one that waits, one just told
    assert done == 20


@pytest.fixture(params=["fork", "spawn"] if sys.platform == "linux" else ["spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(local, "METHOD", request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def nothing_is_left_over() -> object:
    """No process, no open file more than before."""
    gc.collect()
    before = _open_files()
    yield
    gc.collect()
    assert multiprocessing.active_children() == []
    assert not [child for child in psutil.Process().children() if _is_worker(child)]
    assert _open_files() <= before


def _is_worker(process: psutil.Process) -> bool:
    # Python keeps one tracker of shared memory for all spawned processes.
    return process.status() == psutil.STATUS_ZOMBIE or "tracker" not in " ".join(process.cmdline())


def _open_files() -> set[str]:
    """Pipes and sockets of this process by what they are, without Python's own tracker's."""
    folder = Path("/proc/self/fd")

    tracker = resource_tracker._resource_tracker._fd  # type: ignore[attr-defined]
    found = set()
    for link in folder.iterdir() if folder.exists() else ():
        try:
            target = str(link.readlink())
        except FileNotFoundError:
            continue  # the one that lists this folder
        if target.startswith(("pipe:", "socket:")) and link.name != str(tracker):
            found.add(target)
    return found


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_task_is_done_once(workers: int) -> None:
    watcher = Watcher()
    tasks = [f"say:{number}" for number in range(20)]
    results = list(local.run("<", tasks, act, workers, watcher))
    assert {r.task: r.data for r in results if isinstance(r, Done)} == {
        task: f"<{task[4:]}".encode() for task in tasks
    }
    assert len(results) == 20
    assert (watcher.size_bytes, watcher.records) == (200, 20)


@pytest.mark.usefixtures("method")
def test_both_ways_to_start_a_worker() -> None:
    tasks = ["say:1", "exit:", "say:2", "raise:", "say:3"]
    results = run(tasks)
    assert sorted(r.data for r in results if isinstance(r, Done)) == [b"1", b"2", b"3"]
    assert sorted(r.task for r in results if isinstance(r, Lost)) == ["exit:", "raise:"]


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("exit", "exit code 7)"),
        ("kill", "exit code -9, SIGKILL)"),
        ("crash", "exit code -11, SIGSEGV)"),
        ("raise", "ValueError: torn \\udcff"),
    ],
)
def test_a_lost_worker_costs_one_task(verb: str, reason: str) -> None:
    results = run(["say:1", f"{verb}:1", "say:2", f"{verb}:2", "say:3"])
    lost = [result for result in results if isinstance(result, Lost)]
    assert len(results) == 5
    assert sorted(result.task for result in lost) == [f"{verb}:1", f"{verb}:2"]
    assert [result.reason for result in lost if reason not in result.reason] == []


def test_every_worker_may_die_every_time() -> None:
    results = run([f"exit:{number}" for number in range(9)], workers=3)
    assert sorted(r.task for r in results if isinstance(r, Lost)) == [f"exit:{n}" for n in range(9)]


def test_a_task_that_raises_is_lost_without_other_processes_too() -> None:
    results = run(["raise:", "say:1"], workers=1)
    assert [type(result) for result in results] == [Lost, Done]


def test_a_hanging_worker_is_replaced() -> None:
    results = run(["hang:", "say:1", "say:2"], silence_s=0.6)
    lost = [result for result in results if isinstance(result, Lost)]
    assert len(results) == 3
    assert [result.reason for result in lost] == ["no sign of life for 0.6 s"]


def test_a_worker_that_reports_is_not_taken_for_hung() -> None:
    watcher = Watcher(stop_after=150)
    results = list(local.run("", ["until:1", "until:2"], act, 2, watcher, Limits(silence_s=0.5)))
    assert [type(result) for result in results] == [Done, Done]


def test_big_results_arrive_whole() -> None:
    results = run(["big:50000000", "big:1", "big:0"])
    assert sorted(len(r.data) for r in results if isinstance(r, Done)) == [0, 1, 50_000_000]


def test_a_result_beyond_the_bound_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_RESULT_BYTES", 100)
    monkeypatch.setattr(local, "MAX_RESULT_BYTES", 100)
    results = run(["big:101", "big:100"])
    assert {r.task: r.reason for r in results if isinstance(r, Lost)} == {
        "big:101": "the result is too large: 101 bytes"
    }
    assert len(results) == 2


def test_a_worker_that_says_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MAX_RESULT_BYTES", 100)
    results = run(["big:5000", "big:50"])
    assert sorted((r.task, type(r)) for r in results) == [("big:50", Done), ("big:5000", Lost)]


@pytest.mark.usefixtures("method")
def test_cancelling_asks_running_tasks_for_what_they_have() -> None:
    tasks = ["until:1", "until:2", "say:never", "say:nor this"]
    results = list(local.run("", tasks, act, 2, Watcher(stop_after=5)))
    assert [r.data for r in results if isinstance(r, Done)] == [b"partial", b"partial"]
    assert len(results) == 2


def test_cancelling_does_not_wait_for_the_deaf() -> None:
    limits = Limits(stopping_s=0.5)
    results = list(local.run("", ["deaf:", "until:"], act, 2, Watcher(stop_after=2), limits))
    assert sorted((r.task, type(r)) for r in results) == [("deaf:", Lost), ("until:", Done)]
    (lost,) = [result for result in results if isinstance(result, Lost)]
    assert lost.reason == "it did not stop within 0.5 s when it was asked to"


@pytest.mark.parametrize("workers", [1, 2])
def test_cancelled_before_the_start(workers: int) -> None:
    assert list(local.run("", ["say:1", "say:2"], act, workers, Watcher(stop_after=0))) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_no_tasks(workers: int) -> None:
    assert run([], workers) == []


def test_an_interrupt_is_the_parents_affair() -> None:
    results = run(["interrupt:", "say:1"])
    assert sorted(r.data for r in results if isinstance(r, Done)) == [b"1", b"went on"]


def test_leaving_early_ends_the_workers() -> None:
    results = local.run("", ["say:1", "hang:", "hang:"], act, 2, Watcher())
    first = next(results)
    assert isinstance(first, Done)
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


ORPHANS = """
import os, signal, sys
from exward.engines import local
from tests.engines.test_local import Watcher, NEVER

def act(setup, task, progress):
    os.write(1, f"{os.getpid()}\\n".encode())
    NEVER.wait()

if __name__ == "__main__":
    list(local.run("", ["1", "2"], act, 2, Watcher()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only an idle worker notices")
def test_workers_end_with_their_parent() -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        handles = [psutil.Process(pid) for pid in workers]
        parent.kill()
        # Each worker holds the other end: it closes when the last of them is gone.
        assert parent.stdout.read() == b""
    _, alive = psutil.wait_procs(handles, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
