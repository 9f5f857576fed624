"""SMB version 1 has no protection against tampering and is a road for worms."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import named_objects

ID = "smb-1"
TITLE = "SMB version 1 is off"
SEVERITY = Severity.HIGH
READS = ("smb", "features", "registry")
GOOD = "EnableSMB1Protocol is False, LanmanServer's SMB1 is 0, FS-SMB1 is not installed"
WHY = (
    "Version 1 of the protocol lets others on the network relay and alter logons, and worms such "
    "as WannaCry spread through it."
)
FIX = Fix(
    change=(
        "Set-SmbServerConfiguration -EnableSMB1Protocol $false -Force; "
        "Uninstall-WindowsFeature FS-SMB1"
    ),
    preview="Get-SmbServerConfiguration | fl EnableSMB1Protocol; Get-WindowsFeature FS-SMB1",
    undo="Install-WindowsFeature FS-SMB1; Set-SmbServerConfiguration -EnableSMB1Protocol $true",
    breaks="Devices that speak nothing newer (old scanners). Removing it needs a restart.",
)
SOURCES = (
    "https://techcommunity.microsoft.com/blog/exchange/exchange-server-and-smbv1/1165615",
    "https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/detect-enable-and-disable-smbv1-v2-v3",
)
_PARAMETERS = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"


def judge(inventory: Inventory) -> Answer:
    """Judge the server side: what is set wins over what is installed."""
    configuration = inventory.row("smb")
    enabled = None if configuration is None else configuration.truth("EnableSMB1Protocol")
    if enabled is not None:
        said = f"EnableSMB1Protocol is {enabled}."
        return failed(said) if enabled else passed(said)
    parameters = inventory.key(_PARAMETERS)
    value = None if parameters is None else parameters.values.number("SMB1")
    if value is not None:
        said = f"SMB1 below LanmanServer\\Parameters is {value}."
        return failed(said) if value else passed(said)
    features = named_objects(inventory, "features")
    if features is None:
        return not_collected(READS)
    installed = any(
        row.text("Name") == "FS-SMB1" and row.truth("Installed") is not False for row in features
    )
    if installed:
        return failed("The feature FS-SMB1 is installed, and no setting turns it off.")
    return passed("The feature FS-SMB1 is not installed.")
