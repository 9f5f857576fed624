"""What goes through a smart host goes there unencrypted unless TLS is required."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "smart-host-tls"
TITLE = "Connectors to smart hosts require TLS"
SEVERITY = Severity.MEDIUM
READS = ("Get-SendConnector",)
GOOD = "RequireTLS is True on every enabled connector with SmartHosts"
WHY = "All outgoing mail, and the password for the smart host, can otherwise be read on the line."
FIX = Fix(
    change="Set-SendConnector NAME -RequireTLS $true -TlsAuthLevel EncryptionOnly # or better",
    preview="Get-SendConnector | ft Name, SmartHosts, SmartHostAuthMechanism, RequireTLS",
    undo="Set-SendConnector NAME -RequireTLS $false -TlsAuthLevel $null",
    breaks="Mail, if the smart host offers no TLS.",
)
SOURCES = ("https://learn.microsoft.com/powershell/module/exchange/set-sendconnector",)


def judge(inventory: Inventory) -> Answer:
    """Judge the connectors with smart hosts; those of the cloud have a check of their own."""
    connectors = objects(inventory, READS[0])
    if connectors is None:
        return not_collected(READS)
    told = [
        (named(row, "Name", "Identity"), row.texts("SmartHosts"), row.truth("RequireTLS"))
        for row in connectors
        if row.truth("Enabled") is not False and not row.truth("CloudServicesMailEnabled")
    ]
    relevant = [(name, hosts, tls) for name, hosts, tls in told if hosts is None or any(hosts)]
    if not relevant:
        return not_applicable("No connector sends through a smart host.")
    return concluded(
        [f"{name} does not require TLS" for name, hosts, tls in relevant if hosts and tls is False],
        [f"how {name} sends" for name, hosts, tls in relevant if hosts is None or tls is None],
        f"TLS is required on {len(relevant)} connectors.",
    )
