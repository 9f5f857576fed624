"""A transport agent is code that sees every message, as SYSTEM or nearly so."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture import exclusions
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded, worst
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects
from exward.posture.row import Row

ID = "transport-agents"
TITLE = "Only Exchange's own transport agents are there, signed by Microsoft"
SEVERITY = Severity.CRITICAL
READS = ("Get-TransportAgent", "files", "host")
GOOD = (
    "Names that Exchange installs, with assemblies in its folder and a valid signature of Microsoft"
)
WHY = (
    "Turla's LightNeuron was such an agent: it read, changed and sent mail and ran commands that "
    "came by mail."
)
FIX = Fix(
    change=(
        "Look at the assembly first (exward scan reads it). Then Disable-TransportAgent 'NAME'; "
        "Restart-Service MSExchangeTransport"
    ),
    preview=(
        "Get-TransportAgent | ft Identity, Enabled, Priority; Get-TransportAgent | fl "
        "TransportAgentFactory, AssemblyPath"
    ),
    undo="Enable-TransportAgent 'NAME'; Restart-Service MSExchangeTransport",
    breaks="Filters, archives and signatures of other vendors are such agents too.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/mail-flow/transport-agents/transport-agents",
    "https://attack.mitre.org/techniques/T1505/002/",
)
# Of mailbox and Edge servers, and those of Install-AntispamAgents.ps1.
_OWN = frozenset({
    "transport rule agent", "dlp policy agent", "retention policy agent", "malware agent",
    "supervisory review agent", "text messaging routing agent", "text messaging delivery agent",
    "system probe drop smtp agent", "system probe drop routing agent", "content filter agent",
    "sender id agent", "sender filter agent", "recipient filter agent", "protocol analysis agent",
    "connection filtering agent", "attachment filtering agent", "edge rule agent",
    "address rewriting inbound agent", "address rewriting outbound agent",
})  # fmt: skip
_MICROSOFT = re.compile(r"(?:^|,\s*)O=\"?Microsoft Corporation\"?(?:,|$)", re.IGNORECASE)
_VALID = "valid"


def judge(inventory: Inventory) -> Answer:
    """Judge name, place and signature of each agent; what is disabled may be enabled again."""
    agents = objects(inventory, "Get-TransportAgent")
    if not agents:
        return not_collected(("Get-TransportAgent",))
    signatures = {
        (row.text("Path") or "").lower(): row for row in objects(inventory, "files") or ()
    }
    root = exclusions.variables(inventory)["exchangeinstallpath"].lower()
    bad: list[tuple[Severity, str]] = []
    missing: list[str] = []
    for row in agents:
        name, path = named(row, "Identity", "Name"), row.text("AssemblyPath")
        signed = signatures.get((path or "").lower())
        state = None if signed is None else signed.text("Signature")
        if path and not path.lower().startswith(f"{root}\\"):
            bad.append((Severity.CRITICAL, f"{name}: {path} is not in Exchange's folder"))
        elif state and state.lower() != _VALID:
            bad.append((Severity.CRITICAL, f"{name}: the signature of {path} is {state}"))
        elif name.lower() not in _OWN:
            bad.append((_level(signed), f"{name}: not one of Exchange's ({path})"))
        elif not path or not state:
            missing.append(f"path and signature of {name}")
        elif _level(signed) is not Severity.LOW:
            bad.append((Severity.CRITICAL, f"{name}: {path} is not signed by Microsoft"))
    return worst(bad) or concluded((), missing, f"All {len(agents):,} agents are Exchange's own.")


def _level(signed: Row | None) -> Severity:
    """Low: Microsoft's; medium: a valid signature of somebody; critical: none is known."""
    if signed is None or (signed.text("Signature") or "").lower() != _VALID:
        return Severity.CRITICAL
    is_own = _MICROSOFT.search(signed.text("Signer") or "") is not None
    return Severity.LOW if is_own else Severity.MEDIUM
