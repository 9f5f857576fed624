"""Whether the page where people sign in is kept out of foreign frames and foreign types."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.outside.endpoints import OWA
from exward.posture.outside.seen import Reply, Seen

ID = "outside-page-headers"
TITLE = "The sign-in page may not be framed, and its files are what they say"
SEVERITY = Severity.LOW
WHY = "In a foreign frame, users click and type what they do not see."
_AT = (
    "-PSPath 'MACHINE/WEBROOT/APPHOST' -Location 'Default Web Site/owa' "
    "-Filter system.webServer/httpProtocol/customHeaders"
)
FIX = Fix(
    change=(
        f"Add-WebConfigurationProperty {_AT} -Name . -Value "
        "@{name = 'X-Content-Type-Options'; value = 'nosniff'}; "
        f"Add-WebConfigurationProperty {_AT} -Name . -Value "
        "@{name = 'X-Frame-Options'; value = 'SAMEORIGIN'}"
    ),
    preview=f"Get-WebConfigurationProperty {_AT} -Name Collection",
    undo=f"Remove-WebConfigurationProperty {_AT} -Name . -AtElement @{{name = 'X-Frame-Options'}}",
    breaks="Portals that show Outlook on the web in a frame.",
)
SOURCES = (
    "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Frame-Options",
    "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options",
)


def judge(seen: Seen) -> Answer:
    """Judge by the last answer of Outlook on the web, if it is a page."""
    replies = seen.replies.get(OWA.name, ())
    if not replies or replies[-1].status != 200:
        return unknown("The sign-in page was not reached.")
    return concluded(_missing(replies[-1]), (), "Frames and types of content are restricted.")


def _missing(reply: Reply) -> Iterator[str]:
    policy = " ".join(reply.values("Content-Security-Policy")).lower()
    if not reply.value("X-Frame-Options") and "frame-ancestors" not in policy:
        yield "No X-Frame-Options, and no frame-ancestors"
    if reply.value("X-Content-Type-Options").lower() != "nosniff":
        yield "No X-Content-Type-Options: nosniff"
