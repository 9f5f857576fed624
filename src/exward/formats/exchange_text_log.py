"""Every other text log of Exchange: its columns are learnt from its own header, none is dropped.

The registry asks formats in the order of their names; the logs with a module of their own are
called `exchange_…` with a name before this one.
"""

from __future__ import annotations

from exward.formats import exchange_csv
from exward.formats.exchange_csv_batch import Layout
from exward.model.records import EventType

NAME = "exchange-text-log"
TITLE = "Exchange text log of another kind"

LAYOUT = Layout(EventType("exchange.other"))


def recognises(head: bytes) -> bool:
    """Say whether a file that starts so is a log of Exchange."""
    header = exchange_csv.header_of(head)
    return len(header.columns) > 1 and (header.is_exchange or bool(header.log_type))


parts = exchange_csv.parts
read = exchange_csv.reader(LAYOUT)
