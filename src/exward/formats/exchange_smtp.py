"""What the two SMTP protocol logs share."""

from __future__ import annotations


def server_of_connector(connector: str) -> str:
    """`EX01` of the receive connector `EX01\\Default Frontend EX01`; "" for a send connector."""
    server, found, _ = connector.partition("\\")
    return server if found else ""
