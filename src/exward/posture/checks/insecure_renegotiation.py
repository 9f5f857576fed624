"""A handshake that is renegotiated insecurely lets a stranger put his request before the user's."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.schannel import SCHANNEL

ID = "insecure-renegotiation"
TITLE = "Insecure renegotiation of TLS is refused"
SEVERITY = Severity.LOW
READS = ("registry",)
GOOD = "AllowInsecureRenegoClients and AllowInsecureRenegoServers are 0"
WHY = "Someone on the line can put a request of his own before that of a user (CVE-2009-3555)."
_VALUES = ("AllowInsecureRenegoClients", "AllowInsecureRenegoServers")
_PATH = SCHANNEL.replace("HKLM\\", "HKLM:\\")
FIX = Fix(
    change="; ".join(f"Set-ItemProperty '{_PATH}' {name} 0 -Type DWord" for name in _VALUES),
    preview=f"Get-ItemProperty '{_PATH}' | fl {', '.join(_VALUES)}",
    undo=f"Remove-ItemProperty '{_PATH}' -Name {', '.join(_VALUES)}",
    breaks="Clients and servers without the correction of 2010 (RFC 5746).",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-tls-configuration",
    "https://nvd.nist.gov/vuln/detail/CVE-2009-3555",
)


def judge(inventory: Inventory) -> Answer:
    """What is not set is allowed, for the sake of old clients."""
    key = inventory.key(SCHANNEL)
    if key is None:
        return unknown("Not collected: the key SCHANNEL.")
    weak = [name for name in _VALUES if key.values.raw(name) is None or key.values.number(name)]
    if weak:
        return failed(f"Not 0: {', '.join(weak)}.")
    if any(key.values.number(name) is None for name in _VALUES):
        return unknown("The values of SCHANNEL are no numbers.")
    return passed("Both values are 0.")
