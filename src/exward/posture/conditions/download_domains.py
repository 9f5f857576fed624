"""Download Domains serve attachments from another host name, so that they cannot act as OWA."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

READS = ("Get-OrganizationConfig", "Get-OwaVirtualDirectory")


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if the organisation has them enabled and OWA has names for them."""
    del condition
    organization = inventory.row("Get-OrganizationConfig")
    enabled = None if organization is None else organization.truth("EnableDownloadDomains")
    if enabled is None:
        return unknown("EnableDownloadDomains of the organisation was not collected")
    if not enabled:
        return failed("Download Domains are not enabled (EnableDownloadDomains is False).")
    folders = inventory.rows("Get-OwaVirtualDirectory")
    if not folders:
        return unknown("the host names for downloads (Get-OwaVirtualDirectory) were not collected")
    names = ("InternalDownloadHostName", "ExternalDownloadHostName")
    if not all(any(row.text(name) for name in names) for row in folders):
        return failed("Download Domains are enabled, but OWA has no host name for downloads.")
    return passed("Download Domains are enabled and have host names.")
