"""Findings on files whose code shows nothing, but that are not as Exchange shipped them.

None of them says that a server is compromised: administrators change logon pages and add their own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells.belonging import context as about
from exward.webshells.belonging.context import Context
from exward.webshells.belonging.standing import Standing

DETECTOR = "webshell"
MAX_SINGLE = 50
"""More observations of one kind on one installation are told as one."""
MAX_PLACES = 100
_ADVICE = "Compare the file with that of a server you trust, of the same build; look at its times."


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of observation says and weighs."""

    rule: str
    title: str
    severity: Severity
    confidence: Confidence
    stage: Stage
    technique: str
    advice: str = _ADVICE
    begins: str = "its code shows nothing by itself"


_LOGON = Kind(
    "webshell-logon-page-changed", "Page Of The Logon Is Not Exchange's", Severity.MEDIUM,
    Confidence.MEDIUM, Stage.CREDENTIAL_ACCESS, "T1056.003",
    "Compare the file with that of a server you trust, of the same build: intruders change the "
    "logon to collect passwords, administrators to show a notice. Reset passwords if it sends or "
    "stores what is typed.",
)  # fmt: skip
_CHANGED = Kind(
    "webshell-stock-page-changed", "Page Of Exchange Was Changed", Severity.LOW, Confidence.LOW,
    Stage.WEB_SHELL, "T1505.003",
)  # fmt: skip
_FOREIGN = Kind(
    "webshell-page-not-stock", "Page Is None Of Exchange's", Severity.INFORMATIONAL,
    Confidence.LOW, Stage.WEB_SHELL, "T1505.003",
)  # fmt: skip
_FOREIGN_TO_ALL = replace(_FOREIGN, severity=Severity.LOW)
_NOT_COLLECTED = Kind(
    "webshell-page-not-collected", "Page That The Web Server Wrote Was Not Collected",
    Severity.MEDIUM, Confidence.MEDIUM, Stage.WEB_SHELL, "T1505.003",
    "Fetch the file from the server, or from the quarantine of its antivirus, keep its times, and "
    "scan it; look for requests to it.",
    "the collector listed it and has no copy, so that its code was not judged",
)  # fmt: skip


def observed(contexts: Iterable[Context]) -> Iterator[Finding]:
    """The observations on files that code analysis found nothing in."""
    yield from _grouped((_kind(one), one) for one in contexts if one.is_foreign)


def not_collected(contexts: Iterable[Context]) -> Iterator[Finding]:
    """Those on files that a collector only listed: foreign ones that an application pool wrote.

    A stock page whose hash is not known may be as it was shipped.
    """
    yield from _grouped(
        (_NOT_COLLECTED, one)
        for one in contexts
        if one.is_foreign
        and one.is_by_web_server
        and (one.file.sha256 or one.standing is Standing.UNKNOWN)
    )


def _grouped(judged: Iterable[tuple[Kind, Context]]) -> Iterator[Finding]:
    groups: defaultdict[tuple[str, str], list[tuple[Kind, Context]]] = defaultdict(list)
    for kind, context in judged:
        if context.place is not None:
            groups[kind.rule, context.place.root].append((kind, context))
    for members in groups.values():
        if len(members) > MAX_SINGLE:
            yield _finding(members)
        else:
            yield from (_finding([one]) for one in members)


def _kind(context: Context) -> Kind:
    place = context.place
    if context.standing is Standing.MODIFIED:
        kind = _LOGON if place is not None and place.is_logon else _CHANGED
    else:
        kind = _FOREIGN_TO_ALL if place is not None and place.anonymous else _FOREIGN
    if not context.is_by_web_server:
        return kind
    # No administrator writes pages as an application pool.
    return replace(kind, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)


def _finding(members: Sequence[tuple[Kind, Context]]) -> Finding:
    kind, first = max(members, key=lambda one: one[0].severity.rank)
    why = "; ".join((kind.begins, *about.notes(first)))
    if len(members) > 1:
        why = f"{len(members):,} pages are not as shipped, one of them {first.file.path}: {why}"
    places = tuple(_place(one) for _, one in members[:MAX_PLACES])
    return made(kind, places, why, len(members))


def made(kind: Kind, places: tuple[Evidence, ...], why: str, count: int = 1) -> Finding:
    """A finding on files that were found in a state, at no time and by nobody known."""
    names = sorted(f"{one.file}\0{one.fields.get('sha256', '')}" for one in places)
    identity = "\0".join((DETECTOR, kind.rule, *names)).encode("utf-8", "backslashreplace")
    is_single = len(places) == 1
    return Finding(
        id=hashlib.blake2b(identity, digest_size=12).hexdigest(),
        detector=DETECTOR,
        rule=kind.rule,
        title=kind.title,
        severity=kind.severity,
        confidence=kind.confidence,
        stage=kind.stage,
        techniques=(kind.technique,),
        server="",
        account="",
        source_ip="",
        first=None,
        last=None,
        count=count,
        grade=Grade.STATE,
        evidence=places,
        why=why,
        advice=kind.advice,
        references=(f"https://attack.mitre.org/techniques/{kind.technique.replace('.', '/')}/",),
        path=places[0].file if is_single else "",
        sha256=places[0].fields.get("sha256", "") if is_single else "",
    )


def _place(context: Context) -> Evidence:
    file = context.file
    named = {"TargetFilename": file.path, "sha256": file.sha256}
    return Evidence(file.path, 0, None, {**named, **about.fields(context)})
