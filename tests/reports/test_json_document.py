"""One JSON document with the same objects as the lines of JSONL."""

from __future__ import annotations

import orjson
import pytest

from exward.reports import json_document, jsonl
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import empty_result, sample_result

PLACES = {
    "verdicts": ("verdict", None),
    "incidents": ("incident", None),
    "findings": ("finding", None),
    "outcomes": ("outcome", None),
    "postures": ("posture", None),
    "accounts": ("account", None),
    "coverage": ("coverage", "source"),
    "rules": ("coverage", "rule"),
    "web_files": ("coverage", "web-files"),
    "stages": ("coverage", "stage"),
    "skipped": ("skipped", None),
    "acceptances": ("acceptance", None),
}


@pytest.mark.parametrize("make", [sample_result, hostile_result, empty_result])
def test_holds_what_the_lines_hold(make):
    document = orjson.loads("".join(json_document.render(make())))
    lines = [orjson.loads(line) for line in jsonl.render(make())]
    assert document["schema"] == 1
    assert lines[0] == {"type": "run", "schema": 1, "lines": len(lines), **document["run"]}
    assert set(document) == {"schema", "run", *PLACES}
    for name, (kind, part) in PLACES.items():
        head = {"type": kind, "schema": 1} | ({"kind": part} if part else {})
        mine = [line for line in lines if line["type"] == kind and line.get("kind") == part]
        assert [head | one for one in document[name]] == mine
