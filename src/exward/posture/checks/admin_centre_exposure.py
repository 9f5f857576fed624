"""The admin centre is for administrators: from the internet it is for attackers."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import virtual_directories as directories
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import objects
from exward.posture.own import own_rows
from exward.posture.row import Row

ID = "admin-centre-exposure"
TITLE = "The admin centre cannot be used from outside"
SEVERITY = Severity.HIGH
READS = (directories.ECP, "Get-ClientAccessRule", "outside")
GOOD = (
    "AdminEnabled is False, a client access rule denies ExchangeAdminCenter, or exward probe was "
    "refused"
)
WHY = "A stolen administrator's password is enough; several exploits went through the admin centre."
FIX = Fix(
    change=(
        "New-ClientAccessRule BlockEac -Action DenyAccess -AnyOfProtocols ExchangeAdminCenter "
        "-ExceptAnyOfClientIPAddressesOrRanges 192.0.2.0/24 # 2016: Set-EcpVirtualDirectory "
        "-AdminEnabled $false on the servers that are reached from outside"
    ),
    preview="Get-EcpVirtualDirectory | ft Server, AdminEnabled, ExternalUrl; Get-ClientAccessRule",
    undo="Remove-ClientAccessRule BlockEac",
    breaks="Administration from elsewhere; keep a rule that lets PowerShell of your network in.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/client-access-rules/block-eac-access",
    "https://learn.microsoft.com/exchange/architecture/client-access/turn-off-access-to-eac",
)
_EAC = "exchangeadmincenter"
# With one of these a rule denies some strangers only (Microsoft: New-ClientAccessRule).
_LIMITS = (
    "AnyOfClientIPAddressesOrRanges", "AnyOfAuthenticationTypes", "UsernameMatchesAnyOfPatterns",
    "UserRecipientFilter",
)  # fmt: skip
_PATH = "/ecp/"


def judge(inventory: Inventory) -> Answer:
    """A proxy in front that blocks it cannot be seen from here: without ExternalUrl it is open."""
    own = own_rows(inventory, READS[0])
    if not own:
        return not_collected(READS[:1])
    enabled = [row.truth("AdminEnabled") for row in own]
    if all(value is False for value in enabled):
        return passed("AdminEnabled is False.")
    rules = objects(inventory, READS[1])
    if any(_denies(row) for row in rules or ()):
        return passed("A client access rule denies the admin centre.")
    if (reached := _reached(inventory)) is not None:
        said = "exward probe asked for /ecp/ from outside and was"
        return failed(f"{said} answered.") if reached else passed(f"{said} refused.")
    if None in enabled or any("ExternalUrl" not in row for row in own):
        return unknown("AdminEnabled or ExternalUrl was not collected.")
    if any(row.text("ExternalUrl") for row in own):
        return failed(
            "AdminEnabled is True, there is an ExternalUrl, and no rule denies it; whether a proxy "
            "in front does is not seen from here."
        )
    return unknown("AdminEnabled is True without an ExternalUrl: who reaches it is not known.")


def _reached(inventory: Inventory) -> bool | None:
    """Whether the admin centre answered from outside; None: nobody asked, or it does not show."""
    for row in objects(inventory, READS[2]) or ():
        if _PATH in (row.texts("Reached") or ()):
            return True
        if _PATH in (row.texts("Refused") or ()):
            return False
    return None


def _denies(rule: Row) -> bool:
    protocols = {one.strip().lower() for one in rule.texts("AnyOfProtocols") or ()}
    is_on = rule.truth("Enabled") is not False
    denies = is_on and _EAC in protocols and (rule.text("Action") or "").lower() == "denyaccess"
    return denies and not any(rule.texts(limit) for limit in _LIMITS)
