"""How fast a scan reads a server's day: simulated text logs and, with --corpus, dense EVTX beside.

    python benchmarks/server_day.py [--corpus FOLDER] [--megabytes 600] [--records 200000]

Simulates the day (`exward simulate`), scans it whole and one kind of log alone, with all rules of
our own pack, prints a table and writes it with the machine's description to SERVER_DAY.md.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dense_evtx
from measured import Cost, machine, measure

RESULTS = Path(__file__).parent / "SERVER_DAY.md"
LEAST_BYTES = 200_000_000
MAX_COPIES = 20
"""A kind of which the day holds little is read several times over, so that starting up does not
count for much."""
KINDS = {
    "HttpProxy": "**/HttpProxy/**/*.LOG",
    "message tracking": "**/MessageTracking/*.LOG",
    "IIS": "**/LogFiles/**/*.log",
}


class Row(NamedTuple):
    """One line of the table."""

    what: str
    workers: int
    lines: int
    size_bytes: int
    cost: Cost


def exward(evidence: Path, cache: Path, jobs: int) -> Cost:
    """A scan as a user runs it."""
    output = ["--format", "jsonl", "--output", "/dev/null", "--no-progress", "--fail-on", "never"]
    options = ["--cache-dir", str(cache), "--jobs", str(jobs)]
    return measure([sys.executable, "-m", "exward", "scan", str(evidence), *options, *output])


def rows(options: argparse.Namespace, work: Path) -> Iterator[Row]:
    """Measure everything, one row at a time."""
    cache = work / "cache"
    size = f"{options.megabytes}MB"
    command = ["simulate", "proxyshell", "--out", str(work / "day"), "--size", size]
    made = measure([sys.executable, "-m", "exward", *command])
    day = work / "day" / "evidence"
    lines, size_bytes = _count(day.rglob("*"))
    yield Row("simulate", 1, lines, size_bytes, made)
    exward(next(day.rglob("HttpProxy_*.LOG")), cache, 1)  # compiles the rules
    for kind, pattern in KINDS.items():
        alone = work / kind
        alone.mkdir()
        files = list(day.glob(pattern))
        copies = max(LEAST_BYTES // max(sum(file.stat().st_size for file in files), 1), 1)
        for copy in range(min(copies, MAX_COPIES)):
            for file in files:
                (alone / f"{copy}-{file.parent.name}-{file.name}").hardlink_to(file)
        of_kind = _count(alone.iterdir())
        yield from (Row(kind, jobs, *of_kind, exward(alone, cache, jobs)) for jobs in (1, 2))
    yield from (Row("the day", n, lines, size_bytes, exward(day, cache, n)) for n in (1, 2))
    if options.corpus:
        evtx = day / "EX01" / "dense.evtx"
        lines += dense_evtx.write(options.corpus, evtx, options.records)
        size_bytes += evtx.stat().st_size
        yield Row("the day and EVTX", 2, lines, size_bytes, exward(day, cache, 2))


def _count(files: Iterator[Path]) -> tuple[int, int]:
    """Lines and bytes of all files."""
    lines = size_bytes = 0
    for file in files:
        if file.is_file():
            data = file.read_bytes()
            lines += data.count(b"\n")
            size_bytes += len(data)
    return lines, size_bytes


def table(measured: list[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| what | workers | MB | lines | seconds | lines/s | MB/s | peak MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in measured:
        cost = row.cost
        lines.append(
            f"| {row.what} | {row.workers} | {row.size_bytes / 1e6:,.0f} | {row.lines:,}"
            f" | {cost.seconds:.2f} | {row.lines / cost.seconds:,.0f}"
            f" | {row.size_bytes / cost.seconds / 1e6:,.0f} | {cost.peak_mib:,.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder with EVTX files")
    parser.add_argument("--work", type=Path, help="folder for the evidence made here")
    parser.add_argument("--megabytes", type=int, default=600)
    parser.add_argument("--records", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        measured = list(rows(options, Path(folder)))
    today = datetime.datetime.now(datetime.UTC).date()
    text = (
        f"# A server's day\n\n{machine()}, {today}. Rules of our own pack.\n\n{table(measured)}\n"
    )
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
