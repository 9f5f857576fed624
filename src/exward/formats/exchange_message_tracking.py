"""Message tracking logs: one row for each event in the life of a message.

Beside the columns each address has its domain as a field, so that a rule can compare them: REDIRECT
names in `related-recipient-address` whose mail it was (Microsoft Learn, "Message tracking").
"""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout, Values
from exward.model.records import EventType, Fields

NAME = "exchange-message-tracking"
TITLE = "Exchange message tracking log"

_DOMAINS = {
    "recipient-address": "recipient-domain",
    "related-recipient-address": "related-recipient-domain",
    "sender-address": "sender-domain",
}
MAX_DOMAINS = 100


def _add(fields: Fields, values: Values) -> None:
    for column, name in _DOMAINS.items():
        addresses = values.get(column, "").split(";", MAX_DOMAINS)[:MAX_DOMAINS]
        domains = [one.rpartition("@")[2].strip(" <>") for one in addresses if "@" in one]
        found: list[object] = [domain for domain in dict.fromkeys(domains) if domain]
        if found:
            fields[name] = found[0] if len(found) == 1 else found


LAYOUT = Layout(
    EventType("exchange.message-tracking"),
    servers=("server-hostname",),
    add=_add,
    added=(frozenset(_DOMAINS.values()), tuple(_DOMAINS)),
)

recognises = exchange_csv.recogniser(
    ("message tracking log",), ("date-time", "event-id", "internal-message-id")
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
