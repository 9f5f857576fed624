"""Rps_Http logs: the HTTP requests of remote PowerShell sessions."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-rps-http"
TITLE = "Exchange remote PowerShell session log"

LAYOUT = Layout(EventType("exchange.rps-http"))

recognises = exchange_csv.recogniser(("rps http logs",), ("DateTime", "ShellId", "CommandName"))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
