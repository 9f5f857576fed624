"""The findings as data for the report's script: compact, bounded, safe inside a script element.

What many findings share (title, advice, references of a rule; a file's path) is written once.
Every text passes `visible`, so no control character and no lone surrogate reaches the page, and
`<`, `>` and `&` are written as JSON escapes, so that no text can end the element it stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.reports.visible import cut, technique_link, visible, web_link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exward.model.finding import Evidence, Finding
    from exward.model.incident import Incident

MAX_FINDINGS = 20_000
MAX_TEXT = 1000
MAX_NAME = 160
MAX_VALUE = 600
MAX_FIELDS = 24
MAX_PLACES = 10
MAX_LIST = 20
EXCERPT_BUDGET = 12_000_000
"""Characters of excerpts in one page; the worst findings come first and get theirs."""

YEAR_1000, YEAR_10000 = -30_610_224_000, 253_402_300_800
"""Seconds since 1970-01-01 UTC: the years that a date of four digits can name."""

Excerpt = list[tuple[str, str]]


def text(value: str) -> str:
    """Bounded and visible, for one line."""
    return visible(cut(value, MAX_TEXT))


def name(value: str) -> str:
    """Bounded and visible, for what should be short: a title, a server, an account."""
    return visible(cut(value, MAX_NAME))


def reason(finding: Finding) -> str:
    """Why a finding is one, and why it does not count if it does not."""
    notes = [text(note) for note in (finding.why, finding.explained, finding.accepted) if note]
    return " — ".join(notes)


def excerpt(fields: Mapping[str, str]) -> Excerpt:
    """Bound an excerpt of a record: number of fields, length of names and of values."""
    shown = [
        (name(field), visible(cut(value, MAX_VALUE), lines=True))
        for field, value in list(fields.items())[:MAX_FIELDS]
    ]
    left = len(fields) - len(shown)
    return [*shown, ("…", f"{left:,} more fields")] if left > 0 else shown


def linked(values: Sequence[str], *, techniques: bool = False) -> list[tuple[str, str]]:
    """Pair each text with the address it may link to, "" where it may not be a link."""
    link = technique_link if techniques else web_link
    return [(text(value), link(value)) for value in values[:MAX_LIST]]


def json_chunks(ranked: Sequence[Finding], incidents: Sequence[Incident]) -> Iterator[str]:
    """Yield the page's JSON in pieces; `ranked` is the list of findings in the page's order."""
    shown = ranked[:MAX_FINDINGS]
    kinds = _Table()
    files = _Table()
    yield '{"findings":[\n'
    left = EXCERPT_BUDGET
    for number, finding in enumerate(shown):
        places, used = _places(finding.evidence, files, left)
        left -= used
        row = [kinds.number(_kind(finding)), name(finding.server), name(finding.account),
               name(finding.source_ip), _time(finding.first), _time(finding.last), finding.count,
               finding.grade, reason(finding), places]  # fmt: skip
        yield (",\n" if number else "") + _dumps(row)
    rest = {
        "kinds": kinds.values,
        "files": files.values,
        "severities": list(Severity),
        "stages": [[stage, stage.title] for stage in Stage],
        "bands": [[_time(one.first), _time(one.last)] for one in incidents],
    }
    yield "\n]," + _dumps(rest)[1:]


class _Table:
    """Distinct values in order of first use; each is referred to by its number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: object) -> int:
        key = repr(value)
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(value)
        return self._numbers[key]


def _kind(finding: Finding) -> list[object]:
    return [name(finding.detector), name(finding.rule), name(finding.title), finding.severity.rank,
            finding.confidence, finding.stage.order, linked(finding.techniques, techniques=True),
            text(finding.advice), linked(finding.references)]  # fmt: skip


def _places(
    evidence: Sequence[Evidence], files: _Table, budget: int
) -> tuple[list[list[object]], int]:
    """Places that prove a finding, and the characters that their excerpts take."""
    used = 0
    places = []
    for place in evidence[:MAX_PLACES]:
        fields: Excerpt | None = excerpt(place.fields)
        size = sum(len(field) + len(value) for field, value in fields or ())
        if used + size > budget:
            fields = None
        else:
            used += size
        # As text: a record id may be larger than the integers of a browser.
        file, position = files.number(text(place.file)), str(place.position)
        places.append([file, position, _time(place.time), fields])
    return places, used


def _time(time: int | None) -> int | None:
    """Seconds since 1970-01-01 UTC; None where there is none between the years 1000 and 9999."""
    seconds = None if time is None else time // 1_000_000
    return seconds if seconds is not None and YEAR_1000 <= seconds < YEAR_10000 else None


def _dumps(value: object) -> str:
    plain = orjson.dumps(value).decode()
    return plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
