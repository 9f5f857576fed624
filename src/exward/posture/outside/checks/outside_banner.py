"""What answers tell of versions and of names inside."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.outside.seen import Seen

ID = "outside-banner"
TITLE = "Answers tell neither versions nor names inside"
SEVERITY = Severity.INFORMATIONAL
WHY = "Attackers choose their targets by version, and guess the domain by names; no flaw by itself."
FIX = Fix(
    change=(
        "Let the proxy in front take out X-FEServer, X-OWA-Version, X-AspNet-Version and "
        "X-Powered-By; patch rather than hide."
    ),
    preview="exward probe (this address)",
    undo="Let them pass again.",
    breaks="Nothing; support cases need X-FEServer.",
)
SOURCES = ("https://learn.microsoft.com/iis/configuration/system.webserver/httpprotocol/",)
_TELLING = (
    "X-OWA-Version",
    "X-FEServer",
    "X-BEServer",
    "X-CalculatedBETarget",
    "X-AspNet-Version",
    "X-Powered-By",
    "Server",
)
_REALM = "realm="


def judge(seen: Seen) -> Answer:
    """List what was told, each once."""
    if not any(seen.every_reply()):
        return unknown("Nothing was answered.")
    return concluded(_told(seen), (), "No answer tells a version or a name.")


def _told(seen: Seen) -> Iterator[str]:
    for reply in seen.every_reply():
        for name in _TELLING:
            if value := reply.value(name):
                yield f"{name}: {value}"
        for value in reply.values("WWW-Authenticate"):
            if _REALM in value.lower():
                yield f"WWW-Authenticate: {value}"
