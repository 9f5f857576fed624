"""EWS logs of the back end: one row for each SOAP request."""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-ews"
TITLE = "Exchange EWS log"

LAYOUT = Layout(EventType("exchange.ews"))

recognises = exchange_csv.recogniser(
    ("ews logs", "ews log"), ("DateTime", "SoapAction", "ImpersonatedUser")
)
parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
