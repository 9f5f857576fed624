"""Modern authentication lets a second factor be asked for."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory

ID = "modern-authentication"
TITLE = "Clients may use modern authentication"
SEVERITY = Severity.INFORMATIONAL
READS = ("Get-OrganizationConfig",)
GOOD = "OAuth2ClientProfileEnabled is True"
WHY = "Without it Outlook and phones send passwords, and a guessed password is enough."
FIX = Fix(
    change=(
        "Set-OrganizationConfig -OAuth2ClientProfileEnabled $true, after hybrid modern "
        "authentication or AD FS is set up"
    ),
    preview=(
        "Get-OrganizationConfig | fl OAuth2ClientProfileEnabled; Get-AuthServer | fl Name, Type, "
        "IsDefaultAuthorizationEndpoint"
    ),
    undo="Set-OrganizationConfig -OAuth2ClientProfileEnabled $false",
    breaks="Clients that cannot be sent to an authorization server.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/enable-modern-auth-in-exchange-server-on-premises",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the switch of the organisation."""
    organization = inventory.row("Get-OrganizationConfig")
    if organization is None:
        return not_collected(READS)
    on = organization.truth("OAuth2ClientProfileEnabled")
    if on is None:
        return unknown("OAuth2ClientProfileEnabled cannot be read.")
    said = f"OAuth2ClientProfileEnabled is {on}."
    return passed(said) if on else failed(said)
