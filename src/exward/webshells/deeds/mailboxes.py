"""Mailboxes that are opened because a stranger names them: Exchange Web Services.

Names are those of the EWS Managed API (Microsoft.Exchange.WebServices.Data).
"""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_IMPERSONATED = ("impersonateduserid", "webservices.data.mailbox")
_READS = frozenset({"finditems", "findfolders", "getattachments", "exportitems"})
_ASKS = frozenset({"uploadstring", "uploaddata", "getbytes", "write", "send"})
"""What sends a request of SOAP that the page has written itself."""
ABOUT = About(_READS | _ASKS | {"mailbox"}, ("impersonateduserid",))


def look(reader: Reader, call: Call) -> Value | None:
    """Note whose mailbox a call opens."""
    if call.name == "new" and call.path.endswith(_IMPERSONATED) and call.given.taint & CHOSEN:
        words = f"opens the mailbox that {who(call.given)} names"
        reader.note(Sign(Capability.READ_MAIL, call.line, words))
    if call.name in _ASKS and any(map(_impersonates, call.arguments)):
        words = f"opens the mailbox that {who(call.given)} names"
        reader.note(Sign(Capability.READ_MAIL, call.line, words))
    if call.name in _READS and "ews" in call.receiver.kinds and call.given.taint & CHOSEN:
        words = f"looks in mailboxes for what {who(call.given)} says"
        reader.note(Sign(Capability.READ_MAIL, call.line, words))
    return None


def _impersonates(value: Value) -> bool:
    return bool(value.taint & CHOSEN) and "exchangeimpersonation" in value.prefix.lower()
