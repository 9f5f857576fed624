"""The inputs of a run, each told by the run's seed and its own number."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import NamedTuple

import yaml

from tests.fuzz import mutations, pages, programs
from tests.webshells import test_pages

LARGE_EVERY = 1_000
"""One of so many inputs is made megabytes long."""
MAX_SAMPLE_BYTES = 256 * 1024
KINDS = ("page made up", "page damaged", "program made up", "program damaged", "noise", "large")
_WEIGHTS = (38, 40, 8, 12, 2)


class Sample(NamedTuple):
    """A file to start from: its extension without a dot, and its content."""

    extension: str
    data: bytes


class Input(NamedTuple):
    """One input: how it was made, the path it is to have, its content."""

    kind: str
    path: str
    data: bytes


def own_samples() -> tuple[Sample, ...]:
    """The small web shells of the tests."""
    shells = yaml.safe_load(Path(test_pages.__file__).with_name("shells.yml").read_text("utf-8"))
    return tuple(Sample(one["extension"], one["text"].encode()) for one in shells.values())


def collected_samples(folder: Path) -> tuple[Sample, ...]:
    """Files of a collection with a manifest, as `benchmarks/webshells.py` reads it.

    All malicious ones, and one of ten others: what matters is what the analysis follows.
    """
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    found = []
    for number, entry in enumerate(map(json.loads, lines)):
        path = folder / entry["path"]
        is_taken = entry["label"] == "malicious" or number % 10 == 0
        if is_taken and path.stat().st_size <= MAX_SAMPLE_BYTES:
            found.append(Sample(entry["ext"].partition(".")[0], path.read_bytes()))
    return tuple(found)


def made(seed: int, number: int, samples: tuple[Sample, ...]) -> Input:
    """Make one input."""
    rng = Random(f"{seed}:{number}")
    kind = rng.choices(KINDS[:-1], _WEIGHTS)[0]
    if number % LARGE_EVERY == LARGE_EVERY - 1:
        kind = KINDS[-1]
    extension, data = _content(kind, rng, samples)
    return Input(kind, f"C/inetpub/wwwroot/x.{extension}", data)


def _content(kind: str, rng: Random, samples: tuple[Sample, ...]) -> tuple[str, bytes]:
    if kind.startswith("program"):
        return _program(kind, rng, samples)
    if kind == "noise":
        return rng.choice(pages.EXTENSIONS), rng.randbytes(rng.randrange(4_000))
    if kind == "page made up":
        extension, text = pages.page(rng)
        return extension, pages.encoded(rng, text)
    extension, data = _page(rng, samples)
    if kind == "large":
        return extension, mutations.large(rng, data)
    if rng.random() < 0.2:  # two pages in one
        data = data[: rng.randrange(len(data) + 1)] + _page(rng, samples)[1]
    return extension, mutations.damaged(rng, data)


def _page(rng: Random, samples: tuple[Sample, ...]) -> Sample:
    chosen = [rng.choice(samples) for _ in range(4)]
    scripts = [one for one in chosen if one.extension != "dll"]
    if rng.random() < 0.3 or not scripts:
        extension, text = pages.page(rng)
        return Sample(extension, pages.encoded(rng, text))
    if rng.random() < 0.1:
        return Sample(rng.choice(pages.EXTENSIONS), scripts[0].data)
    return scripts[0]


def _program(kind: str, rng: Random, samples: tuple[Sample, ...]) -> tuple[str, bytes]:
    chosen = [one for one in samples if one.extension == "dll"]
    if kind == "program made up" or not chosen or rng.random() < 0.5:
        data = programs.program(rng)
    else:
        data = rng.choice(chosen).data
    return "dll", data if kind == "program made up" else mutations.damaged_program(rng, data)
