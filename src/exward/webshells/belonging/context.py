"""What a finding on a web file says beside its code: stock or not, folder, times, owner."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from exward.model.finding import Confidence, Finding
from exward.model.severity import Severity
from exward.webshells.belonging import owners
from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.builds import Build
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.places import Place
from exward.webshells.belonging.standing import Standing

FOREIGN = frozenset({Standing.MODIFIED, Standing.UNKNOWN})
_CONFIDENCE = tuple(Confidence)


@dataclass(frozen=True, slots=True)
class Context:
    """One web file, where it lies, and how it compares."""

    file: WebFile
    place: Place | None
    standing: Standing
    build: Build
    age: str
    """How much newer it is than its neighbours, in words; "" if it is not."""
    installers: frozenset[str] = frozenset()
    """Keys of the accounts that installed Exchange on its server, if that is known."""

    @property
    def is_foreign(self) -> bool:
        """Whether a file of Exchange was changed, or lies where Exchange has none of the name."""
        return self.standing in FOREIGN

    @property
    def is_by_web_server(self) -> bool:
        """Whether an application pool owns it."""
        return owners.is_web_server(self.file.owner)


def notes(context: Context) -> list[str]:
    """The context in words, each a part of a sentence about the page."""
    place = context.place
    said = []
    if context.standing is Standing.MODIFIED:
        said.append(f"it differs from the stock file of {_compared(context)}")
    elif context.standing is Standing.UNKNOWN and place is not None and not place.is_exchange:
        said.append("its folder holds no page of Windows or Exchange")
    elif context.standing is Standing.UNKNOWN:
        said.append(f"no stock file of {_compared(context)} has its path")
    if place is not None and place.anonymous:
        said.append(f"{place.anonymous} is served without signing in")
    said += [context.age, owners.said(context.file.owner, context.installers)]
    return [one for one in said if one]


def _compared(context: Context) -> str:
    """The builds that a file was compared with."""
    place, build = context.place, context.build
    if place is not None and place.build:
        return f"Exchange {place.build}"
    if build.places:
        return f"Exchange {build.name}"
    builds = baseline().builds
    return f"Exchange {builds[0]} to {builds[-1]}, the builds of the list,"


def fields(context: Context) -> dict[str, str]:
    """The context as fields of the evidence."""
    known = {"baseline": context.standing.value}
    if context.build.name:
        known["build"] = context.build.name
    if context.place is not None and context.place.anonymous:
        known["anonymous_folder"] = context.place.anonymous
    file = context.file
    told = {
        "owner": str(file.owner),
        "created": _iso(file.created),
        "modified": _iso(file.modified),
    }
    return known | {name: text for name, text in told.items() if text}


def told(finding: Finding, context: Context) -> Finding:
    """A finding of code analysis with the context; a foreign file makes it weigh more."""
    place, *rest = finding.evidence
    shown = replace(place, fields={**place.fields, **fields(context)})
    why = "; ".join((finding.why, *notes(context)))
    told_so = replace(finding, why=why, evidence=(shown, *rest))
    return _raised(told_so) if context.is_foreign else told_so


def hinted(hint: Finding, context: Context) -> Finding:
    """Signs that prove nothing alone, in a file that does not belong where it lies."""
    return replace(told(hint, context), severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)


def _raised(finding: Finding) -> Finding:
    severity = tuple(Severity)[min(finding.severity.rank + 1, Severity.CRITICAL.rank)]
    level = min(_CONFIDENCE.index(finding.confidence) + 1, len(_CONFIDENCE) - 1)
    return replace(finding, severity=severity, confidence=_CONFIDENCE[level])


def _iso(time: int | None) -> str:
    """The time to the second; "" where it is not known, or no calendar can name it."""
    if time is None:
        return ""
    try:
        moment = datetime.datetime.fromtimestamp(time // 1_000_000, datetime.UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
