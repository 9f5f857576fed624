"""Exchange's own monitoring: what its probes do is no act of a person.

A probe is known by its account and by its address, both: an attacker can send any name or user
agent from outside, but not from the server's own addresses without being there already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from exward.incidents.addresses import is_anywhere, parse_address
from exward.incidents.joins import own_addresses_of
from exward.incidents.same_act import account_key
from exward.model.finding import Finding
from exward.model.severity import Severity

_PROBE = re.compile(r"healthmailbox[0-9a-f]{0,40}|extest_[0-9a-z]{1,40}")
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
    address = parse_address(finding.source_ip)
    return address is not None and (is_anywhere(address) or str(address) in own)
