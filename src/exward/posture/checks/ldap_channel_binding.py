"""LDAP over TLS can be relayed, too, unless the logon is bound to its channel."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import domain_controllers
from exward.posture.checks.interface import Answer, Fix
from exward.posture.inventory import Inventory

ID = "ldap-channel-binding"
TITLE = "Domain controllers require channel binding of LDAP"
SEVERITY = Severity.HIGH
READS = domain_controllers.READS
GOOD = "LdapEnforceChannelBinding is 2 on every domain controller"
WHY = "A relayed logon of the Exchange server can be used over LDAPS, where nothing is signed."
_PATH = "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\NTDS\\Parameters"
FIX = Fix(
    change=(
        f"Set-ItemProperty {_PATH} LdapEnforceChannelBinding 2 -Type DWord # on each domain "
        "controller, or by group policy: LDAP server channel binding token requirements"
    ),
    preview=(
        "Get-WinEvent -LogName 'Directory Service' | ? Id -in 3039, 3040, 3041 # who would be "
        "refused"
    ),
    undo=f"Set-ItemProperty {_PATH} LdapEnforceChannelBinding 1 -Type DWord",
    breaks="LDAPS clients that cannot bind to the channel: event 3039 names them.",
)
SOURCES = (
    "https://support.microsoft.com/topic/2020-2023-and-2024-ldap-channel-binding-and-ldap-signing-requirements-for-windows-kb4520412-ef185fb8-00f7-167d-744c-f299a66fc00a",
    "https://support.microsoft.com/topic/use-the-ldapenforcechannelbinding-registry-entry-to-make-ldap-authentication-over-ssl-tls-more-secure-e9ecfa27-5e57-8519-6ba3-d2c06b21812e",
)


def judge(inventory: Inventory) -> Answer:
    """Judge every domain controller that was asked."""
    return domain_controllers.all_have(inventory, "ChannelBinding", 2)
