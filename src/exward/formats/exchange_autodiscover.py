"""Autodiscover logs of the back end."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-autodiscover"
TITLE = "Exchange Autodiscover log"

LAYOUT = Layout(EventType("exchange.autodiscover"))

recognises = exchange_csv.recogniser(("autodiscover logs", "autodiscover log", "autod logs"))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
