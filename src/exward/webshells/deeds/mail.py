"""Mail that a page sends to whom a stranger says."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_TO, _FROM, _BODY = "to", "from", "body"
_PARTS = {
    "set_to": _TO, "set_from": _FROM, "set_body": _BODY, "set_htmlbody": _BODY,
    "set_textbody": _BODY,
}  # fmt: skip
_PARAMETERS = 4
"""`new MailMessage(from, to, subject, body)`"""
ABOUT = About(frozenset(_PARTS), ("mailmessage",))


def look(reader: Reader, call: Call) -> Value | None:
    """Note a message whose sender, receiver and text all come with the request."""
    chosen: dict[str, Value] = {}
    if call.path.endswith("mailmessage") and len(call.arguments) == _PARAMETERS:
        chosen = dict(zip((_FROM, _TO, "", _BODY), call.arguments, strict=True))
    elif "mail" in call.receiver.kinds and call.name in _PARTS:
        chosen = {_PARTS[call.name]: call.given}
    for part, value in chosen.items():
        if value.taint & CHOSEN:
            reader.known.mailed.add(part)
    if chosen and reader.known.mailed >= {_TO, _FROM, _BODY}:
        words = f"sends mail as whom and to whom {who(call.given)} says"
        reader.note(Sign(Capability.SEND_MAIL, call.line, words))
    return None
