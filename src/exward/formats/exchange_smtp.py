"""What the two SMTP protocol logs share."""

from __future__ import annotations

from exward.formats.exchange_csv_batch import Values
from exward.model.records import Fields

ADDED = (frozenset({"c-ip"}), ("remote-endpoint",))
"""What `add_client` adds, and the column that it is made of."""


def add_client(fields: Fields, values: Values) -> None:
    """Add the address of the other side without its port."""
    address = values.get("remote-endpoint", "").rpartition(":")[0].strip("[]")
    if address:
        fields["c-ip"] = address


def server_of_connector(connector: str) -> str:
    """`EX01` of the receive connector `EX01\\Default Frontend EX01`; "" for a send connector."""
    server, found, _ = connector.partition("\\")
    return server if found else ""
