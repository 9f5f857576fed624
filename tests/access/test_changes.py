import json

from exward.access.changes import of_log
from tests.formats.memory_source import MemorySource


def event(number, **data):
    system = {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
              "EventID": number, "Channel": "Security", "Computer": "DC01", "EventRecordID": 7,
              "TimeCreated": {"#attributes": {"SystemTime": "2026-03-03T06:01:02Z"}}}  # fmt: skip
    return json.dumps({"Event": {"System": system, "EventData": data}})


def changes(*events):
    return list(of_log(MemorySource("\n".join(events).encode(), "Security.jsonl")))


def test_security_events_and_directory_changes():
    who = {"SubjectUserName": "eve", "SubjectDomainName": "CONTOSO"}
    found = changes(
        event(4756, TargetUserName="Ops", TargetSid="S-1-5-21-1-2-3-9", MemberSid="S-1-5-1", **who),
        event(4733, TargetUserName="Ops", MemberName="CN=A", MemberSid="-", **who),
        event(5136, ObjectDN="CN=Ops", AttributeLDAPDisplayName="member", AttributeValue="CN=B",
              OperationType="%%14674", **who),
        event(5136, ObjectDN="CN=Ops", AttributeLDAPDisplayName="info", AttributeValue="CN=B",
              OperationType="%%14674", **who),
        event(4624, TargetUserName="Ops", **who),
    )  # fmt: skip
    assert [(one.group, one.member, one.added, one.by) for one in found] == [
        ("S-1-5-21-1-2-3-9", "S-1-5-1", True, "CONTOSO\\eve"),
        ("Ops", "CN=A", False, "CONTOSO\\eve"),
        ("CN=Ops", "CN=B", True, "CONTOSO\\eve"),
    ]


def test_cmdlets_that_succeeded():
    def cmdlet(number, name):
        text = '-Identity "Organization Management" -Member "bob"'
        return event(number, Data=[name, text, "contoso/eve"]).replace(
            '"Security"', '"MSExchange Management"'
        )

    found = changes(cmdlet(1, "Add-RoleGroupMember"), cmdlet(6, "Add-RoleGroupMember"))
    assert [(one.group, one.member, one.by) for one in found] == [
        ("Organization Management", "bob", "contoso/eve")
    ]
