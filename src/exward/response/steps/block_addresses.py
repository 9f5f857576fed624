"""Block the addresses that the attack came from."""

from __future__ import annotations

from collections.abc import Iterator

from exward.incidents.addresses import is_anywhere, is_internal, parse_address
from exward.model.finding import Finding
from exward.response.case import MAX_TARGETS, Case, Target, distinct, left_out, of_finding
from exward.response.case import reasons_of as reasons
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "block-addresses"
PHASE = Phase.CONTAIN
RANK = 20
AFTER: tuple[str, ...] = ()
TITLE = "Block the addresses of the attack"
EFFECT = "Requests from these addresses no longer reach the server."
BREAKS = "A proxy, load balancer or provider's gateway in the list carries other people, too."
NAME = "exward: addresses of the attack"


def actions(case: Case) -> Iterator[Action]:
    """One firewall rule with every outside address, those that got further first."""
    targets = distinct(_outside((*case.done, *case.tried)))
    if not targets:
        return
    chosen = targets[:MAX_TARGETS]
    addresses = tuple(one.name for one in chosen)
    yield Action(
        reasons=reasons(chosen),
        preview=(command("Get-NetTCPConnection -RemoteAddress {}", addresses),),
        change=(
            command(
                "New-NetFirewallRule -DisplayName {} -Direction Inbound -Action Block "
                "-RemoteAddress {}",
                NAME,
                addresses,
            ),
        ),
        undo=(command("Remove-NetFirewallRule -DisplayName {}", NAME),),
        by_hand=(
            "Block them at the outer firewall, too, where the server sees only a load balancer.",
            "Look for the same addresses in the logs of other servers and of the VPN.",
        ),
        notes=left_out(targets),
    )


def _outside(findings: tuple[Finding, ...]) -> Iterator[Target]:
    for finding in findings:
        address = parse_address(finding.source_ip)
        if address is not None and not is_internal(address) and not is_anywhere(address):
            yield Target(str(address), of_finding(finding))
