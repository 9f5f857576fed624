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
    route = plan.route(batch.type, lines=True)
    if route is None or not len(batch):
        return
    block = _folded(batch.haystack())
    route.learn_from_lines(block)
    ends = _line_ends(block)
    for index, candidates in _candidate_lines(route, block, ends):
        line = block[ends[index - 1] + 1 if index else 0 : ends[index]]
        try:
            found = _match_line(route, batch, index, (candidates, line))
        except ValueError as error:
            yield Broken(index, str(error))
            continue
        if found is not None:
            yield Match(index, batch.type, *found)


def _match_line(
    route: Route, batch: LineBatch, index: int, tried: tuple[tuple[int, ...], bytes]
) -> tuple[Folded, list[Entry]] | None:
    """Match one line that holds a literal of each of these entries.

    Mostly their other literals are not there, and often the same values were looked at before.
    """
    candidates, line = tried
    names = route.names_of(candidates)
    key = None if names is None else batch.key(index, names)
    if key is not None and route.unmatched.has(candidates, key):
        return None
    chosen = route.holding(candidates, line)
    if chosen and names is not None:
        some = Folded(batch.pick(index, names))
        chosen = [number for number in chosen if route.entries[number].matches(some)]
    if chosen:
        return _evaluate(route, chosen, batch.fields(index), batch.text(index))
    if key is not None:
        route.unmatched.add(candidates, key)
    return None


def _folded(block: bytes) -> bytes:
    """The block as the literals are folded; ASCII letters are left to the scanner."""
    if block.isascii():
        return block
    try:
        return fold_bytes(block.decode("utf-8"))
    except UnicodeDecodeError:
        # As the reader does: a line that is not UTF-8 is Latin-1.
        return b"\n".join(map(_folded_line, block.split(b"\n")))


def _folded_line(line: bytes) -> bytes:
    try:
        return fold_bytes(line.decode("utf-8"))
    except UnicodeDecodeError:
        return fold_bytes(line.decode("latin-1"))


def _candidate_lines(
    route: Route, block: bytes, ends: list[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(line, entries worth evaluating on it), in order of the lines."""
    watch = route.watch
    places = watch.scanner.find_all(block) if watch.scanner is not None else []
    if not watch.always and not places:
        return
    found: dict[int, set[int]] = (
        {index: set() for index in range(len(ends))} if watch.always else {}
    )
    for number, end in places:
        found.setdefault(bisect_right(ends, end - 1), set()).add(number)
    owners: dict[frozenset[int], tuple[int, ...]] = {}
    for index, numbers in sorted(found.items()):
        key = frozenset(numbers)
        if key not in owners:
            owners[key] = tuple(route.owners_of(sorted(key)))
        if owners[key]:
            yield index, owners[key]


def _line_ends(data: bytes) -> list[int]:
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    return [*breaks.tolist(), len(data)]


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
