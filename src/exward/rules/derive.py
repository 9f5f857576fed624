"""Values of the Sigma taxonomy that an event states in another form.

Each function adds fields to a decoded record; `logsources/` names which event needs which.
`DERIVED` says which fields a function makes: they do not stand in the record's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from exward.model.records import Fields

# Mandatory labels of a token (Microsoft: "Well-known SIDs", S-1-16-*) in Sysmon's words.
_INTEGRITY = {
    "S-1-16-4096": "Low",
    "S-1-16-8192": "Medium",
    "S-1-16-8448": "Medium",
    "S-1-16-12288": "High",
    "S-1-16-16384": "System",
}
# Microsoft: "Well-known SIDs".
_SERVICE_ACCOUNTS = {
    "S-1-5-18": "NT AUTHORITY\\SYSTEM",
    "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
    "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
}
# Message strings of msobjs.dll for the type of a registry value, in Sysmon's words.
_NUMBER_TYPES = {"%%1876": ("DWORD", 8), "%%1883": ("QWORD", 16)}
_CONTROL_SET = re.compile(r"\\ControlSet00\d\\", re.IGNORECASE)
# Kernel paths of the registry in the form that Sysmon writes.
_HIVES = (
    ("\\REGISTRY\\MACHINE\\", "HKLM\\"),
    ("\\REGISTRY\\USER\\", "HKU\\"),
)


def user_of_4688(fields: Fields) -> None:
    """`User` as DOMAIN\\name: the new process's account, else the creator's."""
    name, domain = fields.get("TargetUserName"), fields.get("TargetDomainName")
    sid = fields.get("TargetUserSid")
    if name in {None, "-", ""}:
        name, domain = fields.get("SubjectUserName"), fields.get("SubjectDomainName")
        sid = fields.get("SubjectUserSid")
    # Windows writes SYSTEM as the computer's account; Sysmon names it.
    if str(sid) in _SERVICE_ACCOUNTS:
        fields.setdefault("User", _SERVICE_ACCOUNTS[str(sid)])
    elif name is not None:
        fields.setdefault("User", f"{domain}\\{name}" if domain else str(name))


def integrity_level_of_4688(fields: Fields) -> None:
    """`IntegrityLevel` from the mandatory label's SID."""
    level = _INTEGRITY.get(str(fields.get("MandatoryLabel")))
    if level is not None:
        fields.setdefault("IntegrityLevel", level)


def initiated_of_5156(fields: Fields) -> None:
    """`Initiated` from the direction: %%14593 is outbound (Microsoft: event 5156)."""
    direction = fields.get("Direction")
    if direction is not None:
        fields.setdefault("Initiated", "true" if direction == "%%14593" else "false")


def target_object_of_4657(fields: Fields) -> None:
    """`TargetObject` from key and value name, with Sysmon's names for the hives."""
    key = str(fields.get("ObjectName", ""))
    for kernel, short in _HIVES:
        if key.upper().startswith(kernel):
            key = short + key[len(kernel) :]
    key = _CONTROL_SET.sub(lambda _: "\\CurrentControlSet\\", key)
    value = fields.get("ObjectValueName")
    fields.setdefault("TargetObject", f"{key}\\{value}" if value else key)


def details_of_4657(fields: Fields) -> None:
    """`Details` as Sysmon writes it: `DWORD (0x00000001)`, texts as they are."""
    value = fields.get("NewValue")
    known = _NUMBER_TYPES.get(str(fields.get("NewValueType")))
    if value is None:
        return
    try:
        number = int(str(value), 0)
    except ValueError:
        known = None
        number = 0
    if known is not None and number >= 0:
        value = f"{known[0]} (0x{number:0{known[1]}x})"
    fields.setdefault("Details", value)


Derivation = Callable[[Fields], None]

DERIVED: dict[str, tuple[Derivation, frozenset[str]]] = {
    "user_of_4688": (user_of_4688, frozenset({"User"})),
    "integrity_level_of_4688": (integrity_level_of_4688, frozenset({"IntegrityLevel"})),
    "initiated_of_5156": (initiated_of_5156, frozenset({"Initiated"})),
    "details_of_4657": (details_of_4657, frozenset({"Details"})),
    "target_object_of_4657": (target_object_of_4657, frozenset({"TargetObject"})),
}
