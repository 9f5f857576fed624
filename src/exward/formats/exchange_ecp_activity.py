"""ECP Activity logs: one row for each activity in the admin centre, by user (`PSA`)."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.formats.exchange_ecp import add_event_data
from exward.model.records import EventType

NAME = "exchange-ecp-activity"
TITLE = "Exchange ECP Activity log"

LAYOUT = Layout(EventType("exchange.ecp-activity"), add=add_event_data)

recognises = exchange_csv.recogniser(("ecp activity context log",))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
