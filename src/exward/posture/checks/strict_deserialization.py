"""Exchange refuses types in serialised data that it does not expect, unless told to learn them."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import registered
from exward.posture.overrides import AREA, settings

ID = "strict-deserialization"
TITLE = "Unexpected types in serialised data are refused"
SEVERITY = Severity.HIGH
READS = (AREA, "registry")
GOOD = "no LearningLocations in an override; DisableBaseTypeCheckForDeserialization is 0 or not set"
WHY = "Learning, or no check of types, lets an attacker's objects run code, as with ProxyNotShell."
_PATH = "HKLM:\\SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Diagnostics"
FIX = Fix(
    change=(
        "Get-SettingOverride | ? SectionName -eq DeserializationBinderSettings | "
        f"Remove-SettingOverride; Remove-ItemProperty '{_PATH}' "
        "DisableBaseTypeCheckForDeserialization -ErrorAction SilentlyContinue"
    ),
    preview=(
        "Get-SettingOverride | ? SectionName -eq DeserializationBinderSettings | fl; "
        f"Get-ItemProperty '{_PATH}'"
    ),
    undo=(
        "New-SettingOverride Learning -Component Data -Section DeserializationBinderSettings "
        "-Parameters LearningLocations=NAME -Reason 'With support'"
    ),
    breaks="The feature for which support had it set.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/SettingOverridesCheck/",
    "https://learn.microsoft.com/powershell/module/exchange/new-settingoverride",
)
_SETTING = "data/deserializationbindersettings/learninglocations"
_KEY = r"HKLM\SOFTWARE\Microsoft\ExchangeServer\v15\Diagnostics"


def judge(inventory: Inventory) -> Answer:
    """Judge the override and the registry; either is enough to open it."""
    found = settings(inventory)
    check = registered(inventory, _KEY, "DisableBaseTypeCheckForDeserialization")
    learning = [one for one in found or () if one.path.lower() == _SETTING and one.value]
    if learning:
        return failed(f"The override {learning[0].override!r} learns at {learning[0].value!r}.")
    if check.number:
        return failed("DisableBaseTypeCheckForDeserialization below v15\\Diagnostics is set.")
    if found is None or not check.known:
        return unknown("Not collected: Get-SettingOverride, or the key v15\\Diagnostics.")
    return passed("No override learns types, and they are checked.")
