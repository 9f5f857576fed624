"""Roles and rights on mail in entries of the directory, as LDIF and LDAP give them alike."""

import base64
import json
import struct
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.access import ldap_entry, rights, security_descriptor, undoing
from exward.access.directory import assemble
from exward.access.facts import MailboxRight, Place, Reach, Role
from exward.access.judge import Material, judge
from exward.model.account import bare_name
from exward.model.skipped import Skipped
from tests.access import made
from tests.access.binary import ace, descriptor, sid

CONFIG = "CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=example"
ROLES = f"CN=Roles,CN=RBAC,{CONFIG}"
SEND_AS = uuid.UUID("ab721a54-1e2f-11d0-9819-00aa0040529b").bytes_le
HERE = Place("here", 1)
SERVICE = sid(21, 1, 2, 3, 1102)


def signed(flags):
    """As LDAP writes a number of 64 bits."""
    return str(flags - (1 << 64) if flags >> 63 else flags)


def assignment(flags, **more):
    values = {
        "cn": "A1",
        "msexchrolelink": f"CN=Mailbox Search,{ROLES}",
        "msexchuserlink": "CN=svc,CN=Users,DC=contoso,DC=example",
        "msexchroleassignmentflags": "" if flags is None else signed(flags),
    } | more
    attributes = {name: [text.encode()] for name, text in values.items() if text}
    attributes["objectclass"] = [b"top", b"msExchRoleAssignment"]
    return list(ldap_entry.facts(f"CN=A1,CN=Role Assignments,CN=RBAC,{CONFIG}", attributes, HERE))


@pytest.mark.parametrize(
    ("flags", "kind", "delegating", "scope", "enabled"),
    [
        # What New-ManagementRoleAssignment -User -Role ApplicationImpersonation writes.
        (0x8001000002000002, "User", False, "Organization", True),
        (0x0001000002000002, "User", False, "Organization", False),
        (0xD001000A0A000002, "RoleGroup", False, "Organization", True),
        (0xD006000A0A000002, "RoleGroup", True, "Organization", True),
        (0xA001000002000004, "RoleAssignmentPolicy", False, "Self", True),
        (0x900100000200001F, "SecurityGroup", False, "", True),
        (0x8001000A02000001, "User", False, "NotApplicable", True),
    ],
)
def test_the_flags_of_an_assignment(flags, kind, delegating, scope, enabled):
    (role,) = assignment(flags)
    assert (role.assignee_kind, role.delegating, role.scope, role.enabled) == (
        kind, delegating, scope, enabled
    )  # fmt: skip
    assert (role.name, role.role, role.parent) == ("A1", "Mailbox Search", "")


def test_an_assignment_without_flags_counts():
    reason, role = assignment(None)
    assert "without readable flags" in reason
    assert (role.enabled, role.delegating, role.scope) == (True, False, "")


def test_an_assignment_of_nobody_is_said():
    (reason,) = assignment(0x8001000002000002, msexchuserlink="")
    assert "cannot be read" in reason


@pytest.mark.parametrize(
    ("link", "scope"),
    [
        (f"CN=Night\\, late,CN=Scopes,CN=RBAC,{CONFIG}", "Night, late"),
        ("OU=Staff,DC=contoso,DC=example", "OU=Staff,DC=contoso,DC=example"),
    ],
)
def test_scopes_of_ones_own(link, scope):
    (role,) = assignment(0x8001000002000007, msexchdomainrestrictionlink=link)
    assert role.scope == scope


def test_a_role_made_from_a_dangerous_one_is_dangerous_under_any_name():
    link = f"CN=Tea Round,CN=Kitchen,CN=Mailbox Import Export,{ROLES}"
    (role,) = assignment(0x8001000002000002, msexchrolelink=link)
    assert (role.role, role.parent) == ("Tea Round", "Mailbox Import Export")
    (one,) = judge(Material(assemble([role])), 0)
    assert (one.rule, one.severity) == ("access-role-assignment", "critical")
    assert "svc has Tea Round (made from Mailbox Import Export)" in one.why


def ldif(*entries):
    lines = []
    for dn, attributes in entries:
        lines.append(f"dn: {dn}")
        for name, value in attributes:
            plain = isinstance(value, str)
            lines.append(
                f"{name}: {value}" if plain else f"{name}:: {base64.b64encode(value).decode()}"
            )
        lines.append("")
    return "\n".join(lines).encode()


BOSS = "CN=Boss,CN=Users,DC=contoso,DC=example"
ENTRIES = (
    ("CN=Svc-Backup,CN=Users,DC=contoso,DC=example",
     [("objectClass", "user"), ("objectSid", SERVICE), ("sAMAccountName", "svc-backup")]),
    (BOSS, [("objectClass", "user"), ("objectSid", sid(21, 1, 2, 3, 1110)), ("cn", "Boss"),
            ("sAMAccountName", "boss"), ("msExchMailboxGuid", bytes(16)),
            ("msExchMailboxSecurityDescriptor", descriptor(
                ace(1, sid(10)), ace(1, SERVICE), ace(0xF0001, sid(21, 1, 2, 3, 512), flags=0x10))),
            ("nTSecurityDescriptor", descriptor(
                ace(0x100, SERVICE, SEND_AS), ace(0xF01FF, sid(32, 548)))),
            ("publicDelegates", "CN=Deputy,CN=Users,DC=contoso,DC=example")]),
    (f"CN=A1,CN=Role Assignments,CN=RBAC,{CONFIG}",
     [("objectClass", "msExchRoleAssignment"), ("cn", "Impersonation-svc"),
      ("msExchRoleLink", f"CN=ApplicationImpersonation,{ROLES}"),
      ("msExchUserLink", "CN=Svc-Backup,CN=Users,DC=contoso,DC=example"),
      ("msExchRoleAssignmentFlags", signed(0x8001000002000002))]),
)  # fmt: skip


def told(facts):
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    wanted = {"access-role-assignment", "access-mailbox-full-access"}
    return sorted(
        (one.rule, one.severity, bare_name(one.account)) for one in judge(Material(directory), 0)
        if one.rule in wanted
    )  # fmt: skip


def test_entries_and_exports_give_the_same_review():
    rows = [
        {"Name": "svc-backup", "SamAccountName": "svc-backup", "SID": "S-1-5-21-1-2-3-1102",
         "UserPrincipalName": "s@a", "objectClass": "user",
         "DistinguishedName": "CN=Svc-Backup,CN=Users,DC=contoso,DC=example"},
        {"Identity": "contoso.example/Users/Boss", "User": "NT AUTHORITY\\SELF",
         "AccessRights": ["FullAccess"], "IsInherited": False, "Deny": False},
        {"Identity": "contoso.example/Users/Boss", "User": "CONTOSO\\svc-backup",
         "AccessRights": ["FullAccess"], "IsInherited": False, "Deny": False},
        {"Identity": "contoso.example/Users/Boss", "User": "CONTOSO\\svc-backup",
         "AccessRights": ["ExtendedRight"], "ExtendedRights": ["Send-As"], "IsInherited": False},
        {"Name": "Impersonation-svc", "Role": "ApplicationImpersonation", "Enabled": True,
         "RoleAssigneeName": "svc-backup", "RoleAssigneeType": "User",
         "RecipientWriteScope": "Organization", "RoleAssignmentDelegationType": "Regular"},
    ]  # fmt: skip
    exported = told(made.read(json.dumps(rows).encode()))
    assert told(made.read(ldif(*ENTRIES))) == exported
    assert [one[0] for one in exported] == [
        "access-mailbox-full-access", "access-mailbox-full-access", "access-role-assignment"
    ]  # fmt: skip


def test_rights_on_a_mailbox_by_name():
    facts = made.read(ldif(ENTRIES[1]))
    found = {(one.trustee, one.right, one.inherited) for one in facts
             if isinstance(one, MailboxRight)}  # fmt: skip
    assert found >= {
        ("S-1-5-21-1-2-3-1102", "FullAccess", False), ("S-1-5-21-1-2-3-1102", "SendAs", False),
        ("S-1-5-21-1-2-3-512", "ChangePermission", True), ("S-1-5-32-548", "GenericAll", False),
        ("CN=Deputy,CN=Users,DC=contoso,DC=example", "SendOnBehalf", False),
    }  # fmt: skip


def test_outlooks_list_stands_in_for_one_that_cannot_be_read():
    shown = [
        ("objectClass", "user"),
        ("msExchMailboxGuid", bytes(16)),
        ("msExchDelegateListLink", "CN=Svc-Backup,CN=Users,DC=contoso,DC=example"),
    ]
    facts = made.read(ldif((BOSS, shown)))
    assert [one.right for one in facts if isinstance(one, MailboxRight)] == ["FullAccess"]
    known = ("msExchMailboxSecurityDescriptor", descriptor(ace(1, sid(10))))
    facts = made.read(ldif((BOSS, [*shown, known])))
    assert [one.trustee for one in facts if isinstance(one, MailboxRight)] == ["S-1-5-10"]


def test_a_damaged_list_is_said():
    damaged = descriptor(ace(1, SERVICE))[:-6]
    lists = ("msExchMailboxSecurityDescriptor", "nTSecurityDescriptor")
    shown = [("msExchMailboxGuid", bytes(16)), *((name, damaged) for name in lists)]
    reasons = [one.reason for one in made.read(ldif((BOSS, shown))) if isinstance(one, Skipped)]
    assert len(reasons) == 2
    assert any("msExchMailboxSecurityDescriptor cannot be read" in one for one in reasons)


def without_entries(control):
    """A descriptor that has no list; 0x8004 says that this is meant so."""
    return struct.pack("<BBHIIII", 1, 0, control, 0, 0, 0, 0)


def judged(*entries):
    facts = [one for one in made.read(ldif(*entries)) if not isinstance(one, Skipped)]
    return list(judge(Material(assemble(facts)), 0))


def test_what_has_no_access_list_is_open_to_everybody_and_no_command_mends_that():
    group = ("CN=Domain Admins,CN=Users,DC=contoso,DC=example",
             [("objectClass", "group"), ("objectSid", sid(21, 1, 2, 3, 512)),
              ("nTSecurityDescriptor", without_entries(0x8004))])  # fmt: skip
    domain = (
        "DC=contoso,DC=example",
        [("objectClass", "domainDNS"), ("nTSecurityDescriptor", without_entries(0x8004))],
    )
    box = (BOSS, [("objectClass", "user"), ("msExchMailboxGuid", bytes(16)),
                  ("sAMAccountName", "boss"),
                  ("msExchMailboxSecurityDescriptor", without_entries(0x8004))])  # fmt: skip
    found = {one.rule: one for one in judged(group, domain, box)}
    assert found.keys() >= {
        "access-group-rights", "access-domain-rights", "access-mailbox-open-to-all"
    }  # fmt: skip
    for one in found.values():
        assert one.account == "Everyone"
        assert one.advice == undoing.OPEN
        assert all("remove" not in place.fields for place in one.evidence)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (without_entries(0x8000), "the access list is not in it"),
        (descriptor(*[ace(1, sid(10))] * 4097), "more than 4,096 entries"),
    ],
)
def test_a_list_of_which_something_is_not_read_is_said(data, words):
    shown = [("msExchMailboxGuid", bytes(16)), ("msExchMailboxSecurityDescriptor", data)]
    reasons = [one.reason for one in made.read(ldif((BOSS, shown))) if isinstance(one, Skipped)]
    assert any(words in one for one in reasons)


def test_what_allows_on_a_condition_allows_and_a_guid_of_zeros_is_none():
    conditional = bytes((9,)) + ace(0x40000, SERVICE)[1:]
    (one,) = security_descriptor.aces(descriptor(conditional))
    assert (one.trustee, one.mask, one.allow) == ("S-1-5-21-1-2-3-1102", 0x40000, True)
    (one,) = security_descriptor.aces(descriptor(ace(0x20, SERVICE, bytes(16))))
    assert one.object_type == ""


def test_a_generic_right_on_a_mailbox_is_all_that_it_stands_for():
    shown = [("msExchMailboxGuid", bytes(16)),
             ("msExchMailboxSecurityDescriptor", descriptor(ace(0x10000000, SERVICE)))]  # fmt: skip
    facts = made.read(ldif((BOSS, shown)))
    assert {"FullAccess", "ChangeOwner"} <= {
        one.right for one in facts if isinstance(one, MailboxRight)
    }


OTHER = "CN=Other,CN=Users,DC=contoso,DC=example"


@pytest.mark.parametrize(
    "name",
    [
        "Boss",  # as the mailbox is called
        "Delegated Setup",  # as a group of Exchange's setup
    ],
)
def test_an_account_that_is_named_to_look_harmless_is_not(name):
    eve = sid(21, 1, 2, 3, 1190)
    one = (OTHER, [("objectClass", "user"), ("objectSid", eve), ("sAMAccountName", name)])
    box = (BOSS, [("objectClass", "user"), ("objectSid", sid(21, 1, 2, 3, 1110)), ("cn", "Boss"),
                  ("msExchMailboxGuid", bytes(16)),
                  ("msExchMailboxSecurityDescriptor", descriptor(ace(1, eve)))])  # fmt: skip
    found = [each.account for each in judged(one, box) if "mailbox" in each.rule]
    assert found == [name]


NAMES = st.sampled_from([
    "objectclass", "cn", "msexchrolelink", "msexchuserlink", "msexchroleassignmentflags",
    "msexchdomainrestrictionlink", "msexchmailboxguid", "msexchmailboxsecuritydescriptor",
    "ntsecuritydescriptor", "publicdelegates", "whencreated",
])  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"msExchRoleAssignment", b"msExchPrivateMDB", b"CN=,,=\\", b"9" * 30]),
)


@given(st.dictionaries(NAMES, st.lists(VALUES, max_size=3)))
def test_no_entry_stops_the_reading(attributes):
    for fact in ldap_entry.facts("CN=x\\", attributes, HERE):
        assert not isinstance(fact, Role) or fact.role == fact.role.strip(",")


GROUPS = uuid.UUID("bf967a9c-0de6-11d0-a285-00aa003049e2")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (0x00, "-InheritanceType None"),
        (0x02, "-InheritanceType All"),
        (0x06, "-InheritanceType SelfAndChildren"),
    ],
)
def test_an_entry_is_put_back_as_far_as_it_reached(flags, told):
    group = "CN=Domain Admins,CN=Users,DC=contoso,DC=example"
    entry = ace(0x40000, SERVICE, flags=flags)
    facts = made.read(ldif((group, [("objectClass", "group"), ("objectSid", sid(21, 1, 2, 3, 512)),
                                    ("nTSecurityDescriptor", descriptor(entry))])))  # fmt: skip
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    (one,) = judge(Material(directory), 0)
    words = f"-Identity '{group}' -User 'S-1-5-21-1-2-3-1102' -AccessRights WriteDacl {told}"
    assert f"Remove-ADPermission {words}. Undo: Add-ADPermission {words}." in one.advice


def guid(text):
    return uuid.UUID(text).bytes_le


MEMBER, MEMBERSHIP = guid(rights.MEMBER), guid("bc0ac240-79a9-11d0-9020-00c04fc2d4cf")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (ace(0x20, SERVICE, MEMBER), "-AccessRights WriteProperty -Properties Member"),
        (ace(0x30, SERVICE, MEMBERSHIP), "-AccessRights WriteProperty -Properties Membership"),
        (ace(0x8, SERVICE, MEMBER), "-AccessRights Self -Properties Member"),
        (ace(0x20, SERVICE), "-AccessRights WriteProperty"),
        (ace(0x28, SERVICE), "-AccessRights WriteProperty,Self"),
        (ace(0x8, SERVICE), "-AccessRights Self"),
        (ace(0x40000000, SERVICE), "-AccessRights WriteProperty,Self"),
    ],
)
def test_what_is_undone_is_the_entry_that_was_there(entry, told):
    """A command for another entry removes nothing, and its undo gives a right that nobody had."""
    group = "CN=Domain Admins,CN=Users,DC=contoso,DC=example"
    (one,) = judged((group, [("objectClass", "group"), ("objectSid", sid(21, 1, 2, 3, 512)),
                             ("nTSecurityDescriptor", descriptor(entry))]))  # fmt: skip
    words = f"-Identity '{group}' -User 'S-1-5-21-1-2-3-1102' {told} -InheritanceType None"
    assert f"Remove-ADPermission {words}. Undo: Add-ADPermission {words}." in one.advice


def test_a_right_that_no_cmdlet_can_name_has_no_command():
    group = "CN=Domain Admins,CN=Users,DC=contoso,DC=example"
    (one,) = judged((group, [("objectClass", "group"), ("objectSid", sid(21, 1, 2, 3, 512)),
                             ("nTSecurityDescriptor",
                              descriptor(ace(0x40000, SERVICE, MEMBER)))]))  # fmt: skip
    assert "Remove-ADPermission" not in one.advice


def test_an_entry_for_one_class_of_objects_says_so():
    body = (0x40000).to_bytes(4, "little") + (2).to_bytes(4, "little") + GROUPS.bytes_le + SERVICE
    entry = bytes((5, 2)) + (4 + len(body)).to_bytes(2, "little") + body
    (one,) = security_descriptor.aces(descriptor(entry))
    assert (one.reach, one.object_type) == (Reach("All", str(GROUPS)), "")
