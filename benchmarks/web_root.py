"""How long a scan of a whole Exchange web root takes, of a build that is known and of a newer one.

    python benchmarks/web_root.py

Microsoft's pages cannot be shipped: pages of our own are written to every stock path, and compared
with a list of their hashes, or with the real list, which knows none of them, so that the code of
each is analysed. Prints the table and writes it to WEB_ROOT.md.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
import tempfile
from pathlib import Path

from exward.cli.main import main as exward
from exward.webshells.belonging import baseline as stock
from measured import Cost, machine, measure

RESULTS = Path(__file__).parent / "WEB_ROOT.md"
CONTROLS = 120
"""In each page, which has about 13 kB so."""
BUILD = "15.2.858"


def write_root(root: Path, listed: Path) -> tuple[int, int]:
    """Write the pages and the list of their hashes; how many files and bytes."""
    known = stock.baseline()
    last = len(known.builds) - 1
    files: dict[str, list[tuple[str, int, int]]] = {}
    size_bytes = 0
    for number, path in enumerate(sorted(known.files)):
        data = _page(number)
        size_bytes += len(data)
        place = root / path.replace("{build}", BUILD)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        files[path] = [(hashlib.sha256(data).hexdigest(), 0, last)]
    document = {"source": "made up", "builds": known.builds, "files": files}
    listed.write_text(json.dumps(document), encoding="utf-8")
    return len(files), size_bytes


def _page(number: int) -> bytes:
    controls = "".join(
        f'<asp:Label runat="server" ID="l{i}" Text="<%$ Resources:S,k{i} %>"/>\n'
        f'<% if (a{i} == {i}) {{ b{i} = c("x{i}"); }} %>\n'
        for i in range(CONTROLS)
    )
    return f'<%@ Page Language="C#" Inherits="P{number}" %>\n<html>{controls}</html>'.encode()


def rows() -> list[str]:
    """Measure everything, a line of the table each."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        root, listed = work / "V15", work / "list.json"
        count, size_bytes = write_root(root, listed)
        single = work / "one"
        single.mkdir()
        (single / "a.aspx").write_bytes(_page(0))
        for what, with_list in (("known good", str(listed)), ("every page analysed", "")):
            for jobs in (1, 2):
                start, whole = (_best(folder, jobs, with_list) for folder in (single, root))
                rate = (count - 1) / max(whole.core_seconds - start.core_seconds, 1e-9)
                size = f"{count:,} | {size_bytes / 1e6:.1f} MB"
                times = f"{whole.seconds:.2f} s | {start.seconds:.2f} s | {rate:,.0f}"
                lines.append(f"| {what} | {jobs} | {size} | {times} |")
    return lines


def _best(folder: Path, jobs: int, listed: str) -> Cost:
    own = [sys.executable, __file__, "--scan", str(folder), "--jobs", str(jobs)]
    return min((measure([*own, "--list", listed]) for _ in range(3)), key=_core_seconds)


def _core_seconds(cost: Cost) -> float:
    return cost.core_seconds


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scan", type=Path, help="for the measured process")
    parser.add_argument("--list", default="")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if options.scan:
        if options.list:
            stock.LIST = Path(options.list)
        sys.argv = ["exward", "scan", str(options.scan), "--jobs", str(options.jobs)]
        exward()
        return
    names = "web root | workers | files | size | time | of that, for one file | files/s and core"
    head = f"| {names} |\n" + "| --- " * 7 + "|"
    table = "\n".join(rows())
    day = datetime.datetime.now(datetime.UTC).date()
    text = f"# A whole Exchange web root\n\n{machine()}, {day}.\n\n{head}\n{table}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
