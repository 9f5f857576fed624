"""Which records of a batch match which rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from exward.model.records import EventType, Fields, LineBatch, TextBatch
from exward.rules.folding import KEYWORDS, Folded, fold_bytes, keyword_text
from exward.rules.plan import Plan
from exward.rules.route import Entry, Route


class Match(NamedTuple):
    """Record number `at` of the batch matched at least one rule."""

    at: int
    event: EventType
    record: Folded
    entries: list[Entry]


class Broken(NamedTuple):
    """Record number `at` of the batch has a text that cannot be decoded."""

    at: int
    reason: str


def match_texts(plan: Plan, batch: TextBatch) -> Iterator[Match | Broken]:
    """Match a batch of one-text records (Windows events)."""
    # Types are interned: comparing identity spares hashing four strings a record.
    last: EventType | None = None
    route: Route | None = None
    for index, (text, event) in enumerate(zip(batch.texts, batch.types, strict=True)):
        if event is not last:
            last, route = event, plan.route(event)
        if route is None:
            continue
        data = text.encode() if text.isascii() else fold_bytes(text)
        candidates = route.candidates(data)
        if not candidates:
            continue
        try:
            fields = batch.fields(index)
        except ValueError as error:
            yield Broken(index, str(error))
            continue
        found = _evaluate(route, candidates, fields, None)
        if found is not None:
            yield Match(index, event, *found)


def match_lines(plan: Plan, batch: LineBatch) -> Iterator[Match | Broken]:
    """Match a block of lines: only lines with a literal of some rule are split and decoded."""
    route = plan.route(batch.type)
    if route is None or not len(batch):
        return
    haystacks = [_folded(form) for form in batch.haystacks()]
    route.learn_from_lines(haystacks[-1])
    for index, numbers in sorted(_lines_with_literals(route, haystacks, len(batch)).items()):
        try:
            fields = batch.fields(index)
        except ValueError as error:
            yield Broken(index, str(error))
            continue
        candidates = route.owners_of(sorted(numbers))
        found = _evaluate(route, candidates, fields, batch.text(index))
        if found is not None:
            yield Match(index, batch.type, *found)


def _folded(block: bytes) -> bytes:
    """The block as the literals are folded; ASCII letters are left to the scanner."""
    return block if block.isascii() else fold_bytes(block.decode("utf-8", "replace"))


def _lines_with_literals(
    route: Route, haystacks: Sequence[bytes], lines: int
) -> dict[int, set[int]]:
    watch = route.watch
    found: dict[int, set[int]] = {}
    if watch.always:
        found = {index: set() for index in range(lines)}
    if watch.scanner is None:
        return found
    for data in haystacks:
        places = watch.scanner.find_all(data)
        if not places:
            continue
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n")).tolist()
        for number, end in places:
            found.setdefault(bisect_right(ends, end - 1), set()).add(number)
    return found


def _evaluate(
    route: Route, candidates: Sequence[int], fields: Fields, texts: list[str] | None
) -> tuple[Folded, list[Entry]] | None:
    if texts is not None:
        fields[KEYWORDS] = texts
    elif route.derivations and route.keywords:
        # Keywords are searched in what the record says, not in what is derived from it.
        fields[KEYWORDS] = keyword_text(fields)
    for derive in route.derivations:
        derive(fields)
    record = Folded(fields)
    matched = [entry for number in candidates if (entry := route.entries[number]).matches(record)]
    return (record, matched) if matched else None
