"""Download Domains protect only if their names are not those of Outlook on the web."""

from __future__ import annotations

from urllib.parse import urlsplit

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.own import own_rows
from exward.posture.row import Row

ID = "download-domain-name"
TITLE = "Attachments come from another host name than Outlook on the web"
SEVERITY = Severity.MEDIUM
READS = ("Get-OrganizationConfig", "Get-OwaVirtualDirectory")
GOOD = "InternalDownloadHostName and ExternalDownloadHostName are names of their own"
WHY = "An attachment from the same host can act with the session of the user who opens it."
FIX = Fix(
    change=(
        'Set-OwaVirtualDirectory "$env:COMPUTERNAME\\owa (Default Web Site)" '
        "-ExternalDownloadHostName download.example.com "
        "-InternalDownloadHostName download.example.com"
    ),
    preview="Get-OwaVirtualDirectory | fl Server, *Url, *DownloadHostName",
    undo=(
        'Set-OwaVirtualDirectory "$env:COMPUTERNAME\\owa (Default Web Site)" '
        "-ExternalDownloadHostName OLD -InternalDownloadHostName OLD"
    ),
    breaks="Downloads, until the new name is in DNS and in the certificate.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-download-domains",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/DownloadDomainCheck/",
)
_PAIRS = (
    ("InternalDownloadHostName", "InternalUrl"),
    ("ExternalDownloadHostName", "ExternalUrl"),
)


def judge(inventory: Inventory) -> Answer:
    """Whether they are on at all is told with CVE-2021-1730."""
    organization = inventory.row(READS[0])
    own = own_rows(inventory, READS[1])
    if organization is None or own is None:
        return not_collected(READS)
    enabled = organization.truth("EnableDownloadDomains")
    if enabled is False:
        return not_applicable("Download Domains are not enabled.")
    if enabled is None or not own:
        return unknown("Whether Download Domains are enabled, and their names, is not known.")
    same = [name for row in own for name, url in _PAIRS if _is_same(row, name, url)]
    return concluded(
        [f"{name} is the name of Outlook on the web" for name in same],
        ["the names for downloads" for row in own if not _names(row)],
        "The names for downloads are names of their own.",
    )


def _names(row: Row) -> list[str]:
    return [said for name, _ in _PAIRS if (said := row.text(name))]


def _is_same(row: Row, name: str, url: str) -> bool:
    host, address = row.text(name), row.text(url)
    return bool(host and address and host.lower() == _host(address))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
