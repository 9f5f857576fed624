"""A directory that answers without TLS takes passwords in the clear and cannot bind logons."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.extended_protection import EXPECTED
from exward.posture.iis import FRONT, applications, ending, holding, host_elements, values_of
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "tls-required-on-web"
TITLE = "Every virtual directory requires TLS"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = "sslFlags has Ssl and Ssl128; the front end's PowerShell alone goes without"
WHY = "Extended Protection cannot hold there, and logons and mail can be read on the line."
FIX = Fix(
    change=(
        "Set-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' "
        "-Filter system.webServer/security/access -Name sslFlags -Value 'Ssl,Ssl128'"
    ),
    preview=(
        "Get-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' "
        "-Filter system.webServer/security/access -Name sslFlags"
    ),
    undo=(
        "Set-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' "
        "-Filter system.webServer/security/access -Name sslFlags -Value 'None'"
    ),
    breaks="Load balancers that end TLS and go on without it (SSL offloading).",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection",
    "https://learn.microsoft.com/iis/configuration/system.webserver/security/access",
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
)
_ACCESS = "system.webserver/security/access"
_NEEDED = frozenset({"ssl", "ssl128"})
# Kerberos protects it inside HTTP; Microsoft's script expects SslNegotiateCert alone.
_WITHOUT = f"{FRONT}/powershell"


def judge(inventory: Inventory) -> Answer:
    """Judge the directories of Exchange that the server has."""
    elements = host_elements(inventory)
    there = applications(inventory)
    places = [path for path in EXPECTED if path in there and path != _WITHOUT]
    access = ending(elements, _ACCESS)
    flags = values_of(access, "sslFlags")
    if not places or not access:
        return unknown("Not collected: sites and access in applicationHost.config.")
    weak = [path for path in places if not _flags(holding(flags, path)) >= _NEEDED]
    if weak:
        return failed(f"TLS with 128 bits is not required on {listing(weak)}.")
    return passed(f"TLS is required on all {len(places)} virtual directories.")


def _flags(value: str | None) -> frozenset[str]:
    return frozenset(flag.strip().lower() for flag in (value or "").split(","))
