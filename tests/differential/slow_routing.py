"""Which Windows events a rule's log source means, read plainly from `logsources/`.

Shares the table with the engine (it is data), but none of its code.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import yaml

from exward.model.records import EventType, Fields

TABLE: dict[str, dict[str, list]] = {"products": {}, "categories": {}, "services": {}}
for _file in sorted(Path(str(resources.files("exward.rules"))).glob("logsources/*.yml")):
    _document = yaml.safe_load(_file.read_text(encoding="utf-8"))
    for _kind in TABLE:  # what a type alone decides stands in the fields, too
        for _name, _list in _document.get(_kind, {}).items():
            TABLE[_kind].setdefault(_name, []).extend(_list)

INTEGRITY = {"4096": "Low", "8192": "Medium", "8448": "Medium", "12288": "High", "16384": "System"}


def view(logsource: dict, event: EventType, fields: Fields) -> Fields | None:
    """The record as a rule of this log source sees it; None if the rule does not concern it."""
    category, product, service = (
        str(logsource.get(part) or "").lower() for part in ("category", "product", "service")
    )
    if product and not any(admits(p, event) for p in TABLE["products"].get(product, ())):
        return None
    if service and not any(admits(p, event) for p in TABLE["services"].get(service, ())):
        return None
    if not category:
        return fields if product or service else None
    for entry in TABLE["categories"].get(category, ()):
        if any(admits(pattern, event) for pattern in entry["events"]):
            limits = entry.get("where", {}).items()
            if all(str(fields.get(name)).lower() in map(str.lower, ok) for name, ok in limits):
                return renamed(entry, fields)
    return None


def concerns(logsource: dict, event: EventType) -> bool:
    """Whether a rule of this log source may concern records of this type at all."""
    category = str(logsource.get("category") or "").lower()
    wide = {name: value for name, value in logsource.items() if name != "category"}
    if not category:
        return view(wide, event, {}) is not None
    entries = TABLE["categories"].get(category, ())
    fits = any(admits(pattern, event) for entry in entries for pattern in entry["events"])
    return fits and (not wide or view(wide, event, {}) is not None)


def admits(pattern: dict, event: EventType) -> bool:
    return (
        pattern["log"] == event.log
        and pattern.get("channel", event.channel).lower() == event.channel.lower()
        and event.event_id in pattern.get("event_ids", [event.event_id])
        and pattern.get("provider", event.provider).lower() == event.provider.lower()
    )


def renamed(entry: dict, fields: Fields) -> Fields:
    """Sigma's names instead of the event's own, and what has to be computed."""
    seen = dict(fields)
    for name in entry.get("derive", ()):
        for key, value in DERIVED[name](fields).items():
            seen.setdefault(key, value)
    made = dict(seen)
    for sigma, own in entry.get("fields", {}).items():
        seen.pop(sigma, None)
        if own in made:
            seen[sigma] = made[own]
    return seen


def user(fields: Fields) -> Fields:
    kind = "Target" if fields.get("TargetUserName") not in (None, "", "-") else "Subject"
    name, domain = fields.get(kind + "UserName"), fields.get(kind + "DomainName")
    known = {"18": "SYSTEM", "19": "LOCAL SERVICE", "20": "NETWORK SERVICE"}
    sid = str(fields.get(kind + "UserSid"))
    if sid.startswith("S-1-5-") and sid.removeprefix("S-1-5-") in known:
        return {"User": f"NT AUTHORITY\\{known[sid.removeprefix('S-1-5-')]}"}
    if name is None:
        return {}
    return {"User": f"{domain}\\{name}" if domain else str(name)}


def integrity(fields: Fields) -> Fields:
    label = str(fields.get("MandatoryLabel"))
    number = label.removeprefix("S-1-16-")
    known = label.startswith("S-1-16-") and number in INTEGRITY
    return {"IntegrityLevel": INTEGRITY[number]} if known else {}


def initiated(fields: Fields) -> Fields:
    if fields.get("Direction") is None:
        return {}
    return {"Initiated": str(fields["Direction"] == "%%14593").lower()}


def target_object(fields: Fields) -> Fields:
    key, value = str(fields.get("ObjectName", "")), fields.get("ObjectValueName")
    for kernel, short in (("\\REGISTRY\\MACHINE\\", "HKLM\\"), ("\\REGISTRY\\USER\\", "HKU\\")):
        if key[: len(kernel)].upper() == kernel:
            key = short + key[len(kernel) :]
    for number in range(10):
        key = key.replace(f"\\ControlSet00{number}\\", "\\CurrentControlSet\\")
    return {"TargetObject": f"{key}\\{value}" if value else key}


def details(fields: Fields) -> Fields:
    value, kind = fields.get("NewValue"), fields.get("NewValueType")
    if value is None:
        return {}
    if kind == "%%1876" and str(value).isdecimal():
        return {"Details": f"DWORD (0x{int(str(value)):08x})"}
    if kind == "%%1883" and str(value).isdecimal():
        return {"Details": f"QWORD (0x{int(str(value)):016x})"}
    return {"Details": value}


DERIVED = {
    "user_of_4688": user,
    "integrity_level_of_4688": integrity,
    "initiated_of_5156": initiated,
    "target_object_of_4657": target_object,
    "details_of_4657": details,
}
