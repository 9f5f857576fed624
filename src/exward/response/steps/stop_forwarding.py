"""Stop mail that a mailbox sends to somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_TARGETS, Call, Case, Target, distinct, left_out, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "stop-forwarding"
PHASE = Phase.CONTAIN
RANK = 40
AFTER: tuple[str, ...] = ()
TITLE = "Stop the forwarding of mailboxes"
EFFECT = "Mail stays in the mailbox; what was sent on is gone."
BREAKS = "A forwarding that the owner wants: ask."
_TO = ("forwardingsmtpaddress", "forwardingaddress")


def actions(case: Case) -> Iterator[Action]:
    """For each mailbox that was set to forward."""
    calls = [one for one in case.calls("Set-Mailbox") if _address(one)]
    targets = distinct(
        Target(one.parameters.get("identity", ""), one.sight.reason, _address(one))
        for one in calls
        if is_name(one.parameters.get("identity", ""))
    )
    if not targets:
        return
    chosen = targets[:MAX_TARGETS]
    yield Action(
        reasons=reasons_of(chosen),
        preview=tuple(
            command("Get-Mailbox -Identity {} | Format-List 'Name', '*Forward*'", one.name)
            for one in chosen
        ),
        change=tuple(
            command(
                "Set-Mailbox -Identity {} -ForwardingSmtpAddress $null -ForwardingAddress $null",
                one.name,
            )
            for one in chosen
        ),
        undo=tuple(map(_undo, chosen)),
        by_hand=("Tell the mailbox's owner; count what was sent with `Get-MessageTrackingLog`.",),
        notes=left_out(targets),
    )


def _address(call: Call) -> str:
    values = (call.parameters.get(name, "") for name in _TO)
    return next((one for one in values if one and one.lower() != "$null"), "")


def _undo(target: Target) -> Command:
    return command("Set-Mailbox -Identity {} -ForwardingSmtpAddress {}", target.name, target.detail)
