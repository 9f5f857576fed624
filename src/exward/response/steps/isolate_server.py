"""Cut a compromised server off, leaving it running: its memory is evidence."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import Case
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "isolate-server"
PHASE = Phase.CONTAIN
RANK = 10
AFTER: tuple[str, ...] = ()
TITLE = "Close the server to everybody, leave it running"
EFFECT = "Nobody reaches the web sites, nothing leaves for the internet."
BREAKS = "Mail clients and mail from and to outside stop until the rules are removed."
WEB_IN, NET_OUT = "exward: web closed", "exward: internet closed"


def actions(case: Case) -> Iterator[Action]:
    """Firewall rules of Windows, if the verdict is compromised."""
    if not case.is_compromised:
        return
    yield Action(
        reasons=case.decided_by,
        preview=(
            command(
                "Get-NetFirewallProfile | Format-Table 'Name', 'Enabled', 'DefaultInboundAction'"
            ),
            command("Get-NetTCPConnection -State Established | Sort-Object RemoteAddress"),
        ),
        change=(
            command(
                "New-NetFirewallRule -DisplayName {} -Direction Inbound -Protocol TCP "
                "-LocalPort 80,443 -Action Block",
                WEB_IN,
            ),
            command(
                "New-NetFirewallRule -DisplayName {} -Direction Outbound -RemoteAddress Internet "
                "-Action Block",
                NET_OUT,
            ),
        ),
        undo=(command("Remove-NetFirewallRule -DisplayName {}, {}", WEB_IN, NET_OUT),),
        by_hand=(
            "A network of its own at the switch or firewall is better: an intruder who is SYSTEM "
            "can remove rules of the server.",
            "Do not switch the server off and do not restart it: memory holds what disks do not.",
            "Do not sign in with a domain administrator's account: its secrets could be read.",
        ),
    )
