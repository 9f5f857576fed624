"""Rules for the requests to pages that were found to be web shells, or that were deleted.

What such a page is called is known only when it has been judged. A rule for each makes its
requests findings like all others: counted by address, joined with the page by its path, told in
the story.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

import msgspec

from exward.incidents.attribution import UNKNOWN_HOST
from exward.incidents.grading import time_key
from exward.incidents.web_paths import is_stock_page
from exward.incidents.words import when
from exward.model.finding import Confidence, Finding
from exward.model.severity import Severity
from exward.rules import sigma_loader
from exward.rules.ir import RuleSet
from exward.rules.sigma_loader import Located
from exward.webshells.belonging import leftovers
from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.places import place_of
from exward.webshells.skimming import page as logon_page

MAX_PAGES = 100
MAX_HOMES = 3
MAX_PATH_CHARS = 1_000
_NAMESPACE = uuid.UUID("6b1f4c1e-6f0b-5d0c-9d0a-3b1f7c2e8a41")
_REFUSED = (401, 403, 404)
"""Statuses of a request that did not reach the page: it was not there yet, or not served."""


def pages(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """By URL path in lower case the findings of medium and above on pages, worst first.

    Pages that every client calls are left out, also those that take passwords. Of more than
    `MAX_PAGES` those of the most severe findings are taken.
    """
    grave = [one for one in findings if one.severity.rank >= Severity.MEDIUM.rank]
    found: dict[str, list[Finding]] = {}
    for finding in sorted(grave, key=lambda one: (-one.severity.rank, one.id)):
        url = _url(finding)
        is_called_by_all = is_stock_page(url) or finding.detector == logon_page.DETECTOR
        if url and not is_called_by_all and len(url) <= MAX_PATH_CHARS:
            found.setdefault(url, []).append(finding)
    return dict(list(found.items())[:MAX_PAGES])


def rules_for(called: Mapping[str, Iterable[Finding]]) -> dict[str, str]:
    """Id of each finding on a page → id of the rule for requests to it."""
    return {one.id: rule_id(url) for url, found in called.items() for one in found}


def _url(finding: Finding) -> str:
    """The URL path of the page; "" if it lies in no web folder, or is one of Exchange's.

    A rule that very many files fit makes none of them a page to follow.
    """
    if not finding.path:
        return ""
    shown = finding.evidence[0].fields
    place = place_of(shown.get("TargetFilename", ""))
    if place is None:
        return shown.get("cs-uri-stem", "")
    return "" if place.stock_path in baseline().files else place.url


def with_rules(rules: RuleSet, called: Mapping[str, Sequence[Finding]]) -> RuleSet:
    """The rule set with a rule for the requests to each page."""
    documents = [
        Located("web shells in the evidence", 0, _rule(url, found[0]))
        for url, found in sorted(called.items())
    ]
    own = sigma_loader.build(documents, {}).rules
    everything = sorted((*rules.rules, *own), key=lambda rule: rule.meta.id)
    return msgspec.structs.replace(rules, rules=tuple(everything)) if own else rules


def rule_id(url: str) -> str:
    """The id of the rule for a page, the same in every scan."""
    return str(uuid.uuid5(_NAMESPACE, url.encode("utf-8", "backslashreplace").hex()))


def _rule(url: str, finding: Finding) -> dict[str, object]:
    literal = re.sub(r"([\\*?])", r"\\\1", url)
    return {
        "title": f"Request For A Page That {_what(finding)}",
        "id": rule_id(url),
        "status": "stable",
        "level": min(finding.severity, Severity.HIGH, key=lambda one: one.rank).value,
        "tags": ["attack.persistence", "attack.t1505.003"],
        "logsource": {"category": "webserver"},
        "detection": {
            # With path information behind its name a page is called, too.
            "page": [{"cs-uri-stem": literal}, {"cs-uri-stem|startswith": f"{literal}/"}],
            "refused": {"sc-status": list(_REFUSED)},
            "condition": "page and not refused",
        },
        "exward": {
            "stage": "web-shell",
            "grade": "success",
            "confidence": finding.confidence.value,
            "advice": "Follow what this address did before and after; look for what the web "
            "server started at the times of the requests.",
        },
    }


def _what(finding: Finding) -> str:
    if finding.rule == leftovers.RULE:
        return "Was Deleted"
    return "Is A Web Shell" if finding.confidence is Confidence.HIGH else "May Be A Web Shell"


def joined(findings: Iterable[Finding], requested: Mapping[str, str]) -> tuple[Finding, ...]:
    """Pages say when each was first called, and by whom; requests on another server weigh less.

    `requested`: as `rules_for` gives it. Servers are attributed already: a page of one server may
    be another page on the next, so that a request there is no more than a thing to look at.
    """
    held = tuple(findings)
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for one in held:
        if one.id in requested:
            homes[requested[one.id]].add(one.server)
    first: dict[tuple[str, str], Finding] = {}
    for one in sorted(held, key=time_key, reverse=True):
        if one.rule in homes and one.first is not None:
            first[one.rule, one.server] = one
    return tuple(
        _elsewhere(one, homes[one.rule])
        if one.rule in homes
        else _told(one, first.get((requested.get(one.id, ""), one.server)))
        for one in held
    )


def _elsewhere(request: Finding, homes: Set[str]) -> Finding:
    if request.server in homes or UNKNOWN_HOST in homes:
        return request
    where = ", ".join(sorted(homes)[:MAX_HOMES])
    return replace(
        request,
        title=f"{request.title} On Another Server",
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        why=f"{request.why}; the page was found on {where}, not on this server",
    )


def accepted_with(findings: Iterable[Finding], requested: Mapping[str, str]) -> tuple[Finding, ...]:
    """Who accepted a page has accepted that it is called, on the same server."""
    held = tuple(findings)
    notes = {
        (requested[one.id], one.server): one.accepted
        for one in held
        if one.accepted and one.id in requested
    }
    return tuple(
        replace(one, accepted=one.accepted or notes.get((one.rule, one.server), ""))
        for one in held
    )  # fmt: skip


def _told(finding: Finding, request: Finding | None) -> Finding:
    if request is None:
        return finding
    by = f" by {request.source_ip}" if request.source_ip else ""
    return replace(finding, why=f"{finding.why}; first called {when(request.first)}{by}")
