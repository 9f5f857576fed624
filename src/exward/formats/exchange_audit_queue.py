"""Exchange's audit queue (`LocalQueue\\Exchange\\audit…LOG`): admin audit entries on their way.

The only copy of the admin audit log on disk. CSV whose column `Data` is JSON: what it says stands
beside the columns under its own names, or as `Data.<Name>` if a column of that name says otherwise.
The time is `Timestamp` (UTC); `CreationTime` in `Data` may be local. Record type 1 is a cmdlet and
has the fields of `category: exchange_cmdlet`; 2 and 3 are mailbox audit entries and have those of
`service: mailbox-audit` (Microsoft Learn: "Office 365 Management Activity API schema", the same
layout). Positions are line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import orjson

from exward.formats import (
    audit_records,
    csv_rows,
    nested_values,
    record_batch,
    text_encoding,
    windows_fields,
)
from exward.formats.csv_rows import Row
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import EventType, Fields, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-audit-queue"
TITLE = "Exchange audit queue"
TYPE = EventType("exchange.audit-queue")

COLUMNS = [
    "Timestamp",
    "Server",
    "TenantId",
    "RecordType",
    "Data",
    "UserKey",
    "RecordId",
    "Operation",
    "Workload",
    "ResultStatus",
    "Version",
    "Scope",
]
_CMDLET, _ITEMS = "1", frozenset({"2", "3"})
_SUCCEEDED = {
    "true": "true",
    "success": "true",
    "succeeded": "true",
    "false": "false",
    "failed": "false",
}
_APART = frozenset({"Parameters", "ModifiedProperties"})
_LOG_TYPE = re.compile(rb"^#Log-type:\s*audit\s*$", re.IGNORECASE | re.MULTILINE)
_PROCESS = re.compile(r"\((\w[\w#.-]{0,99})\)\s*$")
_NO_JSON = "rows have no readable JSON in Data: only their columns were read"


def recognises(head: bytes) -> bool:
    """Say whether the log's type or its columns are those of the audit queue."""
    text = text_encoding.utf8_head(head)
    lines = b"\n".join(text.split(b"\n", 8)[:8])
    if lines.startswith(b"#") and _LOG_TYPE.search(lines) is not None:
        return True
    header = csv_rows.header_of(lines)
    return header is not None and {"RecordType", "Data", "Operation"} <= set(header[1])


def parts(source: Source, workers: int) -> int:
    """Read in one piece: Exchange begins a new file before one grows large."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "rows do not fit the header")
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        rows = csv_rows.rows(blocks, ",", COLUMNS)
        steps = ((_records(row, losses), row.size_bytes) for row in rows)
        yield from record_batch.batches(source.path, steps, losses)


def _records(row: Row, losses: Losses) -> Iterator[Record]:
    if row.values is None:
        losses.broken(row.number, row.reason)
        return
    fields: Fields = {name: value for name, value in row.values.items() if value}
    data = _data(row, losses)
    nested: Fields = {}
    nested_values.add(nested, "", {name: data[name] for name in data if name not in _APART})
    for name, value in nested.items():
        if name not in fields:
            fields[name] = value
        elif str(fields[name]) != str(value):
            fields[f"Data.{name}"] = value
    kind = str(fields.get("RecordType", ""))
    if kind == _CMDLET:
        _add_cmdlet(fields, data)
    elif kind in _ITEMS:
        _add_mailbox_access(fields)
    time = windows_fields.parse_time(str(fields.get("Timestamp", "")))
    server = str(fields.get("Server") or "")
    yield Record(orjson.dumps(fields).decode(), TYPE, time, row.number, server)


def _data(row: Row, losses: Losses) -> Mapping[str, object]:
    text = (row.values or {}).get("Data", "")
    try:
        decoded = orjson.loads(text) if text else {}
    except ValueError:
        decoded = None
    if not isinstance(decoded, dict):
        losses.incomplete(row.number, _NO_JSON)
        return {}
    return decoded


def _add_cmdlet(fields: Fields, data: Mapping[str, object]) -> None:
    """Fields of a cmdlet; `Caller` as written, `NT AUTHORITY\\SYSTEM (MSExchangeHMHost)`."""
    caller = fields.get("UserId", fields.get("UserKey"))
    named = {
        "Cmdlet": fields.get("Operation"),
        "Caller": caller,
        "ObjectModified": fields.get("ObjectId"),
        "Succeeded": _SUCCEEDED.get(str(fields.get("ResultStatus", "")).lower()),
    }
    process = _PROCESS.search(str(caller or ""))
    if process is not None:
        named["Process"] = process[1]
    for name, value in named.items():
        if value is not None:
            fields.setdefault(name, value)
    parameters = audit_records.parameters_of(data.get("Parameters"))
    audit_records.add_cmdlet_parameters(fields, parameters.values)
    changed = audit_records.parameters_of(data.get("ModifiedProperties"))
    for name, text in changed.values.items():
        fields.setdefault(f"ModifiedProperty.{name}", text)


def _add_mailbox_access(fields: Fields) -> None:
    """Names of `Search-MailboxAuditLog` for what is named otherwise here."""
    audit_records.name_logon_type(fields)
    for name, others in (
        ("FolderPathName", ("Item.ParentFolder.Path", "Folder.Path")),
        ("ItemSubject", ("Item.Subject", "AffectedItems.Subject")),
        ("OperationResult", ("ResultStatus",)),
    ):
        value = next((fields[one] for one in others if fields.get(one) is not None), None)
        if value is not None:
            fields.setdefault(name, value)
