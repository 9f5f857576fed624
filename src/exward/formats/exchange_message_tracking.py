"""Message tracking logs: one row for each event in the life of a message."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-message-tracking"
TITLE = "Exchange message tracking log"

LAYOUT = Layout(EventType("exchange.message-tracking"), servers=("server-hostname",))

recognises = exchange_csv.recogniser(
    ("message tracking log",), ("date-time", "event-id", "internal-message-id")
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
