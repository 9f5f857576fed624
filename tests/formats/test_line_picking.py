"""Some fields of a line are what all fields of the line say, and equal keys mean equal fields."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from exward.formats import registry
from exward.model.records import EventType, LineBatch, Part
from exward.rules.single import SampleFile
from exward.simulate import run

FORMATS = 8
ABSENT = "no such column"


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> list[LineBatch]:
    folder = tmp_path_factory.mktemp("day")
    run.simulate(run.Settings("proxyshell", folder, size_bytes=1_500_000))
    found: dict[tuple[EventType, tuple[str, ...]], LineBatch] = {}
    for path in sorted((folder / "evidence").rglob("*")):
        for batch in _read(path) if path.is_file() else ():
            found.setdefault((batch.type, tuple(batch.fields(0))), batch)
    return list(found.values())


def _read(path: Path) -> list[LineBatch]:
    source = SampleFile(path)
    form = registry.identify(source.head)
    items = form.read(source, Part(0, 1)) if form is not None else ()
    return [item for item in items if isinstance(item, LineBatch) and len(item)]


def test_many_formats_are_looked_at(batches: list[LineBatch]) -> None:
    assert len({batch.type for batch in batches}) >= FORMATS


def test_picked_fields_are_those_of_the_whole_line(batches: list[LineBatch]) -> None:
    chance = random.Random(1)
    for batch in batches:
        for index in range(0, len(batch), max(len(batch) // 20, 1)):
            fields = batch.fields(index)
            for _ in range(5):
                names = frozenset([*chance.sample(sorted(fields), min(4, len(fields))), ABSENT])
                picked = batch.pick(index, names)
                assert {name: fields.get(name) for name in names} == {
                    name: picked.get(name) for name in names
                }
                assert ABSENT not in picked


def test_equal_keys_mean_equal_fields(batches: list[LineBatch]) -> None:
    seen: dict[object, object] = {}
    known = 0
    for batch in batches:
        for name in batch.fields(0):
            for index in range(min(len(batch), 40)):
                key = batch.key(index, frozenset({name}))
                if key is not None:
                    known += 1
                    value = batch.fields(index).get(name)
                    assert seen.setdefault((batch.type, name, key), value) == value
    assert known > len(seen) > 0
