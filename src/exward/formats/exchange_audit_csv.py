"""Audit logs as `Search-AdminAuditLog | Export-Csv` and the like write them.

Also the report of Microsoft's Get-SimpleAuditLogReport.ps1, which has the whole command.

`Export-Csv` writes the type's name where an entry has a list: the parameters' values are lost then,
which is said once. Positions are line numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import audit_records, csv_rows, record_batch, text_encoding
from exward.formats.csv_rows import Row
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-audit-csv"
TITLE = "Exchange audit log as CSV"


def recognises(head: bytes) -> bool:
    """Say whether the columns are those of an audit log."""
    text = text_encoding.utf8_head(head)
    if b"Cmdlet" not in text and b"LogonType" not in text:
        return False
    header = csv_rows.header_of(text)
    return header is not None and audit_records.kind_of(dict.fromkeys(header[1])) is not None


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a search gives some thousand entries at most."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries in file order; see `interface.Format`."""
    del part
    header = csv_rows.header_of(text_encoding.utf8_head(source.head))
    if header is None:
        return
    losses = Losses(source.path, "rows do not fit the header")
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        steps = ((_records(row, losses), row.size_bytes) for row in csv_rows.rows(blocks, *header))
        yield from record_batch.batches(source.path, steps, losses)


def _records(row: Row, losses: Losses) -> Iterator[Record]:
    if row.values is None:
        losses.broken(row.number, row.reason)
        return
    entry = {name: value for name, value in row.values.items() if value or name in _TELLING}
    yield from audit_records.records([(row.number, entry)], losses)


_TELLING = frozenset(
    {"CmdletName", "Cmdlet", "Caller", "Operation", "LogonType", "MailboxGuid", "MailboxOwnerUPN"}
)
"""Columns that make a row an entry, empty or not."""
