"""The rules that can fire on one event type, and which of them a record can match.

Each rule needs certain literals (literals.py). A route looks only for the rarest that suffice for
each rule: one pass over the text names the few rules worth evaluating. At first the longest are
taken for the rarest; then the route counts in samples of the records what is rare in this log, and
chooses again. What is looked for changes speed only, never the answer.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from exward.model.records import EventType, Key
from exward.rules import literals, multi_pattern
from exward.rules.evaluate import Test, compile_node
from exward.rules.folding import Folded
from exward.rules.ir import Rule
from exward.rules.literals import Every, Need
from exward.rules.routing import Admission
from exward.rules.specialise import fields_of, has_keywords

SAMPLE = 128
"""Records to watch before choosing again, and as many again to count literals in."""
FIRST_SAMPLE = 64
GROWTH = 16
"""The next sample begins when this many times as many records have been seen."""
NOISY = 0.02
"""A rule tried on more than this share of records deserves a better choice."""
MAX_PAIRED = 6
MAX_PAIR_BYTES = 2_000
SAMPLE_BYTES = 262_144
MAX_UNMATCHED = 8_192
MAX_KEY_CHARS = 1_000


@dataclass(slots=True)
class Entry:
    """One rule on a route; its test is compiled when first needed."""

    rule: Rule
    admission: Admission
    need: Need | None
    test: Test | None = None

    def names(self) -> frozenset[str] | None:
        """The fields that the condition reads; None if it searches the whole record."""
        condition = self.admission.condition
        return None if has_keywords(condition) else fields_of(condition)

    def matches(self, record: Folded) -> bool:
        """Evaluate the rule's condition."""
        if self.test is None:
            self.test = compile_node(self.admission.condition)
        return self.test(record)


class Watch(NamedTuple):
    """What to look for: a scanner, the entries behind each literal, and those always to try."""

    scanner: multi_pattern.Scanner | None
    owners: list[tuple[int, ...]]
    always: tuple[int, ...]


class Unmatched:
    """Values of lines on which certain entries were tried in vain; bounded."""

    def __init__(self) -> None:
        self._seen: set[tuple[tuple[int, ...], Key]] = set()

    def has(self, entries: tuple[int, ...], key: Key) -> bool:
        """Whether these entries were tried on these values."""
        return (entries, key) in self._seen

    def add(self, entries: tuple[int, ...], key: Key) -> None:
        """Remember; everything is forgotten when it becomes too much."""
        if sum(len(value) for value in key if value is not None) > MAX_KEY_CHARS:
            return
        if len(self._seen) >= MAX_UNMATCHED:
            self._seen.clear()
        self._seen.add((entries, key))


class Route:
    """See the module. Lives in one process, which learns for itself."""

    def __init__(self, event: EventType, entries: list[Entry], lines: bool = False) -> None:
        self.event = event
        self._lines = lines
        self.entries = entries
        self.keywords = any(has_keywords(entry.admission.condition) for entry in entries)
        self.derivations = tuple(
            dict.fromkeys(step for entry in entries for step in entry.admission.derivations)
        )
        self._checks = [
            None if entry.need is None else literals.checker(entry.need) for entry in entries
        ]
        self._choices = [_cheapest(entry, _by_length, pairs=False) for entry in entries]
        self.unmatched = Unmatched()
        self._names: dict[tuple[int, ...], frozenset[str] | None] = {}
        self._seen = 0
        self._sample_at = FIRST_SAMPLE
        self._sample: Sample | None = None
        self.watch = watch_for(self._choices)

    def candidates(self, data: bytes) -> Sequence[int]:
        """Indices of the entries whose rules a record with this text may match."""
        self._seen += 1
        watch = self.watch
        found = watch.scanner.find(data) if watch.scanner is not None else ()
        if not found:
            chosen: Sequence[int] = watch.always
        elif len(found) == 1 and not watch.always:
            chosen = watch.owners[found[0]]
        else:
            chosen = self.owners_of(found)
        if self._seen >= self._sample_at:
            self._learn(data, chosen)
        return chosen

    def owners_of(self, found: Sequence[int]) -> list[int]:
        """Entries behind the found literals, and those always to try, in order."""
        chosen = set(self.watch.always)
        for number in found:
            chosen.update(self.watch.owners[number])
        return sorted(chosen)

    def holding(self, numbers: Sequence[int], line: bytes) -> list[int]:
        """Those of the entries whose literals all stand in a line."""
        folded = line.lower()
        checks = self._checks
        return [one for one in numbers if (check := checks[one]) is None or check(folded)]

    def names_of(self, numbers: tuple[int, ...]) -> frozenset[str] | None:
        """The fields that suffice to evaluate these entries; None: all are needed."""
        if numbers not in self._names:
            each = [self.entries[number].names() for number in numbers]
            known = [names for names in each if names is not None]
            whole = len(known) < len(each) or self.derivations
            self._names[numbers] = None if whole else frozenset[str]().union(*known)
        return self._names[numbers]

    def learn_from_lines(self, block: bytes) -> None:
        """Learn from the beginning of a block of lines, now and then."""
        self._seen += 1
        if self._seen < self._sample_at - FIRST_SAMPLE:
            return
        lines = block[:SAMPLE_BYTES].splitlines()[: 2 * SAMPLE]
        scanner = self.watch.scanner
        self._sample_at = 0
        for line in lines:
            found = scanner.find(line) if scanner is not None else ()
            self._learn(line, self.owners_of(found))
        self._sample = None
        self._sample_at = self._seen * GROWTH + FIRST_SAMPLE

    def _learn(self, data: bytes, tried: Sequence[int]) -> None:
        if self._sample is None:
            self._sample = Sample(self.entries)
        if self._sample.take(data, tried):
            choices = self._sample.better(self._choices, pairs=self._lines)
            if choices != self._choices:
                self._choices = choices
                self.watch = watch_for(choices)
            self._sample = None
            self._sample_at = self._seen * GROWTH


class Sample:
    """Finds the rules that are tried too often, then literals that would single them out."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._taken = 0
        self._tried: Counter[int] = Counter()
        self._noisy: list[int] = []
        self._literals: list[bytes] = []
        self._counter: multi_pattern.Scanner | None = None
        self._seen: list[frozenset[bytes]] = []
        """The literals of the noisy rules that each sampled record holds."""

    def take(self, data: bytes, tried: Sequence[int]) -> bool:
        """Note one record; True when enough were seen."""
        self._taken += 1
        if self._taken <= SAMPLE:
            self._tried.update(tried)
            return self._taken == SAMPLE and not self._find_noisy()
        assert self._counter is not None
        found = self._counter.find(data)
        self._seen.append(frozenset(self._literals[number] for number in found))
        return self._taken == 2 * SAMPLE

    def _find_noisy(self) -> bool:
        """Whether some rule tried too often has other literals to offer."""
        noisy = {index for index, count in self._tried.items() if count > NOISY * SAMPLE}
        self._noisy = sorted(i for i in noisy if self._entries[i].need is not None)
        self._literals = _all_literals([self._entries[index] for index in self._noisy])
        if self._literals:
            self._counter = multi_pattern.scanner([*map(multi_pattern.literal, self._literals)])
        return bool(self._literals)

    def better(self, choices: Sequence[Choice], pairs: bool) -> list[Choice]:
        """The choices, made anew for the rules that were tried too often."""
        changed = list(choices)
        for index in self._noisy:
            changed[index] = _cheapest(self._entries[index], self._rate, pairs)
        return changed

    def _rate(self, some: Texts, others: Texts) -> float:
        """In how many sampled records one of each occurs; among equals the longer literals."""
        both = sum(bool(seen & some and seen & others) for seen in self._seen)
        return both + _by_length(some, others)


Choice = tuple[bytes, ...] | None
"""Patterns of which every match of a rule holds one; None: the rule needs none."""
Texts = frozenset[bytes]
Rate = Callable[[Texts, Texts], float]


def _by_length(some: Texts, others: Texts) -> float:
    """Among literals of unknown frequency: few and long ones are taken for rare."""
    del others
    return sum(1 / (1 + len(text)) for text in some)


def _cheapest(entry: Entry, rate: Rate, pairs: bool) -> Choice:
    return None if entry.need is None else price(entry.need, rate, pairs)[1]


def _all_literals(entries: Sequence[Entry]) -> list[bytes]:
    needs = [entry.need for entry in entries if entry.need is not None]
    return sorted({text for need in needs for text in literals.literals_of(need)})


def watch_for(choices: Sequence[Choice]) -> Watch:
    """One scanner for the chosen literals of all entries."""
    owners: dict[bytes, list[int]] = defaultdict(list)
    always = []
    for index, choice in enumerate(choices):
        if choice is None:
            always.append(index)
        else:
            for text in set(choice):
                owners[text].append(index)
    texts = sorted(owners)
    return Watch(
        scanner=multi_pattern.scanner(texts) if texts else None,
        owners=[tuple(owners[text]) for text in texts],
        always=tuple(always),
    )


def price(need: Need, rate: Rate, pairs: bool) -> tuple[float, tuple[bytes, ...]]:
    """The cheapest patterns of which every match holds one, and how often they are found.

    With `pairs`, literals that all must occur may be looked for two at a time (on one line).
    """
    if isinstance(need, bytes):
        one = frozenset({need})
        return rate(one, one), (multi_pattern.literal(need),)
    if isinstance(need, Every):
        offers = [price(one, rate, pairs) for one in need.needs]
        if pairs:
            offers += _paired(need, rate)
        return min(offers)
    priced = [price(one, rate, pairs) for one in need.needs]
    return sum(one for one, _ in priced), tuple(text for _, texts in priced for text in texts)


def _paired(need: Every, rate: Rate) -> list[tuple[float, tuple[bytes, ...]]]:
    sides = [_alternatives(one, rate) for one in need.needs[:MAX_PAIRED]]
    return [
        (rate(some, others), (multi_pattern.pair(sorted(some), sorted(others)),))
        for some, others in itertools.combinations(sides, 2)
        if sum(map(len, some | others)) <= MAX_PAIR_BYTES
    ]


def _alternatives(need: Need, rate: Rate) -> Texts:
    """Literals of which the need's matches hold one at least."""
    if isinstance(need, bytes):
        return frozenset({need})
    sides = [_alternatives(one, rate) for one in need.needs]
    if isinstance(need, Every):
        return min(sides, key=lambda texts: (rate(texts, texts), sorted(texts)))
    return frozenset().union(*sides)
