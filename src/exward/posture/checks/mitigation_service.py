"""The service that fetches mitigations has to run, and to be new enough."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import (
    Answer,
    Fix,
    failed,
    not_applicable,
    not_collected,
    passed,
    unknown,
)
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from exward.posture.own import as_of, day_of
from exward.posture.row import Row

ID = "mitigation-service"
TITLE = "The service that fetches emergency mitigations works"
SEVERITY = Severity.HIGH
READS = ("services", "reachable", "build")
GOOD = (
    "MSExchangeMitigation runs, starts by itself, reaches Microsoft, and is of June 2026 or later"
)
WHY = "Switched on, but not running or without a way out, it never gets a mitigation."
FIX = Fix(
    change=(
        "Set-Service MSExchangeMitigation -StartupType Automatic; "
        "Start-Service MSExchangeMitigation"
    ),
    preview=(
        "Get-Service MSExchangeMitigation | fl Status, StartType; "
        "& $env:ExchangeInstallPath\\Scripts\\Test-MitigationServiceConnectivity.ps1"
    ),
    undo=(
        "Stop-Service MSExchangeMitigation; Set-Service MSExchangeMitigation -StartupType Disabled"
    ),
    breaks="Nothing; it needs https to officeclient.microsoft.com.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-emergency-mitigation-service",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/EEMSCheck/",
)
_FIRST = ("15.1.2375.7", "15.2.986.5")
# From July 2026 on only builds of the security update of June 2026 can fetch.
_FETCHES = ("15.1.2507.69", "15.2.1544.41", "15.2.1748.46", "15.2.2562.43")
_SINCE = "2026-07-01"
_HOST = "officeclient.microsoft.com"


def judge(inventory: Inventory) -> Answer:
    """Judge service, way out (where it was tried) and build."""
    if reaches(inventory, _FIRST) is False:
        return not_applicable("This build came before the Emergency Mitigation service.")
    services = inventory.rows(READS[0])
    if services is None:
        return not_collected(READS[:1])
    service = next((row for row in services if _is_named(row)), None)
    if service is None:
        return failed("The service MSExchangeMitigation does not exist.")
    state, mode = service.text("State"), service.text("StartMode")
    if not state or not mode:
        return unknown("How MSExchangeMitigation is set was not collected.")
    if state.lower() != "running" or not mode.lower().startswith("auto"):
        return failed(f"MSExchangeMitigation is {state}, start mode {mode}.")
    return _outside(inventory)


def _outside(inventory: Inventory) -> Answer:
    asked = [row for row in inventory.rows("reachable") or () if _HOST in (row.text("Url") or "")]
    if any(row.truth("Answered") is False for row in asked):
        return failed(f"{_HOST} cannot be reached.")
    can_fetch = reaches(inventory, _FETCHES)
    today = day_of(as_of(inventory, READS[0]))
    if can_fetch is None or not today:
        return unknown("It runs; whether this build can still fetch mitigations is not known.")
    if not can_fetch and today >= _SINCE:
        return failed(f"It runs, but since {_SINCE} only newer builds can fetch mitigations.")
    return passed("MSExchangeMitigation runs and starts by itself.")


def _is_named(row: Row) -> bool:
    return (row.text("Name") or "").lower() == "msexchangemitigation"
