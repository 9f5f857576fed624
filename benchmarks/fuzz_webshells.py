"""Feeds damaged and made-up files to the web-shell analysis and writes down what came of it.

    python benchmarks/fuzz_webshells.py --inputs 1000000 --seed 1 --write benchmarks/FUZZ.md

Inputs are the project's own samples (`tests/webshells/shells.yml`, programs from
`tests/webshells/assembling.py`) and pieces of code, cut, joined, repeated, nested and damaged by a
generator with a seed. An input that raises an exception or takes longer than `--limit` seconds is
kept in `--keep DIR`, and the exit code is 1. What is analysed is data: nothing of it is run.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.measured import machine  # noqa: E402
from tests.webshells.assembling import Library  # noqa: E402

from exward.webshells import page  # noqa: E402

SHARE = 2_000
"""Inputs that a worker makes from one seed."""
MAX_BYTES = 60_000
EXTENSIONS = (
    "asp", "aspx", "ashx", "asmx", "asax", "cshtml", "config", "cs", "vb", "svc", "soap", "jpg",
)  # fmt: skip
PIECES = (
    "<%", "%>", "<%@ Page Language=\"C#\"%>", "<%@ Page Language=\"Jscript\"%>", "<%=", "<%--",
    "<script runat=server>", "</script>", "<object runat=server id=a classid=", "<![CDATA[",
    "#@~^AAAAAA==", "^#~@", "(", ")", "[", "]", "{", "}", "\"", "'", "\\", "\\u0065", "&H", "&",
    "$\"{", "@\"", "/*", "*/", "//", "rem ", "\n", "\r", "\0", "\x01", "\ufeff", " _\n", ":", ";",
    "eval(", "Execute ", "Function f(a)\n", "End Function\n", "Sub s\n", "With x\n", "End With\n",
    "Property Let p(v)\n", "Class c\n", "void f(string a){", "=>", "new ", "typeof(", "var x=",
    "Request(\"a\")", "Request.Form[0]", "Response.Write(", "Process.Start(", "CreateObject(",
    "Assembly.Load(", "Convert.FromBase64String(\"", "GetRef(\"f\")", "this[\"", "For Each x In ",
    "foreach(var x in ", "x=x&x\n", "x+=x;", "/a[/]b/", "%u0041", "Chr(", "Array(", "Split(",
)  # fmt: skip


class Share(NamedTuple):
    """What one worker did: inputs, the slowest in seconds and its digest, failures as texts."""

    inputs: int
    slowest: float
    digest: str
    failures: tuple[str, ...]


def _samples() -> list[tuple[str, bytes]]:
    shells = yaml.safe_load((ROOT / "tests/webshells/shells.yml").read_text(encoding="utf-8"))
    found = [(one["extension"], one["text"].encode("utf-8")) for one in shells.values()]
    return found + [("dll", program) for program in _programs()] * 10


def _programs() -> list[bytes]:
    """Pages as programs: one starts a process, one loads what comes with the request."""
    started = Library(base="System.Web.UI.Page")
    process = "System.Diagnostics.Process"
    start = started.call(f"{process}::Start", f"{process} string string", static=True)
    code = started.text("cmd.exe") + _request(started) + start + b"\x26\x2a"
    started.method("Page_Load", code)
    loaded = Library(base="System.Web.UI.Page")
    assembly = "System.Reflection.Assembly"
    bytes_of = loaded.call("System.Convert::FromBase64String", "bytes string", static=True)
    load = loaded.call(f"{assembly}::Load", f"{assembly} bytes", static=True)
    loaded.method("Page_Load", _request(loaded) + bytes_of + load + b"\x26\x2a")
    return [started.build(), loaded.build()]


def _request(library: Library) -> bytes:
    request = library.call("System.Web.UI.Page::get_Request", "System.Web.HttpRequest")
    item = library.call("System.Web.HttpRequest::get_Item", "string string")
    return b"\x02" + request + library.text("c") + item


def _inputs(seed: int, samples: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)
    for _ in range(SHARE):
        extension, data = chance.choice(samples)
        if extension != "dll":
            if chance.random() < 0.3:
                data = _made(chance)
            if chance.random() < 0.3:
                extension = chance.choice(EXTENSIONS)
            if chance.random() < 0.2:
                data += chance.choice(samples)[1]
        yield extension, _damaged(chance, data)[:MAX_BYTES]


def _made(chance: random.Random) -> bytes:
    parts = [chance.choice(PIECES) for _ in range(chance.randrange(1, 80))]
    text = "".join(
        part * (chance.randrange(1, 60) if chance.random() < 0.1 else 1) for part in parts
    )
    codec = chance.choice(("utf-8", "utf-8", "utf-8", "utf-16", "latin-1", "utf-7", "cp037"))
    return text.encode(codec, "replace")


def _damaged(chance: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 2, 5, 20))):
        at = chance.randrange(len(out) + 1)
        act = chance.random()
        if act < 0.4 and at < len(out):
            out[at] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        elif act < 0.6:
            out[at:at] = chance.choice(PIECES).encode("utf-8")
        elif act < 0.75:
            del out[at : at + chance.randrange(1, 60)]
        elif act < 0.9:
            out[at:at] = out[at : at + chance.randrange(1, 200)] * chance.randrange(1, 5)
        else:
            del out[at:]
    return bytes(out)


def _share(task: tuple[int, float, str]) -> Share:
    seed, limit, keep = task
    slowest, digest, failures = 0.0, "", []
    for extension, data in _inputs(seed, _samples()):
        started = time.perf_counter()
        problem = ""
        try:
            page.judge(f"C/inetpub/wwwroot/x.{extension}", data)
        except Exception:  # noqa: BLE001 - any of them is what is looked for
            problem = traceback.format_exc(limit=-3)
        seconds = time.perf_counter() - started
        if seconds > slowest:
            slowest, digest = seconds, hashlib.sha256(data).hexdigest()
        if seconds > limit:
            problem = problem or f"took {seconds:.1f} s"
        if problem:
            name = f"{hashlib.sha256(data).hexdigest()[:16]}.{extension}.sample"
            Path(keep, name).write_bytes(data)
            failures.append(f"{name}: {problem}")
    return Share(SHARE, slowest, digest, tuple(failures))


def main() -> int:
    """Run, print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for one input")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--write", type=Path, help="a file for the record, in Markdown")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    shares = -(-options.inputs // SHARE)
    tasks = [
        (options.seed * 1_000_000 + n, options.limit, str(options.keep)) for n in range(shares)
    ]
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        done = list(pool.imap_unordered(_share, tasks))
    seconds = time.perf_counter() - started
    failures = [failure for share in done for failure in share.failures]
    worst = max(done, key=lambda share: share.slowest)
    record = "\n".join(
        (
            "# Fuzzing the web-shell analysis",
            "",
            "`python benchmarks/fuzz_webshells.py "
            f"--inputs {options.inputs} --seed {options.seed}`",
            f"on {machine()}.",
            "",
            "| inputs | failures | seconds | slowest input |",
            "| ---: | ---: | ---: | ---: |",
            f"| {sum(share.inputs for share in done):,} | {len(failures)} | {seconds:.0f} "
            f"| {worst.slowest:.2f} s |",
            "",
        )
    )
    print(record)
    for failure in failures[:20]:
        print(failure)
    if options.write:
        options.write.write_text(record, encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
