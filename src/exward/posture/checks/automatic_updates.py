"""Windows updates that wait for somebody come late."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects, registered

ID = "automatic-updates"
TITLE = "Windows updates itself, or somebody is in charge of it"
SEVERITY = Severity.MEDIUM
READS = ("registry", "services")
GOOD = "NoAutoUpdate is not 1, AUOptions is 3, 4, 5 or 7, wuauserv is not disabled"
WHY = (
    "Windows and .NET below Exchange, and its security updates through Microsoft Update, stay old."
)
FIX = Fix(
    change=(
        r"Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' "
        r"NoAutoUpdate 0; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' AUOptions 3; Set-Service "
        r"wuauserv -StartupType Manual (by Group Policy where there is one)"
    ),
    preview=(
        r"Get-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU'; "
        r"Get-Service wuauserv"
    ),
    undo=(
        r"Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' "
        r"NoAutoUpdate 1"
    ),
    breaks=(
        "With option 4 the server restarts by itself: take 3 on Exchange, and install in a "
        "maintenance window."
    ),
)
SOURCES = ("https://learn.microsoft.com/windows/deployment/update/waas-wu-settings",)
_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU"
# waas-wu-settings: 2 only tells that there are updates; 3 loads, 4 installs, 5 and 7 let choose.
_TELLS_ONLY = 2


def judge(inventory: Inventory) -> Answer:
    """Judge policy and service. Without a policy Windows decides, which does not show: unknown."""
    off = registered(inventory, _POLICY, "NoAutoUpdate")
    options = registered(inventory, _POLICY, "AUOptions")
    services = objects(inventory, "services")
    modes = [
        (row.text("StartMode") or "").lower()
        for row in services or ()
        if (row.text("Name") or "").lower() == "wuauserv"
    ]
    weak = ["NoAutoUpdate is 1"] if off.number == 1 else []
    weak += ["AUOptions is 2: it only tells of updates"] if options.number == _TELLS_ONLY else []
    weak += ["the service wuauserv is disabled"] if "disabled" in modes else []
    missing = ["the policy for updates"] if options.number is None else []
    missing += [] if modes else ["the service wuauserv"]
    return concluded(weak, missing, f"AUOptions is {options.number}, wuauserv is not disabled.")
