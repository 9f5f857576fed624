"""Many inputs, one after another, and the record of what came of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.fuzz.inputs import KINDS, Sample, made
from tests.fuzz.trial import LIMIT_S, tried

MEMORY_BYTES = 2 * 1024**3
"""A worker that wants more fails with MemoryError."""
SLOW_SHOWN = 5


@dataclass
class Tally:
    """What a part of the run came to: by kind of input, and the worst of it."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    size_bytes: int = 0
    findings: int = 0
    unfinished: int = 0
    slowest: list[tuple[float, int, str, int]] = field(default_factory=list)
    """Core seconds, number, kind, size in bytes."""
    failures: dict[str, list[int]] = field(default_factory=dict)
    """What went wrong and where → numbers of the inputs."""

    def merge(self, other: Tally) -> None:
        """Take in another part."""
        self.counts += other.counts
        for kind, seconds in other.seconds.items():
            self.seconds[kind] += seconds
        self.size_bytes += other.size_bytes
        self.findings += other.findings
        self.unfinished += other.unfinished
        self.slowest = sorted([*self.slowest, *other.slowest], reverse=True)[:SLOW_SHOWN]
        for failure, numbers in other.failures.items():
            self.failures.setdefault(failure, []).extend(numbers)


def run(seed: int, numbers: Iterable[int], samples: tuple[Sample, ...]) -> Tally:
    """Try inputs one after another."""
    tally = Tally()
    for number in numbers:
        given = made(seed, number, samples)
        result = tried(given)
        part = Tally(
            size_bytes=len(given.data), findings=result.is_found, unfinished=not result.is_whole
        )
        part.counts[given.kind] = 1
        part.seconds[given.kind] = result.seconds
        part.slowest.append((result.seconds, number, given.kind, len(given.data)))
        if result.failure:
            part.failures[result.failure] = [number]
        tally.merge(part)
    return tally


def record(tally: Tally, about: str) -> str:
    """The record of a run, as a page."""
    count = sum(tally.counts.values())
    rows = [
        f"| {kind} | {tally.counts[kind]:,} | {tally.seconds[kind]:,.0f} |"
        for kind in KINDS
        if tally.counts[kind]
    ]
    slowest = [
        f"| {number:,} | {kind} | {size:,} | {seconds:.2f} |"
        for seconds, number, kind, size in tally.slowest
    ]
    failures = [
        f"- {len(numbers):,} × `{failure}`, first number {min(numbers):,}"
        for failure, numbers in sorted(tally.failures.items())
    ] or ["None."]
    lines = (
        "# Fuzzing the analysis of web files", "",
        "Made by `benchmarks/fuzz_webshells.py`: each input is judged as a scan judges it. It",
        f"must raise nothing, end within {LIMIT_S} core seconds and {MEMORY_BYTES >> 30} GiB, and "
        "give a finding that can be written.", "", about, "",
        f"{count:,} inputs, {tally.size_bytes / 1e6:,.0f} MB, {tally.findings:,} findings. Of "
        f"{tally.unfinished:,} inputs only a part was judged, and the scan would say so.", "",
        "| inputs | number | core seconds |", "| --- | --- | --- |", *rows, "",
        "## Failures", "", *failures, "",
        "## Slowest", "", "| number | input | bytes | core seconds |", "| --- | --- | --- | --- |",
        *slowest, "",
    )  # fmt: skip
    return "\n".join(lines)
