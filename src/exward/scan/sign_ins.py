"""From where, and with what, the owners of certain mailboxes signed in.

Only for accounts that got a harmful message: their requests are told by rules of their own
(`mailbox_rules.py`), so that nothing else is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exward.model.account import bare_name
from exward.model.finding import Evidence
from exward.rules.folding import Folded
from exward.scan import actors
from exward.scan.collect import NO_TIME, Place
from exward.scan.tasks import SignIn, SignInKey

MAX_KEYS = 20_000
"""Of one task; of all together ten times as many."""
_SHOWN = (
    *("EventID", "TargetUserName", "LogonType", "IpAddress", "cs-username", "c-ip", "cs-method"),
    *("cs-uri-stem", "cs-user-agent", "sc-status", "Protocol", "AuthenticatedUser"),
    *("ClientIpAddress", "UserAgent", "AnchorMailbox"),
)
_CHARS = 300
SERVICES = {
    "owa": "Outlook on the web",
    "ecp": "the control panel",
    "microsoft-server-activesync": "ActiveSync",
    "ews": "EWS",
    "mapi": "Outlook",
    "rpc": "Outlook",
    "autodiscover": "Autodiscover",
    "oab": "the address book",
    "powershell": "PowerShell",
}
"""First folder of the URL → what is served there (Microsoft: virtual directories of Exchange)."""

_CLIENTS = {"": "an unnamed client", "mozilla": "a browser"}


class SignIns:
    """What one task has seen of them."""

    def __init__(self) -> None:
        self._seen: dict[SignInKey, SignIn] = {}

    def add(self, server: str, place: Place, record: Folded) -> None:
        """Count one sign-in; without time or address it says nothing."""
        account = bare_name(_text(record, "cs-username") or _text(record, "TargetUserName"))
        address = actors.source_ip(record)
        if not account or not address or place[0] == NO_TIME:
            return
        key = (account, server, address, _way(record))
        known = self._seen.get(key)
        if known is None:
            if len(self._seen) < MAX_KEYS:
                self._seen[key] = SignIn(1, place[0], place[0], _evidence(place, record))
            return
        known.count += 1
        known.last = max(known.last, place[0])
        if place[0] < known.first:
            known.first, known.place = place[0], _evidence(place, record)

    def exported(self) -> list[tuple[SignInKey, SignIn]]:
        """What `merge` takes."""
        return list(self._seen.items())


def merge(into: dict[SignInKey, SignIn], more: Iterable[tuple[SignInKey, SignIn]]) -> None:
    """Take in what another task has seen."""
    for key, one in more:
        known = into.get(key)
        if known is None:
            if len(into) < 10 * MAX_KEYS:
                into[key] = one
            continue
        known.count += one.count
        known.last = max(known.last, one.last)
        if _order(one) < _order(known):
            known.first, known.place = one.first, one.place


def _order(one: SignIn) -> tuple[int, str, int]:
    return one.first, one.place.file, one.place.position


def _evidence(place: Place, record: Folded) -> Evidence:
    return Evidence(place[1], place[2], place[0], _excerpt(record))


def _excerpt(record: Folded) -> Mapping[str, str]:
    shown = ((name, _text(record, name)[:_CHARS]) for name in _SHOWN if name in record.fields)
    return {name: text for name, text in shown if text}


def _way(record: Folded) -> str:
    """The client's name without its version, and the service it spoke to."""
    folder = _text(record, "cs-uri-stem").strip("/").partition("/")[0].casefold()
    if not folder:
        return f"logon type {_text(record, 'LogonType') or 'unknown'}"
    agent = _text(record, "cs-user-agent").replace("+", " ").partition("/")[0].strip()
    client = _CLIENTS.get(agent.casefold(), agent[:60])
    return f"{client} to {SERVICES.get(folder, folder[:40])}"


def _text(record: Folded, name: str) -> str:
    return next(iter(record.texts(name)), "").strip() if name in record.fields else ""
