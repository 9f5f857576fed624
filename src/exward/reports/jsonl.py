"""The result as JSON Lines, without loss: what `exward report` and `exward diff` read back.

One object per line with its `type` and the `schema` version, in the order run, verdicts,
incidents, findings, outcomes, postures, accounts, coverage of sources, of rules, of web files
and of stages, skipped, acceptances. The `run` line says how many `lines` there are in all, so that
a file that was cut off is noticed.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from exward.model.result import SCHEMA
from exward.reports.contract import to_object
from exward.reports.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed import DataclassInstance

    from exward.model.result import ScanResult

NAME = "jsonl"
TITLE = "Complete result, one JSON object per line; can be read back"
EXTENSION = "jsonl"


def render(result: ScanResult) -> Iterator[str]:
    """Yield one line per object, line feed included."""
    groups: tuple[tuple[str, str, tuple[DataclassInstance, ...]], ...] = (
        ("verdict", "", result.verdicts),
        ("incident", "", result.incidents),
        ("finding", "", result.findings),
        ("outcome", "", result.outcomes),
        ("posture", "", result.postures),
        ("account", "", result.accounts),
        ("coverage", "source", result.coverage),
        ("coverage", "rule", result.rules),
        ("coverage", "web-files", result.web_files),
        ("coverage", "stage", result.stages),
        ("skipped", "", result.skipped),
        ("acceptance", "", result.acceptances),
    )
    lines = 1 + sum(len(values) for _, _, values in groups)
    head = {"type": "run", "schema": SCHEMA, "lines": lines, **to_object(result.run)}
    yield f"{dumps(head)}\n"
    yield from chain.from_iterable(_lines(*group) for group in groups)


def _lines(name: str, kind: str, values: Iterable[DataclassInstance]) -> Iterator[str]:
    head = {"type": name, "schema": SCHEMA, **({"kind": kind} if kind else {})}
    for value in values:
        yield f"{dumps({**head, **to_object(value)})}\n"
