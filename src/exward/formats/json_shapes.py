"""The shapes in which tools export Windows events as JSON.

Each shape is one function from a decoded object to an event in the shape of the XML
(`{"System": {…}, "EventData": {…}}`, see windows_fields.py), or None if the object is none of its
own. `SHAPES` lists them, the most particular first; a new one is one more entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from exward.formats import powershell_events

Event = dict[str, object]
Json = Mapping[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PS_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_MAX_WRAPPERS = 4


class Shape(NamedTuple):
    """One tool's way to write an event; `telltale` texts all stand in each of its objects."""

    name: str
    telltale: tuple[bytes, ...]
    convert: Callable[[Json], Event | None]


def event_of(record: object) -> Event | None:
    """Bring one decoded object into the shape of the XML; None if it is no Windows event."""
    if not isinstance(record, dict):
        return None
    for shape in SHAPES:
        event = shape.convert(record)
        if event is not None:
            return event
    return None


def records_of(decoded: object) -> Iterator[object]:
    """Take records out of what is wrapped around them: arrays, search results, envelopes."""
    yield from _unwrapped(decoded, _MAX_WRAPPERS)


def _unwrapped(value: object, depth: int) -> Iterator[object]:
    if isinstance(value, list) and depth:
        for one in value:
            yield from _unwrapped(one, depth - 1)
        return
    inner = _inner(value) if isinstance(value, dict) and depth else None
    if inner is None:
        yield value
    else:
        yield from _unwrapped(inner, depth - 1)


def _inner(record: Json) -> object | None:
    """What an envelope holds: Elasticsearch hit or result, PowerShell list, parser's record."""
    source: object = record.get("_source")
    if isinstance(source, dict):
        return source
    hits = record.get("hits")
    found: object = hits.get("hits") if isinstance(hits, dict) else None
    if isinstance(found, list):
        return found
    values = record.get("value")
    if isinstance(values, list) and "Count" in record:
        return values
    data = record.get("data")
    if isinstance(data, str) and '"System"' in data:
        try:
            data = orjson.loads(data)
        except ValueError:
            return None
    return data if isinstance(data, dict) and ("Event" in data or "System" in data) else None


def _dump(record: Json) -> Event | None:
    """evtx_dump, Chainsaw and others that follow the XML: everything below `Event`."""
    event = record.get("Event")
    return _xml_like(event) if isinstance(event, dict) else None


def _xml_like(record: Json) -> Event | None:
    """Velociraptor, and dumps without `Event` around them."""
    system = record.get("System")
    if not isinstance(system, dict) or not system.keys() & {"EventID", "Provider", "EventRecordID"}:
        return None
    event: Event = {name: value for name, value in record.items() if name != "System"}
    event["System"] = _system_element(system)
    if "EventData" in record:
        event["EventData"] = _named_data(record["EventData"])
    return event


def _system_element(system: Json) -> Event:
    """Attributes under `#attributes`, however the tool writes them."""
    element: Event = {}
    for name, value in system.items():
        base = name.removesuffix("_attributes")
        if base != name and isinstance(value, dict):
            present = element.get(base, system.get(base))
            element[base] = {"#attributes": value, "#text": present}
        elif name not in element:
            element[name] = _attributed(name, value)
    return element


def _attributed(name: str, value: object) -> object:
    if not isinstance(value, dict) or "#attributes" in value:
        return value
    if name == "EventID":
        return value.get("#text", value.get("Value"))
    plain = {key.removeprefix("@"): one for key, one in value.items()}
    text = plain.pop("#text", None)
    if name == "TimeCreated":
        plain["SystemTime"] = _iso_time(plain.get("SystemTime"))
    return {"#attributes": plain, "#text": text}


def _named_data(data: object) -> object:
    """Event data as a map, also where the tool keeps a list of elements with a name."""
    elements = data.get("Data") if isinstance(data, dict) else data
    if isinstance(elements, dict) and _element_name(elements):
        elements = [elements]
    if not isinstance(elements, list) or not any(map(_element_name, elements)):
        return data
    rest = data if isinstance(data, dict) else {}
    named: Event = {name: value for name, value in rest.items() if name != "Data"}
    unnamed: list[object] = []
    for element in elements:
        name = _element_name(element)
        if name and isinstance(element, dict):
            named[name] = element.get("#text", element.get("Value", element.get("Text")))
        else:
            unnamed.append(element)
    if unnamed:
        named["Data"] = unnamed
    return named


def _element_name(element: object) -> str:
    if not isinstance(element, dict):
        return ""
    attributes = element.get("#attributes")
    name = attributes.get("Name") if isinstance(attributes, dict) else None
    name = name or element.get("@Name") or element.get("Name")
    return name if isinstance(name, str) else ""


def _winlogbeat(record: Json) -> Event | None:
    """Winlogbeat 7 and 8 (Elastic Common Schema), nested or with dotted names."""
    log = record.get("winlog")
    if not isinstance(log, dict):
        log = _nested(record, "winlog.")
    if "event_id" not in log and "event_data" not in log:
        return None
    rest = {
        name: value
        for name, value in record.items()
        if name != "winlog" and not name.startswith("winlog.") and name != "message"
    }
    event = _event(
        EventID=log.get("event_id"),
        Channel=log.get("channel"),
        Computer=log.get("computer_name") or _dig(record, "host", "name"),
        Provider=log.get("provider_name"),
        TimeCreated=_iso_time(record.get("@timestamp")),
        EventRecordID=log.get("record_id"),
        Task=log.get("task"),
        Opcode=log.get("opcode"),
        Version=log.get("version"),
        Keywords=log.get("keywords"),
        ProcessID=_dig(log, "process", "pid"),
        UserID=_dig(log, "user", "identifier"),
    )
    event["EventData"] = {"Message": record.get("message")} | _map(log.get("event_data"))
    if isinstance(log.get("user_data"), dict):
        event["UserData"] = {"user_data": log["user_data"]}
    return event | rest


def _winlogbeat_6(record: Json) -> Event | None:
    """Winlogbeat 5 and 6: the same without `winlog`."""
    if not {"event_id", "log_name"} <= record.keys():
        return None
    known = {"event_id", "log_name", "computer_name", "source_name", "event_data", "user_data"}
    event = _event(
        EventID=record["event_id"],
        Channel=record["log_name"],
        Computer=record.get("computer_name"),
        Provider=record.get("source_name"),
        TimeCreated=_iso_time(record.get("@timestamp")),
        EventRecordID=record.get("record_number"),
    )
    data = _map(record.get("event_data")) | _map(record.get("user_data"))
    rest = {name: value for name, value in record.items() if name not in known}
    event["EventData"] = rest | _nested(record, "event_data.") | data
    return event


def _powershell(record: Json) -> Event | None:
    """`Get-WinEvent | ConvertTo-Json` of Windows PowerShell 5.1 and PowerShell 7."""
    if not {"Id", "LogName", "ProviderName"} <= record.keys():
        return None
    channel, number = str(record["LogName"]), record["Id"]
    properties = record.get("Properties")
    values = [
        one.get("Value") if isinstance(one, dict) else one
        for one in (properties if isinstance(properties, list) else [])
    ]
    message = record.get("Message")
    user = record.get("UserId")
    event = _event(
        EventID=number,
        Channel=channel,
        Computer=record.get("MachineName"),
        Provider=record["ProviderName"],
        TimeCreated=_iso_time(record.get("TimeCreated")),
        EventRecordID=record.get("RecordId"),
        Level=record.get("Level"),
        Task=record.get("Task"),
        Opcode=record.get("Opcode"),
        Version=record.get("Version"),
        Keywords=record.get("Keywords"),
        ProcessID=record.get("ProcessId"),
        ThreadID=record.get("ThreadId"),
        UserID=user.get("Value") if isinstance(user, dict) else user,
        ActivityID=record.get("ActivityId"),
    )
    text = message if isinstance(message, str) else ""
    event_id = number if isinstance(number, int) else -1
    named = powershell_events.named_values(channel, event_id, values, text)
    event["EventData"] = {"Message": message} | named
    return event


def _evtxecmd(record: Json) -> Event | None:
    """EvtxECmd: columns of its own, the event's data as JSON text in `Payload`."""
    if not {"EventId", "Channel", "Provider"} <= record.keys():
        return None
    known = {"EventId", "Channel", "Computer", "Provider", "TimeCreated", "Level", "Keywords"}
    event = _event(
        EventID=record["EventId"],
        Channel=record["Channel"],
        Computer=record.get("Computer"),
        Provider=record["Provider"],
        TimeCreated=_iso_time(record.get("TimeCreated")),
        EventRecordID=record.get("EventRecordId", record.get("RecordNumber")),
        Level=record.get("Level"),
        Keywords=record.get("Keywords"),
        ProcessID=record.get("ProcessId"),
        ThreadID=record.get("ThreadId"),
        UserID=record.get("UserId"),
    )
    rest = {name: value for name, value in record.items() if name not in known | {"Payload"}}
    payload = record.get("Payload")
    try:
        decoded = _map(orjson.loads(payload)) if isinstance(payload, str) else _map(payload)
    except ValueError:
        decoded, rest["Payload"] = {}, payload
    event |= {name: value for name, value in decoded.items() if name != "System"}
    event["EventData"] = _named_data(decoded.get("EventData"))
    return event | {"EvtxECmd": rest}


def _log_analytics(record: Json) -> Event | None:
    """Azure Monitor's and Sentinel's table SecurityEvent, which holds the Security log alone.

    Columns: Microsoft Learn, Azure Monitor Logs reference, SecurityEvent. Times are UTC.
    """
    if not {"EventID", "TimeGenerated", "Computer"} <= record.keys() or "EventLog" in record:
        return None
    if not isinstance(record["EventID"], int):
        return None
    event = _event(
        EventID=record["EventID"],
        Channel=record.get("Channel") or "Security",
        Computer=record["Computer"],
        Provider=record.get("EventSourceName") or "Microsoft-Windows-Security-Auditing",
        TimeCreated=_iso_time(record["TimeGenerated"]),
        EventRecordID=record.get("EventRecordId"),
    )
    taken = {"EventID", "Channel", "Computer", "TimeGenerated", "EventRecordId"}
    event["EventData"] = {name: value for name, value in record.items() if name not in taken}
    return event


_FLAT_COMPUTER = ("Hostname", "Computer", "ComputerName", "host", "hostname")
_FLAT_PROVIDER = ("SourceName", "ProviderName", "Provider_Name", "Provider", "source_name")
_FLAT_TIME = ("@timestamp", "EventTime", "TimeCreated", "UtcTime")
_FLAT_RECORD = ("EventRecordID", "RecordNumber", "RecordID")


def _flat(record: Json) -> Event | None:
    """NXLog, Security-Datasets and others: all fields side by side."""
    if "EventID" not in record or isinstance(record["EventID"], dict):
        return None
    computer, provider = _first(record, _FLAT_COMPUTER), _first(record, _FLAT_PROVIDER)
    if computer is None or (provider is None and "Channel" not in record):
        return None
    event = _event(
        EventID=record["EventID"],
        Channel=record.get("Channel"),
        Computer=computer,
        Provider=provider,
        TimeCreated=_iso_time(_first(record, _FLAT_TIME)),
        EventRecordID=_first(record, _FLAT_RECORD),
    )
    taken = {"EventID", "Channel", "Computer", "Provider_Name", "TimeCreated", "EventRecordID"}
    event["EventData"] = {name: value for name, value in record.items() if name not in taken}
    return event


def _event(**system: object) -> Event:
    """An event with this System section; absent values are left out."""
    present: Event = {name: value for name, value in system.items() if value is not None}
    execution = {name: present.pop(name) for name in ("ProcessID", "ThreadID") if name in present}
    security = {name: present.pop(name) for name in ("UserID",) if name in present}
    correlation = {name: present.pop(name) for name in ("ActivityID",) if name in present}
    present["Provider"] = {"#attributes": {"Name": present.get("Provider", "")}}
    present["Execution"] = {"#attributes": execution}
    present["Security"] = {"#attributes": security}
    present["Correlation"] = {"#attributes": correlation}
    return {"System": present}


def _map(value: object) -> Event:
    return dict(value) if isinstance(value, dict) else {}


def _nested(record: Json, prefix: str) -> Event:
    """Entries with dotted names below `prefix` as nested maps (`event_data` two levels deep)."""
    nested: Event = {}
    for name, value in record.items():
        if not name.startswith(prefix):
            continue
        first, _, rest = name.removeprefix(prefix).partition(".")
        if rest:
            inner = nested.setdefault(first, {})
            if isinstance(inner, dict):
                inner[rest] = value
        else:
            nested[first] = value
    return nested


def _dig(record: Json, first: str, second: str) -> object:
    inner = record.get(first)
    return inner.get(second) if isinstance(inner, dict) else record.get(f"{first}.{second}")


def _first(record: Json, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if isinstance(record.get(name), str | int)), None)


def _iso_time(value: object) -> object:
    """A time as ISO 8601 in UTC: from `/Date(ms)/`, epoch seconds, or text as it is."""
    if isinstance(value, dict):
        value = value.get("value", value.get("DateTime"))
    if isinstance(value, str):
        found = _PS_DATE.search(value)
        return value if found is None else _from_epoch_ms(int(found[1]))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch_ms(round(value * 1000, 3))
    return value


def _from_epoch_ms(milliseconds: float) -> str | None:
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError):
        return None
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


SHAPES: tuple[Shape, ...] = (
    Shape("evtx_dump", (b'"Event"', b'"System"', b'"Provider'), _dump),
    Shape("velociraptor", (b'"System"', b'"EventRecordID"', b'"Provider"'), _xml_like),
    Shape("winlogbeat", (b"winlog", b"event_id"), _winlogbeat),
    Shape("winlogbeat-6", (b'"log_name"', b'"event_id"'), _winlogbeat_6),
    Shape("get-winevent", (b'"LogName"', b'"ProviderName"', b'"Id"'), _powershell),
    Shape("evtxecmd", (b'"EventId"', b'"Channel"', b'"Provider"'), _evtxecmd),
    Shape("log-analytics", (b'"EventID"', b'"TimeGenerated"', b'"Computer"'), _log_analytics),
    Shape("flat", (b'"EventID"', b'"Channel"', b'"SourceName"'), _flat),
)
