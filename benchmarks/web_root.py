"""How long a scan of a whole Exchange web root takes, of a build that is known and of a newer one.

    python benchmarks/web_root.py [CORPUS]

Microsoft's pages cannot be shipped: pages of our own, in which every other line is code, are
written to every stock path, and compared with a list of their hashes, or with the real list, which
knows none of them, so that the code of each is analysed. With CORPUS, as for webshells.py, so are
harmless pages of other products, which are more like those of Exchange. Prints the table and writes
it to WEB_ROOT.md.
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
PAGES = frozenset({"aspx", "ascx", "ashx", "asmx", "asax", "master"})
BUILD = "15.2.858"


def write_root(root: Path, listed: Path, pages: list[bytes] | None = None) -> tuple[int, int]:
    """Write pages, else our own, and the list of their hashes; how many files and bytes."""
    known = stock.baseline()
    last = len(known.builds) - 1
    files: dict[str, list[tuple[str, int, int]]] = {}
    size_bytes = 0
    for number, path in enumerate(sorted(known.files)):
        data = pages[number % len(pages)] if pages else _page(number)
        size_bytes += len(data)
        place = root / path.replace("{build}", BUILD)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        files[path] = [(hashlib.sha256(data).hexdigest(), 0, last)]
    document = {"source": "made up", "builds": known.builds, "files": files}
    listed.write_text(json.dumps(document), encoding="utf-8")
    return len(files), size_bytes


def harmless(corpus: Path) -> list[bytes]:
    """The pages of a corpus that are harmless, in no order that tells of their source."""
    rows = map(json.loads, (corpus / "manifest.jsonl").read_text("utf-8").splitlines())
    paths = sorted(row["path"] for row in rows if row["label"] == "benign" and row["ext"] in PAGES)
    return [(corpus / path).read_bytes() for path in paths]


def _page(number: int) -> bytes:
    controls = "".join(
        f'<asp:Label runat="server" ID="l{i}" Text="<%$ Resources:S,k{i} %>"/>\n'
        f'<% if (a{i} == {i}) {{ b{i} = c("x{i}"); }} %>\n'
        for i in range(CONTROLS)
    )
    return f'<%@ Page Language="C#" Inherits="P{number}" %>\n<html>{controls}</html>'.encode()


def rows(corpus: Path | None) -> list[str]:
    """Measure everything, a line of the table each."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        root, listed = work / "V15", work / "list.json"
        count, size_bytes = write_root(root, listed)
        single = work / "one"
        single.mkdir()
        (single / "a.aspx").write_bytes(_page(0))
        lines += _lines("known good", (single, root), str(listed), (count, size_bytes))
        lines += _lines("every page analysed", (single, root), "", (count, size_bytes))
        if corpus is not None:
            other = work / "other" / "V15"
            amount = write_root(other, listed, harmless(corpus))
            lines += _lines("pages of other products analysed", (single, other), "", amount)
    return lines


def _lines(
    what: str, folders: tuple[Path, Path], with_list: str, amount: tuple[int, int]
) -> list[str]:
    """The folder with one page against the whole one, on one core and on two."""
    lines = []
    count, size_bytes = amount
    for jobs in (1, 2):
        start, whole = (_best(folder, jobs, with_list) for folder in folders)
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
    parser.add_argument("corpus", type=Path, nargs="?")
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
    table = "\n".join(rows(options.corpus))
    day = datetime.datetime.now(datetime.UTC).date()
    text = f"# A whole Exchange web root\n\n{machine()}, {day}.\n\n{head}\n{table}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
