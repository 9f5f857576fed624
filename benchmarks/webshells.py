"""How well and how fast pages are judged: recall, false alarms, files a second.

    python benchmarks/webshells.py CORPUS [--part validation] [--yara FOLDER]

CORPUS is a folder with manifest.jsonl: one object a line with path, label (malicious, benign), ext,
grade (A runs code, loads, writes files, tunnels; B other tools), family and source_repo. A
family stands whole in one part, that of the repository that has most of it. The validation part
are the families with an even hash of the repositories in VALIDATION and of those with an odd hash,
whose files were never looked at, and the benign files of a quarter of the repositories, whose false
alarms were. With YARA rules the table says what these find by themselves, and together with exward;
any match counts, however severe. Writes WEBSHELLS.md.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exward.webshells import page
from exward.yara.loading import load
from exward.yara.matching import Matcher, TooSlow
from measured import machine

RESULTS = Path(__file__).parent / "WEBSHELLS.md"
VALIDATION = frozenset({"xiaoxiaoleo/xiao-webshell"})
TUNING = frozenset(
    {
        "JiaHeng-DLUT/Webshell-samples",
        "0x7556/webshell",
        "vickybravo/webshells",
        "CyraGorn/MemShell",
    }
)

NET_TYPES = frozenset(
    {
        "aspx",
        "ashx",
        "asmx",
        "asax",
        "ascx",
        "master",
        "svc",
        "soap",
        "cs",
        "vb",
        "cshtml",
        "vbhtml",
    }
)

Sample = dict[str, Any]
Detector = Callable[[str, bytes], bool]
"""Whether a file of this name and content is flagged."""


def parts(samples: list[Sample]) -> dict[str, list[Sample]]:
    """The samples of each part; programs (.dll) are a part of their own."""
    repositories: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in samples:
        repositories[one["family"]][one["source_repo"]] += 1
    home = {
        family: min(counts, key=lambda repo: (-counts[repo], repo))
        for family, counts in repositories.items()
    }
    divided: dict[str, list[Sample]] = {"tuning": [], "validation": [], "programs": []}
    for one in samples:
        name = "validation" if _validates(one, home[one["family"]]) else "tuning"
        divided["programs" if one["ext"] == "dll" else name].append(one)
    return divided


def _validates(sample: Sample, repository: str) -> bool:
    if sample["label"] == "benign":
        return _digest(repository) % 4 == 1
    if repository in TUNING or _digest(sample["family"]) % 2 == 1:
        return False
    return repository in VALIDATION or _digest(repository) % 2 == 1


def _digest(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]


@dataclass(frozen=True)
class Judged:
    """One sample, which detectors flag it, and how long each took."""

    sample: Sample
    flagged: frozenset[str]
    seconds: dict[str, float]


def by_exward(name: str, data: bytes) -> bool:
    """Whether exward is sure of a file."""
    judged, _ = page.judge(name, data)
    return judged is not None and judged.confidence == "high"


def by_rules(matcher: Matcher, name: str, data: bytes) -> bool:
    """Whether a file fits any of the YARA rules."""
    try:
        return bool(matcher.match(name, data[: page.most_bytes(name)]))
    except TooSlow:
        return False


def judged(corpus: Path, samples: list[Sample], detectors: dict[str, Detector]) -> list[Judged]:
    """What each detector says of the samples, and its core seconds for each."""
    told = []
    for one in samples:
        data = (corpus / one["path"]).read_bytes()
        name = f"x.{one['ext'].partition('.')[0]}"
        flagged = set()
        seconds = {}
        for detector, flags in detectors.items():
            started = time.process_time()
            if flags(name, data):
                flagged.add(detector)
            seconds[detector] = time.process_time() - started
        told.append(Judged(one, frozenset(flagged), seconds))
    return told


def table(told: list[Judged], detectors: Collection[str]) -> list[str]:
    """The figures as a Markdown table, a column for each detector and one for all together."""
    columns = [(name, frozenset({name})) for name in detectors]
    if len(columns) > 1:
        columns.append(("both", frozenset(detectors)))
    shells = [one for one in told if one.sample["label"] == "malicious"]
    benign = [one for one in told if one.sample["label"] == "benign"]
    grade_a = [one for one in shells if one.sample["grade"] == "A"]
    rows = {
        "grade A": (grade_a, _share),
        "grade A, mean of families": (grade_a, _mean),
        "grade A, .NET types": ([one for one in grade_a if _is_net(one.sample)], _share),
        "grade B": ([one for one in shells if one.sample["grade"] == "B"], _share),
        "all malicious files": (shells, _share),
        "false alarms": (benign, _alarms),
        "files/s and core": (told, _speed),
        "files/s and core, benign files": (benign, _speed),
    }
    lines = [
        f"| | {' | '.join(name for name, _ in columns)} |",
        "| --- " * (len(columns) + 1) + "|",
    ]
    for title, (members, measure) in rows.items():
        if members:
            cells = " | ".join(measure(members, names) for _, names in columns)
            lines.append(f"| {title} | {cells} |")
    return lines


def _is_net(sample: Sample) -> bool:
    return sample["ext"].partition(".")[0] in NET_TYPES


def _share(members: list[Judged], names: frozenset[str]) -> str:
    found = sum(bool(one.flagged & names) for one in members)
    return f"{found / len(members):.1%} of {len(members):,}"


def _mean(members: list[Judged], names: frozenset[str]) -> str:
    families: defaultdict[str, list[bool]] = defaultdict(list)
    for one in members:
        families[one.sample["family"]].append(bool(one.flagged & names))
    mean = sum(sum(hits) / len(hits) for hits in families.values()) / len(families)
    return f"{mean:.1%} of {len(families):,}"


def _alarms(members: list[Judged], names: frozenset[str]) -> str:
    return f"{sum(bool(one.flagged & names) for one in members):,} of {len(members):,}"


def _speed(members: list[Judged], names: frozenset[str]) -> str:
    taken = sum(one.seconds[name] for one in members for name in names)
    return f"{len(members) / max(taken, 1e-9):,.0f}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--part", choices=["tuning", "validation", "programs"])
    parser.add_argument("--yara", action="append", default=[], help="folder with YARA rules")
    options = parser.parse_args()
    manifest = (options.corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    divided = parts([json.loads(line) for line in manifest])
    text = f"# Web shells\n\n{machine()}, {datetime.datetime.now(datetime.UTC).date()}.\n"
    detectors: dict[str, Detector] = {"exward": by_exward}
    if options.yara:
        loaded = load(options.yara)
        detectors["YARA"] = functools.partial(by_rules, Matcher(loaded.compiled))
        names = ", ".join(Path(path).resolve().name for path in options.yara)
        text += (
            f"\nYARA rules: {names}: {len(loaded.signatures):,} used; "
            f"errors of the compiler: {len(loaded.broken):,}.\n"
        )
    for name, samples in divided.items():
        if options.part in {None, name}:
            figures = table(judged(options.corpus, samples, detectors), detectors)
            text += "\n".join(("", f"## {name}", "", *figures, ""))
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
