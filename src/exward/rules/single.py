"""One rule against one record, one file against some rules: for testing rules, not for scans.

Everything goes the way of a scan (loader, plan with its literals, evaluator, correlations); only
the merging into findings is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import orjson

from exward.formats import registry
from exward.model.errors import ContentError, EvidenceError
from exward.model.finding import Evidence
from exward.model.records import EventType, Fields, LineBatch, Part, TextBatch
from exward.model.skipped import Skipped
from exward.rules import library, literals, safe_yaml, sigma_loader
from exward.rules.correlate import correlate
from exward.rules.folding import Folded, fold_bytes
from exward.rules.hits import Hit
from exward.rules.ir import RuleSet
from exward.rules.match import Match, match_lines, match_texts
from exward.rules.plan import Plan
from exward.rules.route import Entry, Route
from exward.rules.routing import Admission
from exward.rules.sigma_loader import Located

_HEAD_BYTES = 65_536


def matches_fast(yaml_text: str, fields: Fields, log: str = "windows") -> bool:
    """Whether a record with these fields matches the rule, its log source left aside.

    The record goes through the literal search as compact JSON, as a scan would have it. Raises
    ContentError if the rule cannot be used.
    """
    documents = [
        Located("rule", line, document)
        for document, line in safe_yaml.load_documents(yaml_text.encode(), "rule")
    ]
    rules = sigma_loader.build(sigma_loader.merge_actions(documents), {})
    if rules.unusable or len(rules.rules) != 1:
        raise ContentError(rules.unusable[0].reason if rules.unusable else "is not one rule")
    rule = rules.rules[0]
    entry = Entry(
        rule=rule,
        admission=Admission(rule.condition, (), frozenset(), {}),
        need=literals.need(rule.condition, literals.in_json, frozenset()),
    )
    route = Route(EventType(log), [entry])
    text = orjson.dumps(fields).decode()
    data = text.encode() if text.isascii() else fold_bytes(text)
    return bool(route.candidates(data)) and entry.matches(Folded(dict(fields)))


def scan_file(rules_dir: str, evidence: str) -> Iterator[tuple[str, int]]:
    """(rule id, position) of every record in one evidence file that matches a rule."""
    plan = Plan(library.load([rules_dir], builtin=False))
    for batch, match in _matches(plan, Path(evidence)):
        for entry in match.entries:
            yield entry.rule.meta.id, batch.position(match.at)


def count_hits(rule_dirs: Sequence[str], builtin: bool, evidence: Path) -> dict[str, int]:
    """Rule id → number of matching records (for a correlation: of bursts) in one evidence file.

    Raises EvidenceError if the file is of no known format.
    """
    rules, plan = _loaded(tuple(rule_dirs), builtin)
    counts: Counter[str] = Counter()
    hits: list[Hit] = []
    feeding = {name for rule in rules.correlations for name in rule.rules}
    for batch, match in _matches(plan, evidence):
        counts.update(entry.rule.meta.id for entry in match.entries)
        hits += [
            _hit(entry, match.record, batch, match.at, str(evidence))
            for entry in match.entries
            if entry.rule.meta.id in feeding and batch.time(match.at) is not None
        ]
    hits.sort(key=lambda hit: (hit.time, hit.server, hit.rule, hit.evidence.position))
    for found in correlate(rules.correlations, hits):
        if not isinstance(found, Skipped):
            counts[found.rule] += 1
    return dict(counts)


def positions(rule_dirs: Sequence[str], builtin: bool, evidence: Path, rule: str) -> list[int]:
    """Positions of the records in one evidence file that match one rule."""
    _, plan = _loaded(tuple(rule_dirs), builtin)
    return [
        batch.position(match.at)
        for batch, match in _matches(plan, evidence)
        if any(entry.rule.meta.id == rule for entry in match.entries)
    ]


def count_records(evidence: Path) -> int:
    """How many records one evidence file holds, those that cannot be read included.

    Raises EvidenceError if the file is of no known format.
    """
    items = _read(SampleFile(evidence))
    return sum(item.count if isinstance(item, Skipped) else len(item) for item in items)


@lru_cache(maxsize=2)
def _loaded(rule_dirs: tuple[str, ...], builtin: bool) -> tuple[RuleSet, Plan]:
    """Rules and their plan: many samples are tried against the same ones."""
    rules = library.load(rule_dirs, builtin)
    return rules, Plan(rules)


def _hit(entry: Entry, record: Folded, batch: TextBatch | LineBatch, at: int, path: str) -> Hit:
    time = batch.time(at)
    assert time is not None
    values = {name: texts[0] for name in record.fields if (texts := record.texts(name))}
    values |= {sigma: values[own] for sigma, own in entry.admission.names.items() if own in values}
    place = Evidence(path, batch.position(at), time)
    return Hit(entry.rule.meta.id, time, batch.server(at), values, place)


def _matches(plan: Plan, path: Path) -> Iterator[tuple[TextBatch | LineBatch, Match]]:
    for item in _read(SampleFile(path)):
        if isinstance(item, Skipped):
            continue
        if isinstance(item, TextBatch):
            matches = match_texts(plan, item)
        else:
            matches = match_lines(plan, item)
        for match in matches:
            if isinstance(match, Match):
                yield item, match


def _read(source: SampleFile) -> Iterator[TextBatch | LineBatch | Skipped]:
    form = registry.identify(source.head)
    if form is None:
        raise EvidenceError("is no log of a known format", "", source.path)
    yield from form.read(source, Part())


class SampleFile:
    """A plain file on disk as a source."""

    seekable = True
    modified: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path
        self.path = str(path)
        self.size_bytes: int | None = path.stat().st_size
        with path.open("rb") as file:
            self.head = file.read(_HEAD_BYTES)

    def open(self) -> BinaryIO:
        """A fresh stream at the beginning."""
        return self._path.open("rb")
