"""Logs of the offline address book generator; the telling part is free text."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-oabgenerator"
TITLE = "Exchange OAB generator log"

LAYOUT = Layout(EventType("exchange.oabgenerator"))

recognises = exchange_csv.recogniser(
    (
        "oabgeneratorlog",
        "oab generator log",
        "oabgenerator log",
        "oabgeneratorsimplelog",
        "oab generator logs",
    )
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
