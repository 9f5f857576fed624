"""SMTP send logs: each line of the protocol.

A connector's name begins with the server's: `EX01\\Default Frontend EX01`.
"""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.formats.exchange_smtp import ADDED, add_client, server_of_connector
from exward.model.records import EventType

NAME = "exchange-smtp-send"
TITLE = "Exchange SMTP send log"

LAYOUT = Layout(
    EventType("exchange.smtp-send"),
    servers=("connector-id",),
    server_of=server_of_connector,
    add=add_client,
    added=ADDED,
)

recognises = exchange_csv.recogniser(("smtp send protocol log",))
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
