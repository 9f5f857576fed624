"""Entries of Exchange's admin and mailbox audit logs, as any export writes them.

Names are those of `Search-AdminAuditLog` and `Search-MailboxAuditLog` (Microsoft Learn); of the XML
exports the attributes. Entries about cmdlets also have the fields of `category: exchange_cmdlet`.
Times: with offset where the export has one; without it they are UTC, as documented for `RunDate`,
though a console prints local time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from exward.formats import nested_values, windows_fields
from exward.formats.cmdlet_parameters import add_parameters, as_text, parse_parameters
from exward.formats.record_batch import Losses, Record
from exward.model.records import EventType, Fields

ADMIN = EventType("exchange.admin-audit")
MAILBOX = EventType("exchange.mailbox-audit")

NO_VALUES = "audit entries were exported without the values of their parameters"
NO_TIME = "audit entries have no readable time"
FOREIGN = "records that are no audit entries"

_LOGON_TYPES = {0: "Owner", 1: "Admin", 2: "Delegate"}
_APART = frozenset({"CmdletParameters", "ModifiedProperties"})
_TYPE_NAME = re.compile(r"(?:System|Microsoft)\.[\w.]+(?:`\d+)?(?:\[.*)?")
"""What `Export-Csv` writes instead of a list."""
_PS_DATE = re.compile(r"/Date\((-?\d{1,15})")
_SERVER = re.compile(r"([A-Za-z0-9_.-]{1,255})(?: \(.*)?")
_FORMS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
)
"""How a console writes times: the invariant culture first, then the usual others."""


class Parameters(NamedTuple):
    """Parameters or changed properties of one entry; `lost`: the export has their names at most."""

    values: dict[str, str]
    lost: bool


def record(entry: Mapping[str, object], number: int, losses: Losses) -> Record | None:
    """Make a record of an entry; None (and a note) if it is none."""
    kind = kind_of(entry)
    if kind is None:
        losses.foreign(number, FOREIGN)
        return None
    fields: Fields = {}
    for name, value in entry.items():
        if name not in _APART or not _is_named(value):
            nested_values.add(fields, name, _plain(value))
    if kind is ADMIN and _add_cmdlet(fields, entry):
        losses.incomplete(number, NO_VALUES)
    if kind is MAILBOX:
        name_logon_type(fields)
        if isinstance(owner := fields.get("Owner"), str):
            fields.setdefault("MailboxResolvedOwnerName", owner)
    stated = entry.get("RunDate" if kind is ADMIN else "LastAccessed")
    time = parse_time(stated)
    if time is None:
        losses.incomplete(number, NO_TIME)
    return Record(orjson.dumps(fields).decode(), kind, time, number, _server(fields))


def kind_of(entry: object) -> EventType | None:
    """Tell the audit log from the names of the properties; None if it is neither."""
    if not isinstance(entry, Mapping):
        return None
    if "CmdletName" in entry or ("Cmdlet" in entry and "Caller" in entry):
        return ADMIN
    mailbox = entry.keys() & {"MailboxGuid", "MailboxOwnerUPN", "LastAccessed", "MailboxOwnerSid"}
    return MAILBOX if mailbox and "Operation" in entry and "LogonType" in entry else None


def parse_time(value: object) -> int | None:
    """µs since 1970-01-01 UTC of a time as PowerShell and Exchange write it; None if it is none."""
    if isinstance(value, Mapping):  # ConvertTo-Json of a time with members added
        value = value.get("value", value.get("DateTime"))
    if not isinstance(value, str):
        return None
    text = value.strip()[:64]
    found = _PS_DATE.match(text)
    if found is not None:
        return int(found[1]) * 1000
    time = windows_fields.parse_time(text)
    for form in _FORMS if time is None else ():
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return windows_fields.parse_time(moment.isoformat())
    return time


def parameters_of(listed: object) -> Parameters:
    """Name → value of a list of `{Name, Value}` (or `NewValue`), or of a map."""
    if isinstance(listed, Mapping):
        if "Name" in listed:  # ConvertTo-Json takes a list of one apart
            return parameters_of([listed])
        return Parameters({str(name): _text(value) for name, value in listed.items()}, False)
    if isinstance(listed, str):
        written = parse_parameters(listed)
        return Parameters(written, bool(listed) and not written)
    values: dict[str, str] = {}
    lost = False
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and "Name" in one:
            value = one.get("Value", one.get("NewValue"))
            values.setdefault(_text(one["Name"]), _text(value))
        else:
            lost = True
    return Parameters(values, lost)


def _add_cmdlet(fields: Fields, entry: Mapping[str, object]) -> bool:
    """Add the fields of a cmdlet; whether values of parameters are lost."""
    fields.setdefault("Cmdlet", _text(entry.get("CmdletName")))
    parameters = parameters_of(entry.get("CmdletParameters"))
    if not parameters.values and isinstance(command := entry.get("FullCommand"), str):
        parameters = _typed(command)
    add_cmdlet_parameters(fields, parameters.values)
    changed = parameters_of(entry.get("ModifiedProperties"))
    for name, value in changed.values.items():
        fields.setdefault(f"ModifiedProperty.{name}", value)
    succeeded = _text(entry.get("Succeeded")).lower()
    if succeeded in {"true", "false"}:
        fields["Succeeded"] = succeeded
    if fields.get("Error") in {"None", ""}:
        del fields["Error"]
    return parameters.lost


def add_cmdlet_parameters(fields: Fields, parameters: Mapping[str, str]) -> None:
    """Add `Parameters` and `Parameter.<Name>`."""
    if parameters:
        fields["Parameters"] = as_text(parameters)
        add_parameters(fields, parameters)


def name_logon_type(fields: Fields) -> None:
    """Write the logon type as the word that other exports have for the number."""
    logon = fields.get("LogonType")
    if isinstance(logon, int) and logon in _LOGON_TYPES:
        fields["LogonType"] = _LOGON_TYPES[logon]


def _typed(command: str) -> Parameters:
    """Parameters of a whole command, as Get-SimpleAuditLogReport.ps1 puts it together."""
    values = parse_parameters(command.partition(" ")[2])
    for name, value in values.items():
        if value in {"$True", "$False"}:
            values[name] = value[1:]
    return Parameters(values, False)


def _is_named(listed: object) -> bool:
    """Whether these are names with values, which become fields of their own."""
    if isinstance(listed, list):
        return all(isinstance(one, Mapping) for one in listed)
    return isinstance(listed, Mapping)


def _plain(value: object) -> object:
    """A time with members added as its text; a list's type name as nothing."""
    if isinstance(value, Mapping) and "value" in value and "DateTime" in value:
        return value["value"]
    return None if isinstance(value, str) and _TYPE_NAME.fullmatch(value) else value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return ";".join(map(_text, value))
    if isinstance(value, Mapping):
        return _text(value.get("ToString", orjson.dumps(dict(value), default=str).decode()))
    return str(value)


def _server(fields: Fields) -> str:
    """`EX01` of `EX01 (15.02.1118.007)`."""
    found = _SERVER.fullmatch(str(fields.get("OriginatingServer") or "").strip())
    return "" if found is None else found[1]


def records(entries: Iterable[tuple[int, object]], losses: Losses) -> Iterable[Record]:
    """Records of (number, entry)."""
    for number, entry in entries:
        if not isinstance(entry, Mapping):
            losses.foreign(number, FOREIGN)
            continue
        try:
            made = record(entry, number, losses)
        except (TypeError, ValueError) as error:
            losses.broken(number, f"no readable audit entry: {error}")
            continue
        if made is not None:
            yield made
