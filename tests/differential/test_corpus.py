"""Real rules on real logs: the engine's findings are those of the slow evaluator, all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeGuard

import pytest
import yaml

from exward.formats import registry
from exward.model.records import EventType, Fields, LineBatch, Part, TextBatch
from exward.model.skipped import Skipped
from exward.rules import library
from exward.rules.match import Match, match_texts
from exward.rules.plan import Plan
from tests.differential import slow_conditions, slow_routing, slow_sigma

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIRST, EVERY = 5, 6
"""Every record with a finding is judged again, and of each file and event type the first five and
then every sixth of the others: all 8,379 would take minutes."""
RULE_FOLDERS = ("rules", "rules-emerging-threats", "rules-threat-hunting")


class File:
    """An evidence file on disk."""

    seekable = True
    modified: int | None = None

    def __init__(self, path: Path) -> None:
        self.place = path
        self.path = str(path)
        self.size_bytes: int | None = path.stat().st_size
        with path.open("rb") as stream:
            self.head = stream.read(65_536)

    def open(self) -> BinaryIO:
        return self.place.open("rb")


def batches(path: Path) -> Iterator[TextBatch]:
    source = File(path)
    form = registry.identify(source.head)
    assert form is not None, path
    for batch in form.read(source, Part()):
        assert not isinstance(batch, Skipped), batch
        assert batch_has_texts(batch)
        yield batch


def batch_has_texts(batch: TextBatch | LineBatch) -> TypeGuard[TextBatch]:
    return hasattr(batch, "texts")


class SlowRules:
    """All Windows rules, those for an event type chosen once."""

    def __init__(self, folders: list[Path]) -> None:
        self.rules = [
            (str(rule["id"]), rule["logsource"], slow_sigma.prepare(rule))
            for folder in folders
            for path in sorted(folder.rglob("*.yml"))
            for rule in yaml.load_all(path.read_bytes(), LOADER)
        ]
        self.by_event: dict[
            EventType, list[tuple[dict, list[tuple[str, slow_conditions.Search]]]]
        ] = {}

    def found(self, event: EventType, fields: Fields) -> Iterator[str]:
        """Ids of the rules that the record matches."""
        if event not in self.by_event:
            groups: dict[str, tuple[dict, list]] = {}
            for rule, logsource, test in self.rules:
                if slow_routing.concerns(logsource, event):
                    groups.setdefault(str(logsource), (logsource, []))[1].append((rule, test))
            self.by_event[event] = list(groups.values())
        text = slow_sigma.search_text({k: v for k, v in fields.items() if k != "Channel"})
        for logsource, rules in self.by_event[event]:
            view = slow_routing.view(logsource, event, fields)
            if view is not None:
                yield from (rule for rule, test in rules if test(view, text))


@pytest.fixture(scope="module")
def rules(corpora: Path) -> tuple[Plan, SlowRules]:
    folders = [corpora / "sigmahq-rules" / name for name in RULE_FOLDERS]
    loaded = library.load([str(folder) for folder in folders], builtin=False)
    slow = SlowRules(folders)
    assert len(loaded.rules) + len(loaded.unusable) >= len(slow.rules) > 3000
    return Plan(loaded), slow


@pytest.mark.parametrize(("ending", "findings"), [("evtx", 1500), ("json", 100)])
def test_every_rule_finds_the_same_records(
    rules: tuple[Plan, SlowRules], corpora: Path, ending: str, findings: int
) -> None:
    plan, slow = rules
    agreed = 0
    files = sorted((corpora / "evtx-dev").rglob(f"*.{ending}"))
    assert len(files) >= 100
    for path in files:
        seen: Counter[EventType] = Counter()
        for batch in batches(path):
            fast: dict[int, set[str]] = {}
            for match in match_texts(plan, batch):
                assert isinstance(match, Match), match
                fast[match.at] = {entry.rule.meta.id for entry in match.entries}
            for index, event in enumerate(batch.types):
                seen[event] += 1
                if seen[event] > FIRST and index % EVERY and index not in fast:
                    continue
                expected = set(slow.found(event, batch.fields(index)))
                assert fast.get(index, set()) == expected, (path.name, batch.position(index))
                agreed += len(expected)
    assert agreed >= findings
