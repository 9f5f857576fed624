"""Defender asks the cloud about what it has never seen."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory

ID = "defender-cloud-protection"
TITLE = "Defender's cloud protection is on"
SEVERITY = Severity.MEDIUM
READS = ("defender", "services")
GOOD = "MAPSReporting is 1 or 2"
WHY = (
    "Files and behaviour that no signature knows yet are only judged with it; new web shells are "
    "such files."
)
FIX = Fix(
    change="Set-MpPreference -MAPSReporting Advanced -SubmitSamplesConsent SendSafeSamples",
    preview="Get-MpPreference | fl MAPSReporting, SubmitSamplesConsent",
    undo="Set-MpPreference -MAPSReporting Disabled",
    breaks="Servers that may not talk to the internet: allow Defender's addresses.",
)
SOURCES = (
    "https://learn.microsoft.com/defender-endpoint/enable-cloud-protection-microsoft-defender-antivirus",
    "https://learn.microsoft.com/powershell/module/defender/set-mppreference",
)
# Set-MpPreference: 0 Disabled, 1 Basic, 2 Advanced.
_VALUES = {"0": False, "disabled": False, "1": True, "basic": True, "2": True, "advanced": True}


def judge(inventory: Inventory) -> Answer:
    """Judge the membership; that the cloud is reached does not show."""
    preference = antivirus.preference(inventory)
    if preference is None:
        return not_collected(("defender",))
    said = preference.text("MAPSReporting")
    reports = _VALUES.get((said or "").lower())
    if reports:
        return passed(f"MAPSReporting is {said}.")
    if (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    if reports is None:
        return unknown("MAPSReporting cannot be read.")
    return failed(f"MAPSReporting is {said}.")
