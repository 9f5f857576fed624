"""Disable accounts that the intruder made; they are removed after the evidence is kept."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.accounts import made_accounts
from exward.response.case import MAX_TARGETS, Case, left_out, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "disable-accounts"
PHASE = Phase.CONTAIN
RANK = 30
AFTER: tuple[str, ...] = ()
TITLE = "Disable accounts that were made or enabled"
EFFECT = "Nobody signs in with these accounts; what they own stays."
BREAKS = "Whoever uses the account rightly: ask who ordered it."


def actions(case: Case) -> Iterator[Action]:
    """Both as a local and as a domain account: the preview shows which it is."""
    targets = made_accounts(case)
    if not targets:
        return
    names = [one.name for one in targets[:MAX_TARGETS]]
    yield Action(
        reasons=reasons_of(targets),
        preview=(
            *(command("Get-LocalUser -Name {} | Format-List *", name) for name in names),
            *(command("Get-ADUser -Identity {} -Properties *", name) for name in names),
        ),
        change=(
            *(command("Disable-LocalUser -Name {}", name) for name in names),
            *(command("Disable-ADAccount -Identity {}", name) for name in names),
        ),
        undo=(
            *(command("Enable-LocalUser -Name {}", name) for name in names),
            *(command("Enable-ADAccount -Identity {}", name) for name in names),
        ),
        by_hand=("End sessions that are open: `quser`, then `logoff` with the session's number.",),
        notes=left_out(targets),
    )
