"""MAPI over HTTP logs of the back end."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-mapihttp"
TITLE = "Exchange MAPI over HTTP log"

LAYOUT = Layout(EventType("exchange.mapihttp"))

recognises = exchange_csv.recogniser(
    ("mapihttp logs", "mapihttp log", "mapi http logs"), ("DateTime", "MapiRequestId")
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
