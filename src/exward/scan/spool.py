"""Hits that correlations need, sorted in runs on disk and read back as one sorted stream."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from exward.rules.hits import Hit

RUN = 50_000
"""Hits sorted in memory at a time."""


class Spool:
    """Collects hits of one worker; `close` returns the files written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hits: list[Hit] = []
        self._files: list[str] = []

    def add(self, hit: Hit) -> None:
        """Keep a hit, on disk if there are many."""
        self._hits.append(hit)
        if len(self._hits) >= RUN:
            self._flush()

    def close(self) -> list[str]:
        """Write what is left; names of all runs."""
        if self._hits:
            self._flush()
        return self._files

    def _flush(self) -> None:
        self._hits.sort(key=order)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".hits", delete=False) as file:
            for hit in self._hits:
                data = msgspec.msgpack.encode(hit)
                file.write(len(data).to_bytes(4, "big") + data)
        self._files.append(file.name)
        self._hits = []


def order(hit: Hit) -> tuple[int, str, str, str, int]:
    """Full sort key: time, server, rule, file, position."""
    return hit.time, hit.server, hit.rule, hit.evidence.file, hit.evidence.position


def read(files: list[str]) -> Iterator[Hit]:
    """All hits of all runs in order."""
    return heapq.merge(*(_run(name) for name in files), key=order)


def distinct(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Without the hits that a copy of the same Windows log gave again (hits in order of time)."""
    seen: set[tuple[str, str, int]] = set()
    time: int | None = None
    for hit in hits:
        if hit.time != time:
            seen.clear()
            time = hit.time
        key = hit.server, hit.rule, hit.evidence.position
        # Only event records have numbers of their own; lines of two web logs may coincide.
        if "EventID" in hit.evidence.fields:
            if key in seen:
                continue
            seen.add(key)
        yield hit


def _run(name: str) -> Iterator[Hit]:
    decoder = msgspec.msgpack.Decoder(Hit)
    with Path(name).open("rb") as file:
        while size := file.read(4):
            yield decoder.decode(file.read(int.from_bytes(size, "big")))
