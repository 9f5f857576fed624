"""A Windows event as flat fields under the Sigma taxonomy's names.

Input is an event in the shape of its XML: `{"System": {…}, "EventData": {…}}`, attributes under
`#attributes`, text beside attributes under `#text`. Readers of other shapes bring them into this
one first.

Fields that do not stand in the event's text as such:
- `Channel`, where the event has none and its provider writes to one channel only;
- `Data[0]`, `Data[1]`, …: values without a name by position, `Data` being all of them. A single
  value made of `<string>` items is cut into these;
- Defender's names without their blanks (`NewValue`), beside its own (`New Value`);
- the values of Exchange's cmdlet log under names of ours (exchange_management.py);
- a dotted name joins the names of nested elements; the innermost name alone is given, too, if free.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import unescape

import orjson

from exward.formats import exchange_management
from exward.model.records import EventType, Fields

LOG = "windows"
MAX_NAME_CHARS = 1_000
MAX_DEPTH = 32
"""Elements nested deeper are kept as their JSON text."""

CHANNEL_OF_PROVIDER = {
    # Providers whose manifest names one channel (wevtutil gp, Windows Server 2019).
    "microsoft-windows-sysmon": "Microsoft-Windows-Sysmon/Operational",
    "microsoft-windows-security-auditing": "Security",
    "microsoft-windows-powershell": "Microsoft-Windows-PowerShell/Operational",
    "microsoft-windows-windows defender": "Microsoft-Windows-Windows Defender/Operational",
    "microsoft-windows-wmi-activity": "Microsoft-Windows-WMI-Activity/Operational",
    "microsoft-windows-taskscheduler": "Microsoft-Windows-TaskScheduler/Operational",
    "microsoft-windows-bits-client": "Microsoft-Windows-Bits-Client/Operational",
    "microsoft-windows-winrm": "Microsoft-Windows-WinRM/Operational",
    "microsoft-windows-ntlm": "Microsoft-Windows-NTLM/Operational",
    "microsoft-windows-dns-client": "Microsoft-Windows-DNS-Client/Operational",
    "microsoft-windows-iis-configuration": "Microsoft-Windows-IIS-Configuration/Operational",
    # Classic sources by the log they are registered in.
    "powershell": "Windows PowerShell",
    "service control manager": "System",
    "msexchange cmdletlogs": "MSExchange Management",
}

_ENVELOPE = frozenset({"EventID", "Channel", "Computer", "Provider_Name"})
"""System names that an event's own data cannot take."""

_DEFENDER = "Microsoft-Windows-Windows Defender"
"""Names its data `New Value`, `Threat Name`; Sigma's taxonomy leaves the blanks out."""
_PLAIN = frozenset({str, int})
"""Types of nearly all values; these need no further look."""
_ATTRIBUTED = frozenset({"Execution", "Security", "Correlation"})
_NAMED = ("Channel", "Computer", "Provider_Name")
_SPECIAL = frozenset({"Data", "#text", "#attributes"})
_SECTIONS = frozenset({"System", "EventData", "UserData", "#attributes", "xmlns"})

_STRING_ITEM = re.compile(r"<string>(.*?)</string>", re.DOTALL)
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_NUMBER = re.compile(r"[0-9]{1,9}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def flatten(event: object) -> Fields:
    """Give the fields of one event; raises ValueError if it is no Windows event at all."""
    if not isinstance(event, dict) or not isinstance(event.get("System"), dict):
        raise ValueError("no System section in this event")
    data: Fields = {}
    _add_section(data, "EventData", event.get("EventData"))
    _add_section(data, "UserData", _below_first_level(event.get("UserData")))
    system = event["System"]
    fields = _joined(_usual_system(system) or _system_fields(system), data)
    others: Fields = {}
    for name, section in event.items():
        if name not in _SECTIONS and section is not None:
            _add(fields, name, section, 0)
            _add_leaf_names(others, section, 0)
    for name, value in others.items():
        fields.setdefault(name, value)
    if fields["Provider_Name"] == _DEFENDER:
        for name in [name for name in fields if " " in name]:
            fields.setdefault(name.replace(" ", ""), fields[name])
    elif str(fields["Channel"]).lower() == exchange_management.CHANNEL:
        exchange_management.add_cmdlet_fields(fields)
    return fields


def event_type(event: object) -> EventType:
    """Give channel, id and provider; empty and -1 where the event lacks them."""
    system = event.get("System") if isinstance(event, dict) else None
    if not isinstance(system, dict):
        return EventType(LOG)
    provider, channel = _provider_name(system), _text(system.get("Channel"))
    event_id = _text(system.get("EventID"))
    number = int(event_id) if _NUMBER.fullmatch(event_id) else -1
    return EventType(LOG, channel or channel_of(provider), number, provider)


def channel_of(provider: str) -> str:
    """Give the channel a provider writes to; "" where that is not certain."""
    return CHANNEL_OF_PROVIDER.get(provider.lower(), "")


def parse_time(text: str) -> int | None:
    """µs since 1970-01-01 UTC of an ISO 8601 time; one without offset is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND


def _joined(system: Fields, data: Fields) -> Fields:
    """Merge both; the loser of a name clash is kept under its section's name."""
    fields = system
    if fields.keys().isdisjoint(data):
        fields.update(data)
        return fields
    for name, value in data.items():
        if name not in fields:
            fields[name] = value
        elif name in _ENVELOPE:
            fields[f"EventData.{name}"] = value
        else:
            fields[f"System.{name}"] = fields[name]
            fields[name] = value
    return fields


def _usual_system(system: Mapping[str, object]) -> Fields | None:
    """What `_system_fields` gives, quickly, for the form in which nearly all events come."""
    fields: Fields = {"EventID": None, "Channel": "", "Computer": "", "Provider_Name": ""}
    for name, value in system.items():
        if value.__class__ in _PLAIN:
            fields[name] = value
            continue
        if value is None:
            continue
        if not isinstance(value, dict) or len(value) != 1:
            return None
        if not _took_attributes(fields, name, value.get("#attributes")):
            return None
    numbered = fields["EventID"].__class__ is int
    usual = fields["Channel"] and all(fields[name].__class__ is str for name in _NAMED)
    return fields if numbered and usual else None


def _took_attributes(fields: Fields, name: str, attributes: object) -> bool:
    """Add what an element says in plain attributes alone; False if it is no usual element."""
    if not isinstance(attributes, dict) or not _PLAIN.issuperset(map(type, attributes.values())):
        return False
    if name == "Provider":
        for key, one in attributes.items():
            fields["Provider_" + key] = one
    elif name == "TimeCreated" and attributes.keys() == {"SystemTime"}:
        fields["TimeCreated"] = attributes["SystemTime"]
    elif name in _ATTRIBUTED and fields.keys().isdisjoint(attributes):
        fields.update(attributes)
    else:
        return False
    return True


def _system_fields(system: Mapping[str, object]) -> Fields:
    fields: Fields = {
        "EventID": _event_id(system.get("EventID")),
        "Channel": "",
        "Computer": _text(system.get("Computer")),
        "Provider_Name": _provider_name(system),
    }
    fields["Channel"] = _text(system.get("Channel")) or channel_of(str(fields["Provider_Name"]))
    for name, value in system.items():
        if value.__class__ in _PLAIN and name not in _ENVELOPE:
            fields[name] = value
        elif name == "Provider":
            _add_attributes(fields, value, "Provider_")
        elif name in _ATTRIBUTED:
            _add_attributes(fields, value, "")
        elif name == "TimeCreated":
            fields["TimeCreated"] = _time_text(value)
        elif name == "EventID":
            _add_attributes(fields, value, "EventID_")
        elif name not in fields:
            _add(fields, name, value, 0)
    return fields


def _add_attributes(fields: Fields, element: object, prefix: str) -> None:
    if isinstance(element, dict):
        for name, value in _attributes(element).items():
            fields.setdefault(prefix + name, _scalar(value))


def _attributes(element: Mapping[str, object]) -> Mapping[str, object]:
    attributes = element.get("#attributes")
    return attributes if isinstance(attributes, dict) else {}


def _provider_name(system: Mapping[str, object]) -> str:
    provider = system.get("Provider")
    if isinstance(provider, dict):
        return _text(_attributes(provider).get("Name"))
    return _text(provider)


def _event_id(value: object) -> object:
    text = _text(value)
    return int(text) if _NUMBER.fullmatch(text) else _scalar(value)


def _time_text(value: object) -> object:
    if isinstance(value, dict):
        return _scalar(_attributes(value).get("SystemTime"))
    return _scalar(value)


def _below_first_level(section: object) -> object:
    """UserData wraps its values in one element named by the provider."""
    if isinstance(section, dict):
        inner = [value for name, value in section.items() if name != "#attributes"]
        if len(inner) == 1 and isinstance(inner[0], dict):
            return inner[0]
    return section


def _add_section(fields: Fields, section: str, content: object) -> None:
    if not isinstance(content, dict):
        if content is not None:
            _add(fields, section, content, 0)
        return
    leaves: Fields = {}
    for name, value in content.items():
        if value.__class__ in _PLAIN and name not in _SPECIAL and name not in fields:
            fields[name] = value
        elif name == "#attributes":
            _add_named_attributes(fields, section, value)
        elif name == "Data":
            _add_unnamed(fields, value)
        elif name == "#text":
            fields.setdefault(section, _scalar(value))
        else:
            _add(fields, name, value, 0)
            _add_leaf_names(leaves, value, 0)
    for name, value in leaves.items():
        fields.setdefault(name, value)


def _add_leaf_names(leaves: Fields, value: object, depth: int) -> None:
    """Nested values under their innermost name alone; the first of each name."""
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for name, one in value.items():
            if isinstance(one, dict | list):
                _add_leaf_names(leaves, one, depth + 1)
            elif not name.startswith("#"):
                leaves.setdefault(name, one)


def _add_named_attributes(fields: Fields, element: str, attributes: object) -> None:
    if isinstance(attributes, dict):
        for name, value in attributes.items():
            if not name.startswith("xmlns"):
                fields.setdefault(f"{element}.{name}", _scalar(value))


def _add_unnamed(fields: Fields, value: object) -> None:
    """Values without a name: `Data` holds them in order, `Data[n]` each."""
    if isinstance(value, dict) and "#text" in value:
        name = _text(_attributes(value).get("Name"))
        if name:
            _add(fields, name, value["#text"], 0)
            return
        value = value["#text"]
    if isinstance(value, dict):
        _add(fields, "Data", value, 0)
        return
    values = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    if len(values) == 1:
        values = _string_items(values[0])
    fields["Data"] = values
    for index, text in enumerate(values):
        fields[f"Data[{index}]"] = text


def _string_items(text: str) -> list[str]:
    """Some writers put all values into one, as `<string>…</string>` items."""
    if text.lstrip().startswith("<string>"):
        return [unescape(item, _ENTITIES) for item in _STRING_ITEM.findall(text)] or [text]
    return [text]


def _add(fields: Fields, name: str, value: object, depth: int) -> None:
    """Add one element: a value as it is, nested elements under dotted names."""
    if not isinstance(value, dict | list):
        _append(fields, name, value)
    elif depth >= MAX_DEPTH:
        _append(fields, name, _json_text(value))
    elif isinstance(value, list):
        for one in value:
            _add(fields, name, one, depth + 1)
        if not value:
            fields.setdefault(name, None)
    else:
        for inner, one in value.items():
            if inner == "#attributes":
                _add_named_attributes(fields, name, one)
            elif inner == "#text":
                _add(fields, name, one, depth + 1)
            elif len(name) > MAX_NAME_CHARS:
                _append(fields, name, _json_text({inner: one}))
            else:
                _add(fields, f"{name}.{inner}", one, depth + 1)


def _append(fields: Fields, name: str, value: object) -> None:
    """Set a field; a second value of the same name makes it a list."""
    if name not in fields:
        fields[name] = value
        return
    present = fields[name]
    if isinstance(present, list):
        present.append(value)
    else:
        fields[name] = [present, value]


def _scalar(value: object) -> object:
    """A plain value of an element that may also carry attributes."""
    if isinstance(value, dict):
        value = value.get("#text")
    if isinstance(value, list):
        return [_text(one) if isinstance(one, dict | list) else one for one in value]
    return _json_text(value) if isinstance(value, dict) else value


def _text(value: object) -> str:
    """An element's text; "" if it has none."""
    if isinstance(value, dict) and "#text" in value:
        value = value["#text"]
    if value is None:
        return ""
    return _json_text(value) if isinstance(value, dict | list) else str(value)


def _json_text(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # orjson's own limit of nesting is 254
        return "(nested too deeply to show)"
