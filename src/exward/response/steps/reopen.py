"""Open the server again, last."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import Case
from exward.response.plan import Action, Phase
from exward.response.quoting import command
from exward.response.steps.isolate_server import NET_OUT, WEB_IN

ID = "reopen"
PHASE = Phase.VERIFY
RANK = 90
AFTER = ("isolate-server", "install-updates", "close-vulnerabilities", "check-again")
TITLE = "Reopen the server"
EFFECT = "Clients and mail reach it again. The addresses of the attack stay blocked."
BREAKS = "Nothing, if the steps before are done; everything, if one of them is not."


def actions(case: Case) -> Iterator[Action]:
    """Only where the plan closed it."""
    if not case.is_compromised:
        return
    yield Action(
        reasons=case.decided_by,
        preview=(command("Get-NetFirewallRule -DisplayName {}", "exward: *"),),
        change=(command("Remove-NetFirewallRule -DisplayName {}, {}", WEB_IN, NET_OUT),),
        undo=(
            command(
                "New-NetFirewallRule -DisplayName {} -Direction Inbound -Protocol TCP "
                "-LocalPort 80,443 -Action Block",
                WEB_IN,
            ),
        ),
        by_hand=("Watch it for some weeks: intruders come back to what they know.",),
    )
