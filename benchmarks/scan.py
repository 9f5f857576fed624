"""How fast `exward scan` is, beside the floor and, where installed, its peers, in one run.

    python benchmarks/scan.py --corpus FOLDER --rules SIGMA_FOLDER [--work FOLDER] [--large-gb 5]

Builds its evidence in the work folder (dense_evtx.py, iis_traffic.py), prints a table and writes it
with the machine's description to benchmarks/RESULTS.md. Peers: Zircolite (`zircolite`), ripgrep
(`rg`) with the same web literals, goaccess; a column stays empty where one is not installed.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dense_evtx
import iis_traffic
from measured import Cost, machine, measure

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"


class Row(NamedTuple):
    """One line of the table."""

    what: str
    workers: str
    items: int
    size_bytes: int
    cost: Cost


def exward(evidence: Path, rules: Path, cache: Path, jobs: int) -> Cost:
    """A scan as a user runs it, all SigmaHQ rules loaded."""
    options = ["--rules", str(rules), "--no-builtin-rules", "--jobs", str(jobs)]
    output = ["--format", "jsonl", "--output", "/dev/null", "--no-progress", "--fail-on", "never"]
    cached = ["--cache-dir", str(cache)]
    return measure(
        [sys.executable, "-m", "exward", "scan", str(evidence), *options, *output, *cached]
    )


def floor(kind: str, evidence: Path, workers: int) -> Cost:
    """The same file through the same libraries, nothing else done."""
    return measure([sys.executable, str(HERE / "floor.py"), kind, str(evidence), str(workers)])


def rows(options: argparse.Namespace, work: Path) -> Iterator[Row]:
    """Measure everything, one row at a time."""
    cache = work / "cache"
    small = work / "small.log"
    iis_traffic.write(small, 1_000)
    shutil.rmtree(cache, ignore_errors=True)
    yield Row("start, rules not compiled yet", "1", 0, 0, exward(small, options.rules, cache, 1))
    yield Row("start, rules in the cache", "1", 0, 0, exward(small, options.rules, cache, 1))
    dense = work / "dense.evtx"
    records = dense_evtx.write(options.corpus, dense, options.records)
    size = dense.stat().st_size
    for workers in (1, 2):
        text = str(workers)
        yield Row("EVTX: floor (evtx + orjson)", text, records, size, floor("evtx", dense, workers))
        cost = exward(dense, options.rules, cache, workers)
        yield Row("EVTX: exward, all SigmaHQ rules", text, records, size, cost)
    if shutil.which("zircolite"):
        command = ["zircolite", "--evtx", str(dense), "--ruleset", str(options.rules)]
        yield Row("EVTX: Zircolite", "-", records, size, measure(command))
    log = work / "iis.log"
    lines = iis_traffic.write(log, options.megabytes * 1_000_000)
    yield from _lines(log, lines, options.rules, cache)
    if options.large_gb:
        records = dense_evtx.write(options.corpus, dense, options.large_gb * 1_075_000)
        size = dense.stat().st_size
        cost = exward(dense, options.rules, cache, 2)
        yield Row(f"EVTX of {size / 1e9:.1f} GB: exward", "2", records, size, cost)


def _lines(log: Path, lines: int, rules: Path, cache: Path) -> Iterator[Row]:
    size = log.stat().st_size
    for workers in (1, 2):
        yield Row(
            "IIS: floor (read, count)", str(workers), lines, size, floor("lines", log, workers)
        )
        cost = exward(log, rules, cache, workers)
        yield Row("IIS: exward, all SigmaHQ rules", str(workers), lines, size, cost)
    if shutil.which("rg"):
        patterns = log.with_suffix(".patterns")
        patterns.write_text("\n".join(_web_literals(rules)), encoding="utf-8")
        command = [
            "rg",
            "--ignore-case",
            "--fixed-strings",
            "--count",
            "-f",
            str(patterns),
            str(log),
        ]
        yield Row("IIS: ripgrep, the web rules' literals", "-", lines, size, measure(command))
    if shutil.which("goaccess"):
        command = ["goaccess", str(log), "--log-format=W3C", "-o", "/dev/null"]
        yield Row("IIS: goaccess", "-", lines, size, measure(command))


def _web_literals(rules: Path) -> list[str]:
    from exward.model.records import EventType
    from exward.rules import library, literals
    from exward.rules.plan import Plan

    route = Plan(library.load([str(rules)], builtin=False)).route(EventType("iis"))
    needs = [entry.need for entry in route.entries if entry.need] if route else []
    return sorted({text.decode() for need in needs for text in literals.literals_of(need)})


def table(measured: list[Row]) -> str:
    """The rows as Markdown."""
    head = "| what | workers | seconds | items/s | MB/s | MB/s and core | peak MiB |"
    lines = [head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in measured:
        cost = row.cost
        rate = f"{row.items / cost.seconds:,.0f}" if row.items else "–"
        speed = f"{row.size_bytes / cost.seconds / 1e6:,.0f}" if row.size_bytes else "–"
        per_core = f"{row.size_bytes / cost.core_seconds / 1e6:,.0f}" if row.size_bytes else "–"
        lines.append(
            f"| {row.what} | {row.workers} | {cost.seconds:.2f} | {rate} | {speed} | {per_core}"
            f" | {cost.peak_mib:,.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with EVTX files")
    parser.add_argument("--rules", type=Path, required=True, help="folder with SigmaHQ's rules")
    parser.add_argument("--work", type=Path, help="folder for the evidence made here")
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--large-gb", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        measured = list(rows(options, Path(folder)))
    today = datetime.datetime.now(datetime.UTC).date()
    text = f"# Scan\n\n{machine()}, {today}.\n\n{table(measured)}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")
    failed = [row.what for row in measured if row.cost.exit_code not in {0, 1, 4}]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
