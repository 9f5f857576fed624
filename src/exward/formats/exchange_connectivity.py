"""Connectivity logs of the transport service: outgoing sessions."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-connectivity"
TITLE = "Exchange connectivity log"

LAYOUT = Layout(EventType("exchange.connectivity"))

recognises = exchange_csv.recogniser(
    ("transport connectivity log",), ("date-time", "session", "description")
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
