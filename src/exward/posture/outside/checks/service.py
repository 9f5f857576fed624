"""What the checks of single services have in common: reachable from here or not."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.outside.endpoints import BY_NAME
from exward.posture.outside.reach import Reach, reached
from exward.posture.outside.seen import Seen

IP_SECURITY = "https://learn.microsoft.com/iis/configuration/system.webserver/security/ipsecurity/"


def internal(seen: Seen, name: str) -> Answer:
    """A service for administrators: that it is reached from here is a failure."""
    found = reached(seen, name)
    if found.reach is Reach.OPEN:
        return failed(f"{_path(name)} is reachable from here: {found.said}.")
    return _not_open(name, found.reach, found.said)


def expected(seen: Seen, name: str) -> Answer:
    """A service that clients outside may need: that it is reached is no failure, but known."""
    found = reached(seen, name)
    if found.reach is Reach.OPEN:
        said = f"{_path(name)} is reachable from here: {found.said}; right if clients here need it."
        return not_applicable(said)
    return _not_open(name, found.reach, found.said)


def closing(name: str, breaks: str) -> Fix:
    """Let only one's own networks in, by IIS; a proxy or firewall in front does it better."""
    directory = _path(name).strip("/").split("/")[0]
    at = (
        "$at = @{PSPath = 'MACHINE/WEBROOT/APPHOST'; "
        f"Location = 'Default Web Site/{directory}'; "
        "Filter = 'system.webServer/security/ipSecurity'}; "
    )
    every = "Get-WebConfigurationProperty @at -Name Collection"
    return Fix(
        change=(
            f"Block /{directory} on the proxy or firewall in front. Else, with your own networks "
            f"in place of 10.0.0.0: Install-WindowsFeature Web-IP-Security; {at}"
            "'127.0.0.1/255.255.255.255', '10.0.0.0/255.0.0.0' | ForEach-Object { $ip, $mask = "
            "$_ -split '/'; Add-WebConfigurationProperty @at -Name . -Value "
            "@{ipAddress = $ip; subnetMask = $mask; allowed = $true} }; "
            "Set-WebConfigurationProperty @at -Name allowUnlisted -Value $false"
        ),
        preview=f"{at}Get-WebConfigurationProperty @at -Name allowUnlisted; {every}",
        undo=f"{at}Set-WebConfigurationProperty @at -Name allowUnlisted -Value $true",
        breaks=breaks,
    )


def _not_open(name: str, reach: Reach, said: str) -> Answer:
    if reach is Reach.BLOCKED:
        return passed(f"{_path(name)} cannot be reached from here: {said}.")
    if reach is Reach.ELSEWHERE:
        return passed(f"{_path(name)} leads to somebody else first: {said}.")
    return unknown(f"Whether {_path(name)} can be reached does not show: {said}.")


def _path(name: str) -> str:
    return BY_NAME[name].path
