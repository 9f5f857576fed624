"""How well and how fast pages are judged: recall, false alarms, files a second.

    python benchmarks/webshells.py CORPUS [--part validation]

CORPUS is a folder with manifest.jsonl: one object a line with path, label (malicious, benign), ext,
grade (A runs code, loads, writes files, tunnels; B other tools), family and source_repo. A
family stands whole in one part, that of the repository that has most of it; repositories whose
name's hash is odd, and those in VALIDATION, are the validation part. Writes WEBSHELLS.md.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from exward.webshells import page
from measured import machine

RESULTS = Path(__file__).parent / "WEBSHELLS.md"
VALIDATION = frozenset({"xiaoxiaoleo/xiao-webshell", "vickybravo/webshells", "CyraGorn/MemShell"})
TUNING = frozenset({"JiaHeng-DLUT/Webshell-samples", "0x7556/webshell", "DeEpinGh0st/WebShell"})

Sample = dict[str, Any]


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
        name = "validation" if _validates(home[one["family"]]) else "tuning"
        divided["programs" if one["ext"] == "dll" else name].append(one)
    return divided


def _validates(repository: str) -> bool:
    if repository in VALIDATION | TUNING:
        return repository in VALIDATION
    return hashlib.sha256(repository.encode()).digest()[0] % 2 == 1


def rows(corpus: Path, samples: list[Sample]) -> list[str]:
    """What the judgement of these samples comes to, a line each."""
    found: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    alarms = benign = 0
    started = time.perf_counter()
    for one in samples:
        data = (corpus / one["path"]).read_bytes()
        judged, _ = page.judge(f"x.{one['ext'].partition('.')[0]}", data)
        sure = judged is not None and judged.confidence == "high"
        if one["label"] == "malicious":
            found[one["grade"], one["family"]].append(sure)
        else:
            benign += 1
            alarms += sure
    seconds = time.perf_counter() - started
    lines = []
    for grade in "AB":
        families = [hits for (of, _), hits in found.items() if of == grade]
        count = sum(map(len, families))
        if count:
            share = sum(map(sum, families)) / count
            mean = sum(sum(hits) / len(hits) for hits in families) / len(families)
            lines.append(f"grade {grade}: {share:.1%} of {count}, mean of families {mean:.1%}")
    lines.append(f"false alarms: {alarms} of {benign:,} benign files")
    lines.append(f"{len(samples) / seconds:,.0f} files/s, one core")
    return lines


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--part", choices=["tuning", "validation", "programs"])
    options = parser.parse_args()
    manifest = (options.corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    divided = parts([json.loads(line) for line in manifest])
    text = f"# Web shells\n\n{machine()}, {datetime.datetime.now(datetime.UTC).date()}.\n"
    for name, samples in divided.items():
        if options.part in {None, name}:
            text += f"\n## {name}\n\n" + "".join(
                f"- {row}\n" for row in rows(options.corpus, samples)
            )
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
