"""The worker processes of Exchange run with its highest rights, and load what they are told."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, passed, unknown
from exward.posture.checks.judging import worst
from exward.posture.iis import ending, host_elements, within
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

ID = "application-pools"
TITLE = "Application pools of Exchange are as set-up made them"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = "identity LocalSystem, no environment variables"
WHY = "A variable such as COR_PROFILER loads an intruder's library into Exchange at every start."
FIX = Fix(
    change=(
        "# An incident if nobody knows it: keep the file that it names first. Then "
        "Clear-WebConfiguration \"/system.applicationHost/applicationPools/add[@name='POOL']"
        '/environmentVariables"'
    ),
    preview=(
        "Get-WebConfiguration '/system.applicationHost/applicationPools/add/environmentVariables/"
        "add' | fl name, value, ItemXPath"
    ),
    undo=(
        "Add-WebConfiguration \"/system.applicationHost/applicationPools/add[@name='POOL']"
        "/environmentVariables\" -Value @{name='NAME'; value='VALUE'}"
    ),
    breaks="Monitoring programs that attach a profiler.",
)
SOURCES = (
    "https://learn.microsoft.com/iis/configuration/system.applicationhost/applicationpools/add/environmentvariables/",
    "https://attack.mitre.org/techniques/T1574/012/",
)
_POOL = "system.applicationhost/applicationpools/add"
_OURS = "msexchange"
_PROFILER = ("cor_", "coreclr_", "complus_", "dotnet_startup_hooks")


def judge(inventory: Inventory) -> Answer:
    """Judge the pools whose names begin with MSExchange."""
    elements = host_elements(inventory)
    pools = [row for row in ending(elements, _POOL) if _is_ours(row.text("name"))]
    if not pools:
        return unknown("Not collected: the application pools of Exchange.")
    variables = ending(elements, f"{_POOL}/environmentvariables/add")
    identities = ending(elements, f"{_POOL}/processmodel")
    weak = worst(
        weakness
        for row in (*variables, *identities)
        if _is_ours(within(row)) and (weakness := _weakness(row)) is not None
    )
    return passed(f"All {len(pools)} are as set-up made them.") if weak is None else weak


def _weakness(row: Row) -> tuple[Severity, str] | None:
    name, pool = row.text("name"), within(row)
    if name is not None:
        is_profiler = name.lower().startswith(_PROFILER)
        return (Severity.CRITICAL if is_profiler else SEVERITY), f"{pool} sets {name}"
    identity = row.text("identityType")
    if identity is None or identity.lower() == "localsystem":
        return None
    return SEVERITY, f"{pool} runs as {identity}"


def _is_ours(name: str | None) -> bool:
    return (name or "").lower().startswith(_OURS)
