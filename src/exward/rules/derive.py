"""Values of the Sigma taxonomy that an event states in another form.

Each function adds fields to a decoded record; `logsources.yml` names which event needs which.
`DERIVED` says which fields a function makes: they do not stand in the record's text.
"""

from __future__ import annotations

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
# Kernel paths of the registry in the form that Sysmon writes.
_HIVES = (
    ("\\REGISTRY\\MACHINE\\", "HKLM\\"),
    ("\\REGISTRY\\USER\\", "HKU\\"),
)


def user_of_4688(fields: Fields) -> None:
    """`User` as DOMAIN\\name: the new process's account, else the creator's."""
    name, domain = fields.get("TargetUserName"), fields.get("TargetDomainName")
    if name in {None, "-", ""}:
        name, domain = fields.get("SubjectUserName"), fields.get("SubjectDomainName")
    if name is not None:
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
    value = fields.get("ObjectValueName")
    fields.setdefault("TargetObject", f"{key}\\{value}" if value else key)


Derivation = Callable[[Fields], None]

DERIVED: dict[str, tuple[Derivation, frozenset[str]]] = {
    "user_of_4688": (user_of_4688, frozenset({"User"})),
    "integrity_level_of_4688": (integrity_level_of_4688, frozenset({"IntegrityLevel"})),
    "initiated_of_5156": (initiated_of_5156, frozenset({"Initiated"})),
    "target_object_of_4657": (target_object_of_4657, frozenset({"TargetObject"})),
}
