"""Logs that lie on the server only are deleted with the server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory

ID = "logs-leave-the-server"
TITLE = "Logs are sent to another computer"
SEVERITY = Severity.MEDIUM
READS = ("services", "registry")
GOOD = "A forwarder that is known runs, or event forwarding has a collector (SubscriptionManager)"
WHY = (
    "An intruder clears the event logs and deletes those of IIS; then exward, and everybody else, "
    "is blind."
)
FIX = Fix(
    change=(
        "Set up event forwarding by Group Policy: Computer Configuration, Administrative "
        "Templates, Windows Components, Event Forwarding: Configure target Subscription Manager; "
        "or install the forwarder of your log collection"
    ),
    preview=(
        r"Get-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager'"
    ),
    undo="Set the same policy to Not Configured.",
)
SOURCES = (
    "https://learn.microsoft.com/windows/security/operating-system-security/device-management/use-windows-event-forwarding-to-assist-in-intrusion-detection",
)
_KEY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager"
# Each value is `Server=ADDRESS,Refresh=SECONDS`.
_SERVER = "server="


def judge(inventory: Inventory) -> Answer:
    """Judge what is known to forward; what is not known may do so as well: then `unknown`."""
    forwarders = antivirus.running(inventory, "forwarder")
    key = inventory.key(_KEY)
    values = () if key is None or not key.exists else map(key.values.text, key.values)
    targets = [said for said in values if said and said.lower().startswith(_SERVER)]
    if forwarders:
        return passed(f"{', '.join(forwarders)} runs.")
    if targets:
        return passed(f"Event forwarding has {len(targets):,} targets.")
    if forwarders is None or key is None:
        return not_collected(READS)
    return failed("No forwarder that exward knows runs, and event forwarding is not set up.")
