"""Basic authentication without TLS shows passwords to everybody on the line."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "basic-authentication-tls"
TITLE = "Passwords cross SMTP only inside TLS"
SEVERITY = Severity.MEDIUM
READS = ("Get-ReceiveConnector",)
GOOD = "Where BasicAuth is allowed, BasicAuthRequireTLS or RequireTLS is set"
WHY = "Passwords are read on the way, and guessed without trace of who tried."
FIX = Fix(
    change=r"Set-ReceiveConnector 'SERVER\NAME' -AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS",
    preview="Get-ReceiveConnector | ft Identity, AuthMechanism, RequireTLS",
    undo=r"Set-ReceiveConnector 'SERVER\NAME' -AuthMechanism Tls, BasicAuth",
    breaks="Old devices without TLS.",
)
SOURCES = ("https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors",)


def judge(inventory: Inventory) -> Answer:
    """Judge the connectors of this server."""
    found = mail_flow.receive_connectors(inventory)
    if found is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        name, ways = named(row, "Identity", "Name"), mail_flow.words(row, "AuthMechanism")
        if ways is None:
            missing.append(f"how {name} lets sign in")
        elif "basicauth" in ways and "basicauthrequiretls" not in ways:
            if (required := row.truth("RequireTLS")) is None:
                missing.append(f"whether {name} requires TLS")
            elif not required:
                weak.append(f"{name} takes passwords without TLS")
    return concluded(weak, missing, "No connector takes passwords without TLS.")
