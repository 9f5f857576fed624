"""The JSONL contract: the values of the model as JSON objects, and back.

Every value of the result is an object with its fields by name. Times are ISO 8601 texts or
null; which fields are times is said here once, for both directions. `docs/outputs.md` describes
every field; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from exward.model.acceptance import Acceptance
from exward.model.coverage import Gap, RuleCoverage, SourceCoverage, StageCoverage, WebFileCoverage
from exward.model.finding import Evidence, Finding
from exward.model.incident import Incident, Process, ServerVerdict, Step
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture, Update
from exward.model.result import Run
from exward.model.service_account import Seen, ServiceAccount
from exward.model.skipped import Skipped
from exward.reports.times import iso, micros
from exward.reports.visible import cut, visible

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Object = dict[str, Any]
Value = TypeVar("Value")
MAX_MESSAGE = 300

TIMES: Mapping[type, tuple[str, ...]] = {
    Run: ("started", "finished"),
    Finding: ("first", "last"),
    Evidence: ("time",),
    Incident: ("first", "last"),
    Step: ("first", "last", "time"),
    Process: ("time",),
    SourceCoverage: ("first", "last"),
    ServiceAccount: ("first", "last"),
    Seen: ("first", "last"),
    Gap: ("start", "end"),
}
"""Fields that hold µs since 1970-01-01 UTC."""

PARTS: Mapping[type, Mapping[str, type]] = {
    Finding: {"evidence": Evidence},
    Incident: {"steps": Step, "processes": Process},
    SourceCoverage: {"gaps": Gap},
    ServerPosture: {"missing": Update},
    ServiceAccount: {"seen": Seen},
}
"""Fields that hold a list of objects."""

LINES: Mapping[tuple[str, str], type] = {
    ("run", ""): Run,
    ("verdict", ""): ServerVerdict,
    ("incident", ""): Incident,
    ("finding", ""): Finding,
    ("outcome", ""): Outcome,
    ("posture", ""): ServerPosture,
    ("account", ""): ServiceAccount,
    ("coverage", "source"): SourceCoverage,
    ("coverage", "rule"): RuleCoverage,
    ("coverage", "web-files"): WebFileCoverage,
    ("coverage", "stage"): StageCoverage,
    ("skipped", ""): Skipped,
    ("acceptance", ""): Acceptance,
}
"""What a line holds, by its `type` and `kind`, in the order of the lines."""


def field_names(kind: type[DataclassInstance | msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a type of the model, in their order."""
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    return tuple(field.name for field in fields(kind))


def to_object(value: DataclassInstance | msgspec.Struct) -> Object:
    """Return the value's fields by name, ready for JSON."""
    made = {name: getattr(value, name) for name in field_names(type(value))}
    for name in TIMES.get(type(value), ()):
        made[name] = iso(made[name])
    for name in PARTS.get(type(value), ()):
        made[name] = [to_object(part) for part in made[name]]
    return {name: dict(item) if isinstance(item, Mapping) else item for name, item in made.items()}


def from_object(kind: type[Value], given: Object) -> Value:
    """Make a value of `kind`; raises ValueError that names the field that is not right.

    Names that the type does not have are left alone: a later version may add some.
    """
    try:
        return msgspec.convert(_with_micros(kind, given), kind)
    except msgspec.ValidationError as error:  # its text may quote the value
        raise ValueError(cut(visible(str(error)), MAX_MESSAGE)) from error


def _with_micros(kind: type, given: Object) -> Object:
    made = dict(given)
    for name in TIMES.get(kind, ()):
        if made.get(name) is not None:
            made[name] = _micros(name, made[name])
    for name, part in PARTS.get(kind, {}).items():
        if isinstance(made.get(name), list):
            made[name] = [
                _with_micros(part, item) if isinstance(item, dict) else item for item in made[name]
            ]
    return made


def _micros(name: str, value: object) -> int:
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is not a time like 2026-01-05T02:14:09.123456Z")
    try:
        return micros(value)
    except ValueError as error:
        raise ValueError(f"`{name}`: {error}") from error
