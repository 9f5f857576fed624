"""What the ECP logs share: EventData holds `S:KEY=value` pairs, separated by semicolons.

Values may hold semicolons, quotation marks and commas themselves (a script in a virtual directory's
URL does), so a pair ends only where the next one begins.
"""

from __future__ import annotations

import re

from exward.formats.exchange_csv_batch import Values
from exward.model.records import Fields

_PAIR = re.compile(r"(?:^|;)(?:S|Dbl|I32|F):([A-Z][A-Za-z]{0,40})=")
MAX_PAIRS = 200


def add_event_data(fields: Fields, values: Values) -> None:
    """Add each key of EventData as a field, unless a column has its name."""
    text = values.get("EventData", "")
    found = list(_PAIR.finditer(text))[:MAX_PAIRS]
    ends = [pair.start() for pair in found[1:]] + [len(text)] * bool(found)
    for pair, end in zip(found, ends, strict=True):
        if value := text[pair.end() : end]:
            fields.setdefault(pair[1], value)
