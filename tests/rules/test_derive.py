"""Values that an event states in another form than the Sigma taxonomy."""

from __future__ import annotations

import pytest

from exward.model.records import EventType, Fields
from exward.rules import derive
from exward.rules.ir import And, Like, LogSource
from exward.rules.routing import admit, view_of


@pytest.mark.parametrize(
    ("fields", "user"),
    [
        ({"SubjectUserName": "ex1$", "SubjectUserSid": "S-1-5-18"}, "NT AUTHORITY\\SYSTEM"),
        ({"SubjectUserName": "a", "SubjectDomainName": "D", "TargetUserName": "-"}, "D\\a"),
        ({"TargetUserName": "b", "TargetDomainName": "D", "SubjectUserSid": "S-1-5-18"}, "D\\b"),
        ({}, None),
    ],
)
def test_user_of_4688(fields: Fields, user: str | None) -> None:
    derive.user_of_4688(fields)
    assert fields.get("User") == user


def test_a_registry_value_of_4657_reads_as_sysmon_writes_it() -> None:
    fields: Fields = {
        "ObjectName": "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Control\\Lsa",
        "ObjectValueName": "RunAsPPL",
        "NewValue": "1",
        "NewValueType": "%%1876",
    }
    derive.target_object_of_4657(fields)
    derive.details_of_4657(fields)
    assert fields["TargetObject"] == "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\RunAsPPL"
    assert fields["Details"] == "DWORD (0x00000001)"


def test_a_rule_on_deletion_asks_for_the_act() -> None:
    event = EventType("windows", "Microsoft-Windows-Sysmon/Operational", 12, "p")
    view = view_of(LogSource(category="registry_delete", product="windows"), event)
    assert view is not None
    found = admit(view, Like("TargetObject", ("x",)), event)
    assert found is not None
    assert isinstance(found.condition, And)
    assert "EventType" in str(found.condition)
