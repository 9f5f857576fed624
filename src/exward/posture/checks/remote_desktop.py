"""Remote Desktop is how intruders work once they have a password."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import Registered, registered

ID = "remote-desktop"
TITLE = "Remote Desktop is off or asks for the logon first"
SEVERITY = Severity.HIGH
READS = ("registry",)
GOOD = "fDenyTSConnections is 1, or UserAuthentication (network level authentication) is 1"
WHY = (
    "Without it anybody who reaches port 3389 talks to the logon screen: for guessing, and for "
    "holes like BlueKeep."
)
FIX = Fix(
    change=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal "
        r"Server\WinStations\RDP-Tcp' UserAuthentication 1 # and let only your own network in: "
        r"Set-NetFirewallRule -DisplayGroup 'Remote Desktop' -RemoteAddress ADDRESSES"
    ),
    preview=(
        r"Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' "
        r"fDenyTSConnections; Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal "
        r"Server\WinStations\RDP-Tcp' UserAuthentication"
    ),
    undo=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal "
        r"Server\WinStations\RDP-Tcp' UserAuthentication 0"
    ),
    breaks="Clients older than Windows 7.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/remote/remote-desktop-services/remotepc/remote-desktop-allow-access",
)
_SERVER = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server"
_LISTENER = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp"
_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"


def judge(inventory: Inventory) -> Answer:
    """Judge policy before setting, and the switch before the way of signing in."""
    denied = _effective(inventory, _SERVER, "fDenyTSConnections")
    if denied.number == 1:
        return passed("Remote Desktop is off.")
    level = _effective(inventory, _LISTENER, "UserAuthentication")
    if level.number == 1:
        return passed("Remote Desktop asks for the logon first.")
    if not denied.known or denied.number is None or not level.known:
        return not_collected((_SERVER, _LISTENER))
    return failed("Remote Desktop is on without network level authentication.")


def _effective(inventory: Inventory, path: str, name: str) -> Registered:
    policy = registered(inventory, _POLICY, name)
    return policy if policy.number is not None else registered(inventory, path, name)
