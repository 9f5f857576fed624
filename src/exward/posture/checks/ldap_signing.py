"""Unsigned LDAP lets a relayed logon of the Exchange server write to the directory."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import domain_controllers
from exward.posture.checks.interface import Answer, Fix
from exward.posture.inventory import Inventory

ID = "ldap-signing"
TITLE = "Domain controllers require signed LDAP"
SEVERITY = Severity.HIGH
READS = domain_controllers.READS
GOOD = "LDAPServerIntegrity is 2 on every domain controller"
WHY = (
    "An attacker who makes Exchange log on to him relays that to a domain controller, and with "
    "Exchange's rights grants himself the domain (PrivExchange)."
)
_PATH = "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters"
FIX = Fix(
    change=(
        f"Set-ItemProperty {_PATH} LDAPServerIntegrity 2 -Type DWord # on each domain controller, "
        "or by group policy: Domain controller: LDAP server signing requirements"
    ),
    preview=(
        "Get-WinEvent -LogName 'Directory Service' | ? Id -in 2886, 2887, 2889 # who still binds "
        "unsigned; 2889 needs logging level 2 of '16 LDAP Interface Events'"
    ),
    undo=f"Set-ItemProperty {_PATH} LDAPServerIntegrity 1 -Type DWord",
    breaks="Programs and devices that bind without signature: event 2889 names them.",
)
SOURCES = (
    "https://learn.microsoft.com/troubleshoot/windows-server/active-directory/enable-ldap-signing-in-windows-server",
    "https://support.microsoft.com/topic/2020-2023-and-2024-ldap-channel-binding-and-ldap-signing-requirements-for-windows-kb4520412-ef185fb8-00f7-167d-744c-f299a66fc00a",
)


def judge(inventory: Inventory) -> Answer:
    """Judge every domain controller that was asked."""
    return domain_controllers.all_have(inventory, "LdapSigning", 2)
