"""Changing tables of facts: rows are plain objects while they are changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from exward.posture.facts import check_table


@dataclass(slots=True)
class Editable:
    """A table: `head` are its own members, `rows` may be changed."""

    name: str
    head: dict[str, Any]
    rows: list[dict[str, Any]]

    def encoded(self) -> bytes:
        """The table as JSON."""
        return orjson.dumps({**self.head, "rows": self.rows}, option=orjson.OPT_INDENT_2)


@contextmanager
def edited(tables: dict[str, bytes], name: str) -> Iterator[Editable]:
    """Give a table for changing; what comes out is checked, ContentError if it is none any more."""
    document = orjson.loads(tables[name])
    rows = document.pop("rows")
    table = Editable(name, document, rows)
    yield table
    check_table(name, table.encoded(), name)
