"""What PowerShell sends is signed, so that nobody can put objects of his own into it."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import patches
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import registered
from exward.posture.levels import reaches
from exward.posture.overrides import AREA, settings

ID = "serialization-signing"
TITLE = "PowerShell's serialised data is signed"
SEVERITY = Severity.HIGH
READS = (AREA, "registry", "build")
GOOD = "on by default from the SU of November 2023; before, and on Exchange 2013, switched on"
WHY = "Unsigned, a logged-on attacker can send objects that run code on the server."
FIX = Fix(
    change=(
        "Get-SettingOverride | ? SectionName -eq EnableSerializationDataSigning | "
        "Remove-SettingOverride; New-SettingOverride Signing -Component Data -Section "
        "EnableSerializationDataSigning -Parameters Enabled=true -Reason 'Signing' "
        "# 2013: value EnableSerializationDataSigning 1 below v15\\Diagnostics"
    ),
    preview="Get-SettingOverride | ? SectionName -eq EnableSerializationDataSigning | fl",
    undo="Remove-SettingOverride Signing",
    breaks="PowerShell between servers, until all have the update and a valid Auth certificate.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-serialization-payload-sign",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/SerializedDataSigningCheck/",
)
_SETTING = "data/enableserializationdatasigning/enabled"
_DIAGNOSTICS = r"HKLM\SOFTWARE\Microsoft\ExchangeServer\v15\Diagnostics"
# Security updates of January 2023, which brought it, and of November 2023, which switched it on.
_FIRST = ("15.0.1497.45", "15.1.2507.17", "15.2.986.37", "15.2.1118.21")
_DEFAULT = ("15.1.2507.35", "15.2.1118.40", "15.2.1258.28")
_EXCHANGE_2013 = (15, 0)


def judge(inventory: Inventory) -> Answer:
    """Exchange 2013 has a value in the registry, the others a setting."""
    reading = patches.best_reading(inventory)
    if reading is None:
        return unknown("The build is not known.")
    if reaches(inventory, _FIRST) is False:
        return not_applicable("This build came before signing: it needs a newer update.")
    if reading.build[:2] == _EXCHANGE_2013:
        return _by_registry(inventory)
    return _by_override(inventory)


def _by_registry(inventory: Inventory) -> Answer:
    value = registered(inventory, _DIAGNOSTICS, "EnableSerializationDataSigning")
    if not value.known:
        return unknown("Not collected: EnableSerializationDataSigning below v15\\Diagnostics.")
    if value.number != 1:
        return failed("EnableSerializationDataSigning below v15\\Diagnostics is not 1.")
    return _if_new_enough(inventory, "EnableSerializationDataSigning is 1.")


def _by_override(inventory: Inventory) -> Answer:
    found = settings(inventory)
    if found is None:
        return unknown(f"Not collected: {AREA}.")
    values = {one.value.lower(): one.override for one in found if one.path.lower() == _SETTING}
    if wrong := sorted(set(values) - {"true"}):
        return failed(f"The override {values[wrong[0]]!r} sets it to {wrong[0]!r}.")
    if values:
        return _if_new_enough(inventory, f"The override {values['true']!r} has it on.")
    by_default = reaches(inventory, _DEFAULT)
    if by_default is None:
        return unknown("Whether this build signs by default is not known.")
    if by_default:
        return passed("It is on by default, and no override switches it off.")
    return failed("Before the security update of November 2023 it is off by default.")


def _if_new_enough(inventory: Inventory, said: str) -> Answer:
    if reaches(inventory, _FIRST):
        return passed(said)
    return unknown(f"{said} Whether this build can sign is not known.")
