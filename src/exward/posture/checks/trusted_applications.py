"""Exchange accepts tokens from the servers that it is told to trust."""

from __future__ import annotations

from urllib.parse import urlsplit

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects
from exward.posture.row import Row

ID = "trusted-applications"
TITLE = "Only known servers and applications are trusted with tokens"
SEVERITY = Severity.HIGH
READS = ("Get-AuthServer", "Get-PartnerApplication")
GOOD = (
    "Every authorization server is Microsoft's, every partner application one of Microsoft's and "
    "without a linked account"
)
WHY = (
    "Whoever controls a trusted server or application makes tokens for any mailbox; it needs no "
    "password and outlives all resets."
)
FIX = Fix(
    change="Remove-AuthServer 'NAME'; Remove-PartnerApplication 'NAME'",
    preview=(
        "Get-AuthServer | fl Name, Type, AuthMetadataUrl, Enabled; Get-PartnerApplication | fl "
        "Name, ApplicationIdentifier, LinkedAccount, Enabled"
    ),
    undo=(
        "New-AuthServer 'NAME' -AuthMetadataUrl URL; New-PartnerApplication 'NAME' "
        "-AuthMetadataUrl URL"
    ),
    breaks="AD FS sign-in, SharePoint or Skype for Business that really use it.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/get-authserver",
    "https://learn.microsoft.com/powershell/module/exchange/get-partnerapplication",
)
# Endpoints of Entra ID and its access control service, also of the national clouds:
# https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud.
_HOSTS = frozenset({
    "accounts.accesscontrol.windows.net", "login.windows.net", "login.microsoftonline.com",
    "sts.windows.net", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
    "accounts.accesscontrol.chinacloudapi.cn",
})  # fmt: skip
# Exchange Online, SharePoint, Skype for Business.
_APPLICATIONS = frozenset(f"0000000{number}-0000-0ff1-ce00-000000000000" for number in (2, 3, 4))


def judge(inventory: Inventory) -> Answer:
    """Judge what is enabled; a server of one's own (AD FS) is named for review."""
    servers = objects(inventory, "Get-AuthServer")
    partners = objects(inventory, "Get-PartnerApplication")
    if servers is None or partners is None:
        return not_collected(READS)
    active = [row for row in servers if row.truth("Enabled") is not False]
    bad = [
        f"server {named(row, 'Name')}: {row.text('AuthMetadataUrl')}"
        for row in active
        if (host := _host(row)) is not None and host not in _HOSTS
    ]
    missing = [f"address of {named(row, 'Name')}" for row in active if _host(row) is None]
    for row in (one for one in partners if one.truth("Enabled") is not False):
        application = (row.text("ApplicationIdentifier") or "").lower()
        if row.text("LinkedAccount"):
            bad.append(f"application {named(row, 'Name')} acts as {row.text('LinkedAccount')}")
        elif application not in _APPLICATIONS:
            bad.append(f"application {named(row, 'Name')}: {application or 'no identifier'}")
    return concluded(bad, missing, "All of them are Microsoft's.")


def _host(row: Row) -> str | None:
    """The host of the address; an address that is none is a stranger as well."""
    address = row.text("AuthMetadataUrl")
    if not address:
        return None
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
