"""Which process wrote a page: what Sysmon saw, said beside the owner of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from exward.incidents.attribution import UNKNOWN_HOST
from exward.incidents.words import when
from exward.model.finding import Evidence, Finding
from exward.webshells.belonging.places import place_of


class Written(NamedTuple):
    """A write to a file; `time` in µs since 1970-01-01 UTC."""

    time: int
    image: str
    account: str


Page = tuple[str, str]
"""Server, and the path below the folder in which Exchange, or the site, lies."""


def told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Pages say what wrote each of them first, where that was seen on their server."""
    held = tuple(findings)
    first: dict[Page, Written] = {}
    for page, written in sorted(one for finding in held for one in _writes(finding)):
        first.setdefault(page, written)
    return tuple(_told(one, first) if one.path else one for one in held)


def _writes(finding: Finding) -> Iterator[tuple[Page, Written]]:
    for one in () if finding.path else finding.evidence:
        page, image = _page(finding.server, one), one.fields.get("Image", "")
        if page is not None and image and one.time is not None:
            yield page, Written(one.time, image, finding.account)


def _page(server: str, place: Evidence) -> Page | None:
    found = place_of(place.fields.get("TargetFilename", ""))
    return None if found is None or server == UNKNOWN_HOST else (server, found.path)


def _told(finding: Finding, first: dict[Page, Written]) -> Finding:
    page = _page(finding.server, finding.evidence[0])
    written = None if page is None else first.get(page)
    if written is None:
        return finding
    account = f" as {written.account}" if written.account else ""
    said = f"written {when(written.time)} by {written.image}{account}"
    return replace(finding, why=f"{finding.why}; {said}")
