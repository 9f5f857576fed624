"""Names for the values of MSExchange Management events, Exchange's log of cmdlets.

The log's provider has no manifest that names them: 27 values by position (seen in logs of 2013 to
2019). Exports keep them as 27 elements, as `<string>` items in one, as `param1` … `param27`
(Winlogbeat), glued by commas or line ends into one text, or only in the message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from exward.formats.cmdlet_parameters import add_parameters, parse_parameters
from exward.model.records import Fields

CHANNEL = "msexchange management"
COUNT = 27

_NAMES = {
    0: "Cmdlet",
    1: "Parameters",
    2: "Caller",
    3: "CallerSid",
    5: "ClientApplication",
    8: "ThreadId",
    9: "Duration",
    10: "ServerSettings",
    11: "Error",
    14: "ErrorCategory",
    19: "ProxyInformation",
    23: "ActivityId",
    24: "Plan",
    26: "Culture",
}
_PROCESS = 6
_SUCCEEDED = {1: "true", 6: "false", 8: "false"}
"""Event 8 is a cmdlet that failed with an unhandled error."""

_PID = re.compile(r"(\d{1,10}) +(?=\S)")
_SIDS = re.compile(r"(, ?|\r?\n)(S-1-[0-9-]{3,180})\1\2(?:\1|\Z)")
_GLUED_CMDLET = re.compile(r"([A-Z][A-Za-z]{1,40}-[A-Za-z0-9]{1,80})(, ?|\r?\n|\Z)")
_SETTINGS = re.compile(r"(?:[A-Z][A-Za-z ]{1,60}: '[^']{0,2000}',? ?)*")
_MESSAGE = re.compile(r"Cmdlet ([A-Z][A-Za-z]{1,40}-[A-Za-z0-9]{1,80}), parameters (.*)", re.DOTALL)


def add_cmdlet_fields(fields: Fields) -> None:
    """Add the names to an event's fields; values stay under `Data[n]`, too."""
    values = _values(fields)
    for position, name in _NAMES.items():
        if position < len(values) and values[position]:
            fields.setdefault(name, values[position])
    if len(values) > _PROCESS and values[_PROCESS]:
        text = values[_PROCESS]
        pid = _PID.match(text)
        fields.setdefault("Process", text if pid is None else text[pid.end() :])
        if pid is not None:
            fields.setdefault("ProcessId", pid[1])
    event_id = fields.get("EventID")
    if isinstance(event_id, int) and event_id in _SUCCEEDED:
        fields.setdefault("Succeeded", _SUCCEEDED[event_id])
    if isinstance(parameters := fields.get("Parameters"), str):
        add_parameters(fields, parse_parameters(parameters))


def _values(fields: Fields) -> Sequence[str]:
    data = fields.get("Data")
    if isinstance(data, list) and len(data) > 1:
        return [str(one) for one in data]
    if isinstance(data, list) and data and data[0]:
        values = _unglued(str(data[0]))
        for index, value in enumerate(values):
            fields[f"Data[{index}]"] = value
        return values
    if "param1" in fields:
        return [str(fields.get(f"param{number}") or "") for number in range(1, COUNT + 1)]
    message = _MESSAGE.search(str(fields.get("Message") or ""))
    return () if message is None else (message[1], message[2].strip().removesuffix("."))


def _unglued(text: str) -> list[str]:
    """Cut a text that holds all values; only the first, if nothing tells where to cut."""
    for glue in ("\r\n", "\n", ", ", ","):
        if len(values := text.split(glue)) == COUNT:
            return values
    sids = _SIDS.search(text)
    if sids is None:
        return _first_values(text, "")
    glue = sids[1]
    values = [*_first_values(text[: sids.start()], glue), sids[2], sids[2]]
    *following, last = text[sids.end() :].split(glue, 5)
    settings = _SETTINGS.match(last) if len(following) == 5 else None
    if settings is None:
        return [*values, *following, last]
    return [*values, *following, settings[0].rstrip(", "), last[settings.end() :].strip()]


def _first_values(text: str, glue: str) -> list[str]:
    """Cmdlet, parameters and caller; parameters end with a quotation mark."""
    cmdlet = _GLUED_CMDLET.match(text)
    if cmdlet is None:
        return [text, "", ""]
    rest = text[cmdlet.end() :]
    glue = glue or cmdlet[2]
    end = rest.rfind(f'"{glue}')
    if end >= 0:
        return [cmdlet[1], rest[: end + 1], rest[end + 1 + len(glue) :]]
    parameters, _, caller = rest.rpartition(glue) if glue else (rest, "", "")
    return [cmdlet[1], parameters, caller]
