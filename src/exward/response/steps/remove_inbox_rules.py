"""Switch off rules of mailboxes that forward or hide mail."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_TARGETS, Call, Case, reasons_of
from exward.response.case import Target as Mailbox
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "remove-inbox-rules"
PHASE = Phase.EVICT
RANK = 70
AFTER = ("keep-evidence",)
TITLE = "Switch off inbox rules that forward or hide mail"
EFFECT = "The rules stand in the mailbox but do nothing."
BREAKS = "Disabling a rule by cmdlet removes the rules that Outlook keeps for itself alone."
_LOOK = "Get-InboxRule -Mailbox {} | Format-List 'Name', 'Enabled', 'Description'"


def actions(case: Case) -> Iterator[Action]:
    """The rule by its name where it has one, else what the mailbox has is shown."""
    found = [one for one in _rules(case) if is_name(one[0].name)][:MAX_TARGETS]
    if not found:
        return
    boxes = dict.fromkeys(box.name for box, _ in found)
    pairs = [(box.name, rule) for box, rule in found if is_name(rule)]
    yield Action(
        reasons=reasons_of(box for box, _ in found),
        preview=tuple(command(_LOOK, box) for box in boxes),
        change=tuple(_named("Disable-InboxRule -Mailbox {} -Identity {} -Confirm", pairs)),
        undo=tuple(_named("Enable-InboxRule -Mailbox {} -Identity {}", pairs)),
        by_hand=(
            "Rules that clients hide are not listed: `Get-InboxRule -IncludeHidden` (Exchange "
            "2019 and later), else MFCMAPI.",
            "Reset the password of the mailbox's owner and end the sessions.",
        ),
    )


def _rules(case: Case) -> Iterator[tuple[Mailbox, str]]:
    for call in case.calls("New-InboxRule", "Set-InboxRule", "UpdateInboxRules"):
        yield Mailbox(_mailbox(call), call.sight.reason), _rule(call)


def _mailbox(call: Call) -> str:
    """A rule that names no mailbox is of the one who made it."""
    return call.parameters.get("mailbox") or call.caller


def _rule(call: Call) -> str:
    name = call.parameters.get("name") or call.parameters.get("identity", "")
    return name.rpartition("\\")[2]


def _named(template: str, pairs: list[tuple[str, str]]) -> Iterator[Command]:
    return (command(template, box, rule) for box, rule in pairs)
