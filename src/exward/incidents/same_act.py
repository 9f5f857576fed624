"""One act that several logs show is one finding, with the evidence of all of them.

A cmdlet stands in the event log, the remote PowerShell log and the audit queue, a request in IIS
and in HttpProxy, a process in Security and in Sysmon. Each log names account and server in its own
way, or not at all, so the hits come as findings of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from exward.incidents import mail_story
from exward.incidents.accounts import account_key
from exward.incidents.addresses import is_anywhere, parse_address
from exward.incidents.grading import LAST, time_key
from exward.incidents.joins import own_addresses_of
from exward.model.finding import Evidence, Finding
from exward.model.stage import Stage

MAX_PLACES = 100
MAX_COMPARED = 20
NEAR = 5_000_000
"""µs: front end and back end log one request within moments."""

Logs = Mapping[str, str]
"""Evidence path → the log that it holds."""


def merge(findings: Iterable[Finding], logs: Logs) -> tuple[Finding, ...]:
    """Merge findings of one rule, server, account and address that come from different logs.

    Two findings of the same log stay two: they differ in what that log says of them. A back end
    names the server itself as the client: such a finding joins the one at the same time that names
    the client. `count` is that of the log which shows the act most often. What no log shows, such
    as a file that lies there, is no act: two such findings are about two files. What
    a detector has put together already, messages and behaviour, stays as it is.
    """
    every = tuple(findings)
    alone = [one for one in every if not _is_act(one, logs)]
    held = [one for one in every if _is_act(one, logs)]
    own: defaultdict[str, set[str]] = defaultdict(set)
    groups: defaultdict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in held:
        own[finding.server].update(own_addresses_of(finding))
        account = account_key(finding.account, finding.server)
        groups[finding.rule, finding.server, account, finding.accepted].append(finding)
    acts: defaultdict[tuple[str, str, str], dict[str, list[Finding]]] = defaultdict(dict)
    for (rule, server, account, accepted), members in groups.items():
        known = own[server]
        ordered = sorted(members, key=lambda one: (_is_own(one.source_ip, known), *time_key(one)))
        acts[rule, server, accepted][account] = _merged(ordered, logs, known)
    merged = [one for by_account in acts.values() for one in _with_nameless(by_account, logs)]
    return (*merged, *alone)


def _is_act(one: Finding, logs: Logs) -> bool:
    is_whole = one.detector == mail_story.DETECTOR or one.stage is Stage.BEHAVIOUR
    return not is_whole and any(place.file in logs for place in one.evidence)


def _with_nameless(acts: Mapping[str, list[Finding]], logs: Logs) -> list[Finding]:
    """Put what names no account to the act at the same time that another log names one for."""
    named = [one for account, found in acts.items() if account for one in found]
    alone: list[Finding] = []
    for nameless in acts.get("", ()):
        places = {_log_of(place.file, logs) for place in nameless.evidence}
        for index, one in enumerate(named[:MAX_COMPARED]):
            seen = {_log_of(place.file, logs) for place in one.evidence}
            if not places & seen and _is_near((one,), nameless):
                named[index] = _one((one, nameless))
                break
        else:
            alone.append(nameless)
    return named + alone


def _merged(members: Sequence[Finding], logs: Logs, own: set[str]) -> list[Finding]:
    """Put each finding to the first one before it that it fits and that has none of its logs."""
    acts: list[tuple[list[Finding], set[str]]] = []
    for finding in members:
        places = {_log_of(place.file, logs) for place in finding.evidence}
        home = next(
            (act for act in acts if not act[1] & places and _fits(act[0], finding, own)), None
        )
        if home is None:
            acts.append(([finding], places))
        else:
            home[0].append(finding)
            home[1].update(places)
    return [_one(found) for found, _ in acts]


def _log_of(path: str, logs: Logs) -> str:
    """The log and its folder: front end and back end write the same log into two folders."""
    return f"{logs.get(path, '')}\0{re.split(r'[^/!]*$', path.replace(chr(92), '/'))[0]}"


def _fits(act: Sequence[Finding], finding: Finding, own: set[str]) -> bool:
    if finding.source_ip == act[0].source_ip:
        return True
    return _is_own(finding.source_ip, own) and _is_near(act, finding)


def _is_near(act: Sequence[Finding], finding: Finding) -> bool:
    times = [place.time for one in act for place in one.evidence if place.time is not None]
    return any(
        place.time is not None and abs(place.time - time) <= NEAR
        for place in finding.evidence[:MAX_COMPARED]
        for time in times[:MAX_COMPARED]
    )


def _is_own(text: str, own: set[str]) -> bool:
    address = parse_address(text)
    return address is not None and (is_anywhere(address) or str(address) in own)


def _one(found: Sequence[Finding]) -> Finding:
    if len(found) == 1:
        return found[0]
    told = found[0]
    times = [time for one in found for time in (one.first, one.last) if time is not None]
    places = sorted({_place_key(place): place for one in found for place in one.evidence}.items())
    return replace(
        told,
        account=next((one.account for one in found if one.account), ""),
        first=min(times, default=None),
        last=max(times, default=None),
        count=max(one.count for one in found),
        evidence=tuple(place for _, place in places[:MAX_PLACES]),
    )


def _place_key(place: Evidence) -> tuple[int, str, int]:
    return (LAST if place.time is None else place.time, place.file, place.position)
