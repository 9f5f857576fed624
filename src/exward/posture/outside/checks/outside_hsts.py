"""Whether browsers are told to come by https only."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.outside.endpoints import OWA
from exward.posture.outside.seen import Seen

ID = "outside-hsts"
TITLE = "Browsers are told to come by https only, for half a year or more"
SEVERITY = Severity.LOW
WHY = "A first visit by http can be led to a false page that asks for the password."
_AT = (
    "-PSPath 'MACHINE/WEBROOT/APPHOST' "
    "-Filter \"system.applicationHost/sites/site[@name='Default Web Site']/hsts\""
)
FIX = Fix(
    change=(
        f"Set-WebConfigurationProperty {_AT} -Name max-age -Value 31536000; "
        f"Set-WebConfigurationProperty {_AT} -Name enabled -Value $true"
    ),
    preview=f"Get-WebConfigurationProperty {_AT} -Name enabled",
    undo=f"Set-WebConfigurationProperty {_AT} -Name enabled -Value $false",
    breaks=(
        "Whatever else the host name offers by http, for as long as browsers remember. IIS from "
        "Windows Server 2019 on; older ones, and proxies, add the header themselves."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/hsts",
    "https://www.rfc-editor.org/rfc/rfc6797",
)
LEAST_S = 180 * 86_400
_AGE = re.compile(r"(?:^|;)\s*max-age\s*=\s*\"?(\d{1,12})\"?", re.IGNORECASE)


def judge(seen: Seen) -> Answer:
    """Judge by the last answer of Outlook on the web, the page where people sign in."""
    replies = seen.replies.get(OWA.name, ())
    if not replies:
        return unknown(f"{OWA.path} was not answered.")
    value = replies[-1].value("Strict-Transport-Security")
    if not value:
        return failed("There is no header Strict-Transport-Security.")
    said = f"Strict-Transport-Security is {value[:200]}."
    age = _AGE.search(value)
    return passed(said) if age is not None and int(age[1]) >= LEAST_S else failed(said)
