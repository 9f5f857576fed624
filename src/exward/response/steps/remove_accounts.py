"""Remove accounts that the intruder made, and what they own."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.accounts import made_accounts
from exward.response.case import MAX_TARGETS, Case, left_out, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "remove-accounts"
PHASE = Phase.EVICT
RANK = 40
AFTER = ("disable-accounts", "keep-evidence")
TITLE = "Remove accounts that were made"
EFFECT = "The accounts, their group memberships and their rights are gone."
BREAKS = "An account that was only enabled may be somebody's: leave it disabled instead."


def actions(case: Case) -> Iterator[Action]:
    """Each removal asks once more."""
    targets = made_accounts(case)
    if not targets:
        return
    names = [one.name for one in targets[:MAX_TARGETS]]
    yield Action(
        reasons=reasons_of(targets),
        preview=(
            *(
                command("Get-LocalUser -Name {} | Format-List 'Name', 'SID', '*Logon'", one)
                for one in names
            ),
            *(command("Get-ADPrincipalGroupMembership -Identity {}", one) for one in names),
        ),
        change=(
            *(command("Remove-LocalUser -Name {} -Confirm", name) for name in names),
            *(command("Remove-ADUser -Identity {} -Confirm", name) for name in names),
        ),
        by_hand=(
            "There is no way back for a local account; a domain account comes back from the "
            "Active Directory recycle bin (`Restore-ADObject`) if it is switched on.",
            "Look for tasks, services and mailbox rights of the account before it is removed.",
        ),
        notes=left_out(targets),
    )
