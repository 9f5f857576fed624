"""Prove that the intruder is gone and the weakness closed, with new evidence."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import Case, of_outcome
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "check-again"
PHASE = Phase.VERIFY
RANK = 10
AFTER = ("reset-credentials", "install-updates", "close-vulnerabilities", "correct-settings")
TITLE = "Gather evidence again and compare"
EFFECT = "A second result that says what is left."
BREAKS = "Nothing: it only reads."


def actions(case: Case) -> Iterator[Action]:
    """Wherever the plan asks for something."""
    reasons = case.decided_by or tuple(map(of_outcome, case.fails[:1]))
    if not reasons:
        return
    yield Action(
        reasons=reasons,
        preview=(
            command("Test-ServiceHealth | Format-Table 'Role', 'RequiredServicesRunning'"),
            command("Get-ServerComponentState -Identity $env:COMPUTERNAME"),
        ),
        by_hand=(
            "Collect again with the collector's script, then on another machine: `exward scan` and "
            "`exward posture` on the new zip, `exward diff OLD NEW` on the saved results.",
            "`exward doctor --defences` on the new zip: do logs arrive, does the antivirus answer "
            "an EICAR test.",
            "Look at the same signs on the other Exchange servers and the domain controllers.",
            "If anything of the intruder is back, begin again with the first step: something was "
            "missed. A server that was SYSTEM's for weeks is better built anew.",
        ),
    )
