"""Rps_AuthZ logs: who was let into a remote PowerShell session."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-rps-authz"
TITLE = "Exchange remote PowerShell authorisation log"

LAYOUT = Layout(EventType("exchange.rps-authz"))

recognises = exchange_csv.recogniser(("rps authz logs",))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
