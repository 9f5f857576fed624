"""A Windows event in the shape of its XML as a record of flat fields (see windows_fields.py)."""

from __future__ import annotations

import orjson

from exward.formats import windows_fields
from exward.formats.record_batch import Record


def record(event: dict[str, object], number: int) -> Record:
    """Make the record; its position is the EventRecordID, else `number`.

    Raises ValueError or TypeError if the event cannot be written as fields.
    """
    fields = windows_fields.flatten(event)
    record_id = fields.get("EventRecordID")
    if isinstance(record_id, str) and record_id.isascii() and record_id.isdecimal():
        record_id = int(record_id[:18])
    return Record(
        orjson.dumps(fields).decode(),
        windows_fields.event_type(event),
        fields.get("TimeCreated"),
        record_id if isinstance(record_id, int) else number,
        str(fields["Computer"]),
    )
