"""Without a logon only what has to be reached by strangers may be reached."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.extended_protection import EXPECTED
from exward.posture.iis import BACK, applications, ending, holding, host_elements, values_of
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "anonymous-authentication"
TITLE = "Only the directories that need it can be reached without a logon"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = "on for API, Autodiscover, ecp, EWS and the back end's owa; off elsewhere"
WHY = (
    "Exchange's own code behind these addresses is then open to everybody who finds a fault in it."
)
FIX = Fix(
    change=(
        "Set-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' -Filter "
        "system.webServer/security/authentication/anonymousAuthentication -Name enabled "
        "-Value $false"
    ),
    preview=(
        "Get-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' -Filter "
        "system.webServer/security/authentication/anonymousAuthentication -Name enabled"
    ),
    undo=(
        "Set-WebConfigurationProperty -PSPath 'IIS:\\' -Location 'SITE/PATH' -Filter "
        "system.webServer/security/authentication/anonymousAuthentication -Name enabled "
        "-Value $true"
    ),
    breaks="Proxies that log users on themselves.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/IISInformation/",
)
_ANONYMOUS = "security/authentication/anonymousauthentication"
_ALLOWED = ("/api", "/autodiscover", "/ecp", "/ews")
_ALSO = f"{BACK}/owa"


def judge(inventory: Inventory) -> Answer:
    """Judge Exchange's directories; what is not set is that of the site, then of the server."""
    elements = host_elements(inventory)
    settings = ending(elements, _ANONYMOUS)
    there = applications(inventory)
    places = [path for path in EXPECTED if path in there and not _may(path)]
    if not places or not settings:
        return unknown("Not collected: sites and authentication in applicationHost.config.")
    enabled = values_of(settings, "enabled")
    told = [(path, (holding(enabled, path) or "").lower()) for path in places]
    return concluded(
        [f"{path} can be reached without a logon" for path, value in told if value == "true"],
        [f"authentication of {path}" for path, value in told if value not in {"true", "false"}],
        f"None of {len(told)} directories that need a logon goes without.",
    )


def _may(path: str) -> bool:
    return path.endswith(_ALLOWED) or path == _ALSO
