import json

import pytest

from exward.access.change_logs import Telling, of_log
from exward.access.changes import RightChange
from exward.model.skipped import Skipped
from tests.formats.memory_source import MemorySource


def event(number, **data):
    system = {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
              "EventID": number, "Channel": "Security", "Computer": "DC01", "EventRecordID": 7,
              "TimeCreated": {"#attributes": {"SystemTime": "2026-03-03T06:01:02Z"}}}  # fmt: skip
    return json.dumps({"Event": {"System": system, "EventData": data}})


def _changes(found):
    first, *rest = found
    assert isinstance(first, Telling)
    return rest


def changes(*events):
    return _changes(of_log(MemorySource("\n".join(events).encode(), "Security.jsonl")))


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


def test_a_damaged_record_of_a_change_is_counted():
    names = "DateTime,ServerHostName,AuthenticatedUser,Cmdlet,Parameters"
    whole = "2026-03-03T08:07:00.712Z,EX01,eve,Add-RoleGroupMember,-Identity Ops -Member bob"
    lines = ["#Log-type: Rps Cmdlet Logs", f"#Fields: {names}", whole, f"{whole},,surplus"]
    found = list(of_log(MemorySource("\n".join([names, *lines, ""]).encode(), "cmdlets.log")))
    losses = [one for one in found if isinstance(one, Skipped)]
    assert [(one.position, one.reason) for one in losses] == [(5, "7 values for 5 columns")]


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


def of_cmdlets(*lines):
    return _changes(of_log(MemorySource("\n".join(lines).encode(), "cmdlets.jsonl")))


def cmdlet(name, text, number=1):
    return event(number, Data=[name, text, "contoso/eve"]).replace(
        '"Security"', '"MSExchange Management"'
    )


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("New-ManagementRoleAssignment", '-Role "Mailbox Import Export" -User "bob"',
         ("role", "bob", "Mailbox Import Export", "", True)),
        ("New-ManagementRoleAssignment", '-Role "ApplicationImpersonation" -SecurityGroup "Ops" '
         '-CustomRecipientWriteScope "Sales"',
         ("role", "Ops", "ApplicationImpersonation", "Sales", True)),
        ("Remove-ManagementRoleAssignment", '-Identity "Mailbox Import Export-bob"',
         ("role", "", "", "Mailbox Import Export-bob", False)),
        ("Add-MailboxPermission", '-Identity "ceo" -User "bob" -AccessRights "FullAccess"',
         ("mailbox", "bob", "FullAccess", "ceo", True)),
        ("add-mailboxpermission", '-Identity "ceo" -User "bob" -AccessRights "FullAccess"',
         ("mailbox", "bob", "FullAccess", "ceo", True)),
        ("Remove-MailboxPermission", '-Identity "ceo" -User "bob" -AccessRights "FullAccess"',
         ("mailbox", "bob", "FullAccess", "ceo", False)),
        ("Add-ADPermission", '-Identity "DB01" -User "bob" -AccessRights "ExtendedRight" '
         '-ExtendedRights "Receive-As"',
         ("directory", "bob", "ExtendedRight, Receive-As", "DB01", True)),
        ("Add-MailboxFolderPermission", '-Identity "ceo:\\Inbox" -User "bob" -AccessRights "Owner"',
         ("mailbox", "bob", "Owner", "ceo:\\Inbox", True)),
    ],
)  # fmt: skip
def test_cmdlets_that_give_or_take_a_right(name, text, wanted):
    (found,) = of_cmdlets(cmdlet(name, text))
    assert isinstance(found, RightChange)
    assert (found.kind, found.who, found.what, found.on, found.added) == wanted
    assert (found.by, found.how) == ("contoso/eve", name)


@pytest.mark.parametrize(
    "line",
    [
        cmdlet("Get-ManagementRoleAssignment", '-Role "x" -User "bob"'),
        cmdlet("New-ManagementRoleAssignment", '-Role "x" -User "bob"', number=6),
        cmdlet("Add-MailboxPermission", '-Identity "a" -User "b" -AccessRights "X" -Deny "True"'),
        cmdlet("Add-MailboxPermission", ""),
    ],
)
def test_what_reads_fails_or_denies_is_no_change(line):
    assert of_cmdlets(line) == []


@pytest.mark.parametrize(
    ("written", "members"),
    [
        ('"bob","eve"', ["bob", "eve"]),
        ('"{bob, O\'Neil}"', ["bob", "O'Neil"]),
        ('"CN=Eve,OU=x,DC=a"', ["CN=Eve,OU=x,DC=a"]),
        ('""', []),
    ],
)
def test_a_role_group_that_is_made_with_members(written, members):
    found = of_cmdlets(cmdlet("New-RoleGroup", f'-Name "Night" -Roles "x" -Members {written}'))
    assert [(one.group, one.member) for one in found] == [("Night", one) for one in members]


def test_attributes_that_let_somebody_take_an_object_over():
    found = changes(
        event(5136, ObjectDN="DC=contoso,DC=example", OperationType="%%14674",
              AttributeValue="O:..", AttributeLDAPDisplayName="nTSecurityDescriptor"),
        event(5136, ObjectDN="CN=x", OperationType="%%14675", AttributeValue="B:828:..",
              AttributeLDAPDisplayName="msDS-KeyCredentialLink"),
    )  # fmt: skip
    assert [(one.on, one.what, one.added) for one in found] == [
        ("DC=contoso,DC=example", "access list", True), ("CN=x", "key that signs in as it", False)
    ]  # fmt: skip


OLD = (
    "O:DAG:DAD:AI(A;;WD;;;DA)(A;CIIO;GA;;;S-1-5-21-1-2-3-7)(D;;WD;;;S-1-5-21-1-2-3-8)"
    "S:AI(AU;SA;WD;;;WD)"
)
REPLICATES = "(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;S-1-5-21-1-2-3-1102)"


def of_list(old, new, domain="DC=contoso,DC=example"):
    fields = {"ObjectDN": domain, "AttributeLDAPDisplayName": "nTSecurityDescriptor",
              "OpCorrelationID": "7", "SubjectUserName": "eve"}  # fmt: skip
    records = [
        event(5136, OperationType=operation, AttributeValue=value, **fields)
        for value, operation in ((old, "%%14675"), (new, "%%14674"))
        if value
    ]
    return [(one.who, one.what, one.added) for one in changes(*records)]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (OLD, OLD.replace("S:AI", REPLICATES + "S:AI"),
         [("S-1-5-21-1-2-3-1102", "GetChangesAll", True)]),
        (OLD, OLD.replace("S:AI", "(A;;0xf01ff;;;AU)S:AI"), [("S-1-5-11", "GenericAll", True)]),
        (OLD, OLD.replace("S:AI", '(XA;;WD;;;AU;(@User.x == "y"))S:AI'),
         [("S-1-5-11", "WriteDacl", True)]),
        (OLD, "O:DAG:DAD:NO_ACCESS_CONTROL",
         [("", "access list", True), ("S-1-1-0", "GenericAll", True), ("DA", "WriteDacl", False)]),
        (OLD, OLD.replace("(A;;WD;;;DA)", ""), [("DA", "WriteDacl", False)]),
        (OLD, OLD.replace("(D;;WD;;;S-1-5-21-1-2-3-8)", ""), [("", "access list", True)]),
        (OLD, OLD.replace("S:AI", "(A;;RP;;;AU)S:AI"), []),
        ("", OLD, [("", "access list", True)]),
        (OLD, "", []),
        (OLD, "D:(A;;WD;;;", [("", "access list", True), ("DA", "WriteDacl", False)]),
    ],
)  # fmt: skip
def test_what_came_and_went_in_an_access_list(old, new, wanted):
    assert of_list(old, new) == wanted
