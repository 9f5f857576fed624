"""The JSONL contract: each field is described, each time is a time, each line has a home."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from exward.model.result import Run, ScanResult
from exward.reports import contract
from exward.reports.registry import renderers

DOCUMENT = (Path(__file__).parents[2] / "docs" / "outputs.md").read_text(encoding="utf-8")
KINDS = sorted(
    {*contract.LINES.values(), *(part for parts in contract.PARTS.values()
                                 for part in parts.values())},
    key=lambda kind: kind.__name__,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_is_described_in_its_order(kind):
    match = re.search(rf"^### .*\(`{kind.__name__}`\)$(.*?)(?=^#|\Z)", DOCUMENT, re.M | re.S)
    assert match is not None
    described = re.findall(r"^\| `(\w+)` \|", match[1], re.M)
    own = contract.field_names(kind)
    assert tuple(name for name in described if name not in _added(kind)) == own


@pytest.mark.parametrize("name", renderers())
def test_every_output_is_described(name):
    assert re.search(rf"^## `{name}`", DOCUMENT, re.M)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_field_collides_with_what_the_line_adds(kind):
    assert not _added(kind) & set(contract.field_names(kind))


def _added(kind):
    """What the renderer writes before the fields of a value."""
    return {"type", "schema", "kind"} | ({"lines"} if kind is Run else set())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_that_may_lack_a_time_is_a_time(kind):
    optional = {name for name, hint in get_type_hints(kind).items() if hint == int | None}
    assert optional - {"position", "pid", "days_behind"} <= set(contract.TIMES.get(kind, ()))


def test_every_list_of_the_result_has_a_line():
    assert len(contract.LINES) == len(fields(ScanResult))
