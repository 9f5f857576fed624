"""Running a command and reading what it cost: seconds, core seconds, memory of its whole tree."""

from __future__ import annotations

import os
import platform
import subprocess
import threading
import time
from pathlib import Path
from typing import NamedTuple

_SAMPLE_S = 0.1


class Cost(NamedTuple):
    """Wall seconds, core seconds and the highest sum of memory (PSS) of all its processes."""

    seconds: float
    core_seconds: float
    peak_mib: float
    exit_code: int


def measure(command: list[str]) -> Cost:
    """Run a command, its output thrown away."""
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    exit_code = process.wait()
    seconds = time.perf_counter() - started
    watcher.join()
    after = os.times()
    core = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return Cost(seconds, core, peak[0], exit_code)


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_pss_mib, _tree(process.pid))))
        time.sleep(_SAMPLE_S)


def _tree(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return [pid]
    return [pid, *(one for child in listed.split() for one in _tree(int(child)))]


def _pss_mib(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def machine() -> str:
    """What the figures were measured on."""
    model = "unknown processor"
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
        memory = int(Path("/proc/meminfo").read_text("ascii").split()[1]) // 1024**2
    except OSError:
        return f"{platform.system()}, Python {platform.python_version()}"
    cores = len(os.sched_getaffinity(0))
    python = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {cores} cores, {memory} GiB, {python}"
