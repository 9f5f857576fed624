"""Without protocol logs nobody can say who spoke SMTP with the server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, failed, not_collected
from exward.posture.checks.judging import concluded, listing
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "protocol-logging"
TITLE = "SMTP sessions are logged"
SEVERITY = Severity.MEDIUM
READS = ("Get-ReceiveConnector", "Get-SendConnector")
GOOD = "ProtocolLoggingLevel is Verbose on every connector that is enabled"
WHY = (
    "exward would be blind to who relayed, guessed passwords and sent mail in others' names: "
    "neither rules nor an investigation have anything to read."
)
FIX = Fix(
    change=(
        "Get-ReceiveConnector | Set-ReceiveConnector -ProtocolLoggingLevel Verbose; "
        "Get-SendConnector | Set-SendConnector -ProtocolLoggingLevel Verbose"
    ),
    preview=(
        "Get-ReceiveConnector | ft Identity, ProtocolLoggingLevel; Get-SendConnector | ft "
        "Identity, ProtocolLoggingLevel"
    ),
    undo=r"Set-ReceiveConnector 'SERVER\NAME' -ProtocolLoggingLevel None",
    breaks="Some disk space: 30 days and 250 MB for each folder by default.",
)
SOURCES = ("https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging",)


def judge(inventory: Inventory) -> Answer:
    """Judge this server's receive connectors and the organisation's send connectors."""
    receive, send = mail_flow.receive_connectors(inventory), objects(inventory, "Get-SendConnector")
    if receive is None:
        return not_collected(("Get-ReceiveConnector",))
    active = [*receive, *(row for row in send or () if row.truth("Enabled") is not False)]
    levels = [(named(row, "Identity", "Name"), row.text("ProtocolLoggingLevel")) for row in active]
    weak = [f"{name}: {level}" for name, level in levels if level and level.lower() != "verbose"]
    missing = [f"the level of {name}" for name, level in levels if not level]
    missing += ["send connectors"] if send is None else []
    if weak:
        return failed(f"Not logged, and exward is blind to it: {listing(weak)}.")
    return concluded((), missing, f"All {len(active):,} connectors are logged.")
