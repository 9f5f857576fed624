"""Agent logs: what anti-spam and other transport agents did with a message."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-agent"
TITLE = "Exchange transport agent log"

LAYOUT = Layout(EventType("exchange.agent"))

recognises = exchange_csv.recogniser(("agent log",), ("Timestamp", "Agent", "P1FromAddress"))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
