"""Measure what checking a fleet of servers takes, up to the page.

    python benchmarks/fleet.py

Collections are made up (`fleet_inventories.py`), sized like those of real servers. Prints the table
and writes it to FLEET.md.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from pathlib import Path

from fleet_inventories import write_fleet
from measured import machine, measure

RESULTS = Path(__file__).parent / "FLEET.md"


def rows(folder: Path, servers: int) -> list[str]:
    """Measure with one core and with two, a line of the table each."""
    collected = folder / "collected"
    collected.mkdir()
    size_bytes = write_fleet(collected, servers)
    lines = []
    for cores in (1, 2):
        page = folder / f"{cores}.html"
        command = [
            *("taskset", "--cpu-list", f"0-{cores - 1}"),
            *(sys.executable, "-m", "exward", "posture", str(collected)),
            *("--format", "html", "--output", str(page), "--quiet"),
        ]
        cost = measure(command)
        if not page.is_file():
            sys.exit(f"no page was written: exit code {cost.exit_code}")
        lines.append(
            f"| {servers:,} | {size_bytes / 1e6:.1f} MB | {cores} | {cost.seconds:.1f} s "
            f"| {cost.core_seconds:.1f} s | {cost.core_seconds / servers * 1e3:.0f} ms "
            f"| {cost.peak_mib:,.0f} MiB | {page.stat().st_size / 1e6:.1f} MB |"
        )
    return lines


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = "\n".join(rows(Path(folder), options.servers))
    head = (
        "| servers | zips | cores | time, start and page included | core seconds | of each server "
        "| memory | page |\n" + "| --- " * 8 + "|"
    )
    day = datetime.datetime.now(datetime.UTC).date()
    note = "The time is of a machine that may have had other work; core seconds tell what it costs."
    text = f"# A fleet\n\n{machine()}, {day}. {note}\n\n{head}\n{table}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
