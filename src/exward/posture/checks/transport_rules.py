"""Transport rules copy or turn away mail of everybody at once."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected, passed
from exward.posture.checks.judging import concluded, listing, worst
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects, texts

ID = "transport-rules"
TITLE = "No transport rule copies mail away"
SEVERITY = Severity.HIGH
READS = ("Get-TransportRule", "Get-AcceptedDomain")
GOOD = (
    "No enabled rule has BlindCopyTo, CopyTo, AddToRecipients or RedirectMessageTo that lead "
    "outside; inside they are known"
)
WHY = (
    "One rule sends all mail of the organisation, or every message with a certain word, to an "
    "intruder."
)
FIX = Fix(
    change="Disable-TransportRule 'NAME'",
    preview=(
        "Get-TransportRule | ? State -eq Enabled | fl Name, BlindCopyTo, CopyTo, AddToRecipients, "
        "RedirectMessageTo, WhenChanged"
    ),
    undo="Enable-TransportRule 'NAME'",
    breaks=(
        "What the rule was made for: archives, disclaimers by a service, gateways for encryption."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/policy-and-compliance/mail-flow-rules/actions",
    "https://attack.mitre.org/techniques/T1114/003/",
)
_TARGETS = ("BlindCopyTo", "CopyTo", "AddToRecipients", "RedirectMessageTo")


def judge(inventory: Inventory) -> Answer:
    """Judge enabled rules; what stays inside is named for review, at a lower severity."""
    found, own = objects(inventory, "Get-TransportRule"), mail_flow.own_domains(inventory)
    if found is None or own is None:
        return not_collected(READS)
    bad: list[tuple[Severity, str]] = []
    missing: list[str] = []
    for row in found:
        if (row.text("State") or "").lower() == "disabled":
            continue
        name = named(row, "Name")
        targets = {target: texts(row, target) for target in _TARGETS}
        missing += [f"{target} of {name}" for target, to in targets.items() if to is None]
        every = [one for to in targets.values() for one in to or ()]
        if away := mail_flow.outside(every, own):
            bad.append((Severity.HIGH, f"{name} sends to {listing(away)}"))
        elif every:
            bad.append((Severity.LOW, f"{name} sends to {listing(every)}, inside"))
    if not missing or any(level is Severity.HIGH for level, _ in bad):
        return worst(bad) or passed("No rule copies mail or turns it away.")
    return concluded((), missing, "")
