"""A disk or a virtual disk that is carried away has all mail and all keys."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "disk-encryption"
TITLE = "Volumes are encrypted"
SEVERITY = Severity.LOW
READS = ("volumes",)
GOOD = "BitLocker is on for every volume"
WHY = (
    "Whoever copies the disk, at the provider or from a backup, reads mail and password hashes at "
    "leisure."
)
FIX = Fix(
    change=(
        "Enable-BitLocker -MountPoint DRIVE -EncryptionMethod XtsAes256 -UsedSpaceOnly "
        "-RecoveryPasswordProtector; keep the recovery password outside of the server"
    ),
    preview="Get-BitLockerVolume | ft MountPoint, ProtectionStatus",
    undo="Disable-BitLocker -MountPoint DRIVE",
    breaks="The server asks for a key at start if the TPM changes.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/preferred-architecture-2019",
)


def judge(inventory: Inventory) -> Answer:
    """Judge each volume; encryption by the storage or the hypervisor does not show."""
    found = objects(inventory, "volumes")
    if not found:
        return not_collected(READS)
    states = [(named(row, "Drive"), (row.text("BitLocker") or "").lower()) for row in found]
    weak = [f"{drive} is not encrypted" for drive, state in states if state in {"off", "0"}]
    missing = [
        f"BitLocker of {drive}" for drive, state in states if state not in {"on", "off", "0", "1"}
    ]
    return concluded(weak, missing, f"All {len(found):,} volumes are encrypted.")
