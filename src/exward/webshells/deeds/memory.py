"""Pages that stay in the memory of the web server, where no file shows them."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_ADDS = frozenset({"add", "insert", "mappageroute"})
_TABLES = (
    ("routetable.routes", "answers addresses that belong to no page"),
    ("globalfilters.filters", "looks at every request to the site"),
)
ABOUT = About(_ADDS | {"registervirtualpathprovider", "start"})


def look(reader: Reader, call: Call) -> Value | None:
    """Note what a call leaves in memory; in an application file that is ordinary."""
    sure = not reader.known.is_set_up
    if call.name == "registervirtualpathprovider":
        words = "serves pages that stand in no file"
        reader.note(Sign(Capability.STAY_IN_MEMORY, call.line, words, sure=False))
    if call.name == "start" and "listener" in call.receiver.kinds:
        words = "listens for requests that the web server does not know of"
        reader.note(Sign(Capability.STAY_IN_MEMORY, call.line, words))
    if sure and call.name in _ADDS:
        for table, words in _TABLES:
            if table in call.path:
                reader.note(Sign(Capability.STAY_IN_MEMORY, call.line, words))
    return None
