"""Exchange's own monitoring: what its probes do is no act of a person.

A probe is known by its account and by its address, both: an attacker can send any name or user
agent from outside. One who made the front end send requests for him (server-side request forgery)
does come from the server's own address, and chooses the account: what no probe does is never
explained. Probes neither run cmdlets that change something nor do what is high or above.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from exward.incidents.accounts import account_key
from exward.incidents.addresses import parse_address
from exward.incidents.joins import own_addresses_of
from exward.model.finding import Finding
from exward.model.severity import Severity

_PROBE = re.compile(r"healthmailbox[0-9a-f]{0,40}|extest_[0-9a-z]{1,40}")
MOST_SEVERE = Severity.MEDIUM
NOTE = "Exchange's own monitoring: a probe's account from the server's own address"


def explain(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Lower what probes did to informational, and say why."""
    held = tuple(findings)
    own: defaultdict[str, set[str]] = defaultdict(set)
    for finding in held:
        own[finding.server].update(own_addresses_of(finding))
    return tuple(
        replace(finding, severity=Severity.INFORMATIONAL, explained=NOTE)
        if _is_probe(finding, own[finding.server])
        else finding
        for finding in held
    )


def _is_probe(finding: Finding, own: set[str]) -> bool:
    if _PROBE.fullmatch(account_key(finding.account, finding.server)) is None:
        return False
    if finding.severity.rank > MOST_SEVERE.rank or any(
        "Cmdlet" in place.fields for place in finding.evidence
    ):
        return False
    address = parse_address(finding.source_ip)
    return address is not None and (address.is_loopback or str(address) in own)
