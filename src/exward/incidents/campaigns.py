"""The noise of the internet in one line: one rule's attempts from many addresses on one server.

Every server is scanned all day long. Attempts of one kind from many addresses, none of which got
anywhere, are one campaign; an address that did anything is never folded into it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from exward.incidents.addresses import parse_address
from exward.incidents.grading import is_acted, is_attempt, time_key
from exward.incidents.joins import SOURCE_ADDRESS_FIELDS
from exward.incidents.same_act import MAX_PLACES
from exward.model.finding import Finding
from exward.model.severity import Severity

FEWEST_ADDRESSES = 5
MOST_SEVERE = Severity.MEDIUM
"""Attempts that are more severe stay single: each deserves a look."""
DETECTOR = "campaign"


def fold(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Fold attempts from `FEWEST_ADDRESSES` or more addresses into one finding per rule."""
    held = tuple(findings)
    acting = {address for finding in held if is_acted(finding) for address in _addresses(finding)}
    groups: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    kept: list[Finding] = []
    for finding in held:
        foldable = (
            is_attempt(finding)
            and finding.severity.rank <= MOST_SEVERE.rank
            and finding.source_ip not in acting | {""}
            and not finding.accepted
        )
        if foldable:
            groups[finding.rule, finding.server].append(finding)
        else:
            kept.append(finding)
    for members in groups.values():
        addresses = {finding.source_ip for finding in members}
        kept += [_campaign(members)] if len(addresses) >= FEWEST_ADDRESSES else members
    return tuple(kept)


def _addresses(finding: Finding) -> set[str]:
    """Every address that a finding names, also in its evidence."""
    texts = {
        place.fields[name]
        for place in finding.evidence
        for name in SOURCE_ADDRESS_FIELDS
        if name in place.fields
    }
    found = {str(address) for text in texts if (address := parse_address(text)) is not None}
    return found | {finding.source_ip}


def _campaign(members: Sequence[Finding]) -> Finding:
    ordered = sorted(members, key=time_key)
    first = ordered[0]
    addresses = sorted({finding.source_ip for finding in ordered})
    times = [time for one in ordered for time in (one.first, one.last) if time is not None]
    places = sorted(
        (place for finding in ordered for place in finding.evidence),
        key=lambda place: (place.time is None, place.time or 0, place.file, place.position),
    )
    text = "\0".join((DETECTOR, first.rule, first.server))
    shown = ", ".join(addresses[:3])
    return replace(
        first,
        id=hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest(),
        detector=DETECTOR,
        account="",
        source_ip="",
        first=min(times, default=None),
        last=max(times, default=None),
        count=sum(finding.count for finding in ordered),
        evidence=tuple(places[:MAX_PLACES]),
        why=f"{len(addresses):,} addresses tried ({shown}, …), none got further: {first.why}",
    )
