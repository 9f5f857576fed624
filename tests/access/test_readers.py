import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.access.directory import assemble
from exward.access.facts import Entry, Kind, MailboxRight, Membership, Party, Place, Right, Role
from exward.access.judge import Material, judge
from exward.access.readers import registry
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from tests.access import made
from tests.access.binary import ace, descriptor, sid
from tests.formats.memory_source import MemorySource


def of_type(facts, kind):
    return [one for one in facts if isinstance(one, kind)]


@pytest.mark.parametrize("version", [3, 4, 5, 6])
def test_sharphound_of_any_version(version):
    facts = made.read(json.dumps(made.sharphound_groups(version)).encode())
    links = {(one.group, one.member) for one in of_type(facts, Membership)}
    assert (f"{made.DOMAIN}-512", f"{made.DOMAIN}-1200") in links
    assert len(links) == 5
    users = of_type(made.read(json.dumps(made.sharphound_users(version)).encode()), Party)
    assert [(one.name, one.enabled, one.kind) for one in users] == [
        ("j.doe", True, Kind.USER), ("svc-backup", True, Kind.USER), ("old.admin", False, Kind.USER)
    ]  # fmt: skip
    assert users[0].last_logon == 1_790_000_000_000_000
    assert users[2].last_logon == 0


def test_sharphound_rights_of_old_and_new_form():
    rows = {"data": [{"ObjectIdentifier": "D", "Properties": {"name": "D"}, "Aces": [
        {"PrincipalSID": "A", "RightName": "WriteDacl"},
        {"PrincipalSID": "B", "RightName": "ExtendedRight", "AceType": "GetChangesAll"},
        {"PrincipalSID": "C", "RightName": "ReadLAPSPassword"},
    ]}]}  # fmt: skip
    found = of_type(made.read(json.dumps(rows).encode()), Right)
    assert [(one.trustee, one.right) for one in found] == [
        ("A", "WriteDacl"),
        ("B", "GetChangesAll"),
    ]


def test_a_damaged_object_does_not_take_the_others():
    text = json.dumps(made.sharphound_users()).encode()
    broken = text.replace(b'"samaccountname": "svc-backup"', b'"samaccountname": svc-backup"', 1)
    facts = made.read(broken)
    assert {one.name for one in of_type(facts, Party)} >= {"j.doe"}
    assert of_type(facts, Skipped)


MEMBER = {"distinguishedName": "CN=J,DC=a", "name": "J Doe", "objectClass": "user",
          "SamAccountName": "j.doe", "SID": {"Value": "S-1-5-21-1-2-3-1101"}}  # fmt: skip


@pytest.mark.parametrize("content", [MEMBER, [MEMBER], {"value": [MEMBER], "Count": 1}])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_members_as_json_also_a_single_one(content, encoding):
    data = json.dumps(content).encode(encoding)
    facts = made.read(data, "case/Get-ADGroupMember_Domain Admins.json")
    assert [(one.group, one.member) for one in of_type(facts, Membership)] == [
        ("Domain Admins", "S-1-5-21-1-2-3-1101")
    ]


def test_a_key_of_the_object_around_names_the_group():
    data = json.dumps({"Schema Admins": [MEMBER], "Ops": [MEMBER]}).encode()
    links = of_type(made.read(data, "members.json"), Membership)
    assert [one.group for one in links] == ["Schema Admins", "Ops"]


def test_a_member_of_no_known_group_is_said_to_be_so():
    facts = made.read(json.dumps([MEMBER]).encode(), "export.json")
    assert "does not say of which group" in of_type(facts, Skipped)[0].reason
    assert not of_type(facts, Membership)


@pytest.mark.parametrize("cut", ["System.Object[]", ["@{Name=x; Sid=}"], "@{Name=x}"])
def test_what_depth_has_cut_is_said_and_is_no_member(cut):
    data = json.dumps({"Name": "Organization Management", "Roles": [], "Members": cut}).encode()
    facts = made.read(data)
    assert not of_type(facts, Membership)
    assert "cut by the export" in of_type(facts, Skipped)[0].reason


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_members_as_csv_of_windows_powershell(delimiter, encoding):
    rows = [("distinguishedName", "name", "objectClass", "SamAccountName", "SID"),
            ("CN=Jürgen,DC=a", "Jürgen", "user", "jürgen", "S-1-5-21-1-2-3-9")]  # fmt: skip
    lines = ["#TYPE Microsoft.ActiveDirectory.Management.ADPrincipal"]
    lines += [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    facts = made.read("\r\n".join(lines).encode(encoding), "Domänen-Admins.csv")
    assert of_type(facts, Membership)[0].group == "Domänen-Admins"
    assert of_type(facts, Party)[0].name == "jürgen"


def test_role_assignments_and_mailbox_permissions_as_clixml():
    data = b"""<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
<Obj RefId="0"><MS><S N="Name">AI-svc</S><S N="Role">ApplicationImpersonation</S>
<S N="RoleAssigneeName">svc</S><S N="RoleAssigneeType">User</S><B N="Enabled">true</B>
<S N="RoleAssignmentDelegationType">Regular</S></MS></Obj>
<Obj RefId="1"><MS><S N="Identity">ceo</S><S N="User">CONTOSO\\svc</S><B N="Deny">false</B>
<Obj N="AccessRights" RefId="2"><LST><S>FullAccess</S><S>ReadPermission</S></LST></Obj>
<B N="IsInherited">false</B></MS></Obj></Objs>"""
    facts = made.read(data)
    assert [(one.role, one.assignee) for one in of_type(facts, Role)] == [
        ("ApplicationImpersonation", "svc")
    ]
    assert [one.right for one in of_type(facts, MailboxRight)] == ["FullAccess", "ReadPermission"]


REPLICATE_ALL = bytes.fromhex("ad f6 31 11 07 9c d1 11 f7 9f 00 c0 4f c2 dc d2")


def test_ldif_with_folded_and_encoded_values_and_a_descriptor():
    acl = descriptor(
        ace(0x40000, sid(21, 1, 2, 3, 1300)),
        ace(0x100, sid(21, 1, 2, 3, 1102), REPLICATE_ALL),
        ace(0x40000, sid(21, 1, 2, 3, 1301), flags=0x08),  # only there to be inherited
    )
    data = b"version: 1\n\ndn: DC=contoso,DC=example\nobjectClass: domainDNS\nobjectSid:: "
    data += base64.b64encode(sid(21, 1, 2, 3)) + b"\nnTSecurityDescriptor:: "
    data += base64.b64encode(acl) + b"\n\ndn: CN=A,DC=contoso,\n DC=example\nobjectClass: group\n"
    data += b"member;range=0-1499: CN=B,DC=x\nmember: CN=C,DC=x\n\ndn: CN=Z\nchangetype: delete\n"
    facts = made.read(data)
    assert [(one.trustee, one.right) for one in assemble(of_type(facts, Entry)).rights] == [
        ("S-1-5-21-1-2-3-1300", "WriteDacl"), ("S-1-5-21-1-2-3-1102", "GetChangesAll")
    ]  # fmt: skip
    assert [one.member for one in of_type(facts, Membership)] == ["CN=B,DC=x", "CN=C,DC=x"]
    assert of_type(facts, Party)[1].domain == "contoso.example"
    assert "record of a change" in of_type(facts, Skipped)[0].reason


def test_ldif_tells_delegation_encryption_and_history():
    acts = base64.b64encode(descriptor(ace(0xF01FF, sid(21, 1, 2, 3, 1401))))
    data = b"dn: CN=EX01,DC=a\nobjectClass: computer\nsAMAccountName: EX01$\n"
    data += b"userAccountControl: 17305760\nmsDS-SupportedEncryptionTypes: 28\n"
    data += b"msDS-AllowedToDelegateTo: cifs/dc01\nsIDHistory: S-1-5-21-9-9-9-512\n"
    data += b"msDS-AllowedToActOnBehalfOfOtherIdentity:: " + acts + b"\n"
    facts = made.read(data)
    (party,) = of_type(facts, Party)
    # 0x10810a0: a computer, no password required, delegation, any protocol.
    assert (party.enabled, party.no_password, party.any_protocol) == (True, True, True)
    assert (party.unconstrained, party.encryption) == (True, 28)
    assert (party.delegates_to, party.sid_history) == (("cifs/dc01",), ("S-1-5-21-9-9-9-512",))
    assert [(one.trustee, one.right) for one in of_type(facts, Right)] == [
        ("S-1-5-21-1-2-3-1401", "AllowedToAct")
    ]


def test_accounts_of_get_aduser_with_all_properties():
    row = {"Name": "svc", "SamAccountName": "svc", "objectClass": "user", "Enabled": True,
           "UserPrincipalName": "svc@a", "SID": "S-1-5-21-1-2-3-5", "TrustedForDelegation": True,
           "TrustedToAuthForDelegation": False, "PasswordNotRequired": False,
           "msDS-SupportedEncryptionTypes": 24, "msDS-AllowedToDelegateTo": ["a/b", "c/d"],
           "ServicePrincipalNames": ["x/y"],
           "PrincipalsAllowedToDelegateToAccount": ["CN=W,DC=a"]}  # fmt: skip
    facts = made.read(json.dumps([row]).encode())
    (party,) = of_type(facts, Party)
    assert (party.unconstrained, party.any_protocol, party.encryption) == (True, False, 24)
    assert party.delegates_to == ("a/b", "c/d")
    assert [(one.trustee, one.right) for one in of_type(facts, Right)] == [
        ("CN=W,DC=a", "AllowedToAct")
    ]


def test_sharphound_tells_delegation():
    row = {"ObjectIdentifier": "S-1-5-21-1-2-3-9", "Sessions": [],
           "AllowedToAct": [{"ObjectIdentifier": "S-1-5-21-1-2-3-8"}],
           "Properties": {"name": "EX01", "unconstraineddelegation": True, "trustedtoauth": True,
                          "allowedtodelegate": ["a/b"], "sidhistory": ["S-1-5-1"]}}  # fmt: skip
    facts = made.read(json.dumps({"data": [row], "meta": {"methods": 0}}).encode())
    (party,) = of_type(facts, Party)
    assert (party.unconstrained, party.any_protocol, party.delegates_to) == (True, True, ("a/b",))
    assert [one.right for one in of_type(facts, Right)] == ["AllowedToAct"]


PERMISSION = {"Identity": "contoso.example", "User": "CONTOSO\\eve", "AccessRights": ["WriteDacl"],
              "ExtendedRights": None, "Deny": False, "IsInherited": False, "InheritanceType": "All",
              "Properties": None, "InheritedObjectType": None}  # fmt: skip
REPLICATES = {"AccessRights": ["ExtendedRight"],
              "ExtendedRights": ["DS-Replication-Get-Changes-All"]}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, ["WriteDacl"]),
        ({"AccessRights": "GenericAll"}, ["GenericAll"]),
        (REPLICATES, ["GetChangesAll"]),
        ({"AccessRights": ["WriteProperty"], "Properties": ["Member"]}, ["AddMember"]),
        ({"AccessRights": ["WriteProperty"], "Properties": ["Some-Thing"]}, []),
        ({"AccessRights": ["Self"], "Properties": ["Self-Membership"]}, ["AddSelf"]),
        ({"AccessRights": ["ReadProperty, GenericExecute"]}, []),
        ({"InheritanceType": "Descendents"}, []),
        ({"Deny": True}, []),
    ],
)
def test_permissions_on_the_domain(changed, wanted):
    facts = made.read(json.dumps([PERMISSION | changed, {**PERMISSION, **REPLICATES}]).encode())
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    given = [one.right for one in directory.rights if one.place.position]
    assert sorted([*wanted, "GetChangesAll"]) == sorted(given)
    # The right to replicate says that the object is a domain.
    assert directory.parties[directory.key("DC=contoso,DC=example")].kind is Kind.DOMAIN
    assert directory.key("contoso.example") == directory.key("DC=contoso,DC=example")


@pytest.mark.parametrize("form", ["json", "csv", "clixml"])
def test_permissions_in_every_form(form):
    rows = {
        "json": json.dumps([PERMISSION]),
        "csv": '#TYPE X\n"Identity","User","AccessRights","ExtendedRights","Deny","IsInherited"\n'
               '"contoso.example/System/AdminSDHolder","CONTOSO\\eve","WriteDacl","","False",'
               '"False"\n',
        "clixml": '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
                  '<Obj RefId="0"><MS><S N="Identity">contoso.example</S><S N="User">C\\eve</S>'
                  '<Obj N="AccessRights" RefId="1"><LST><S>WriteDacl</S></LST></Obj>'
                  '<Nil N="ExtendedRights" /><B N="Deny">false</B></MS></Obj></Objs>',
    }  # fmt: skip
    found = of_type(made.read(rows[form].encode()), Entry)
    assert [(one.mask, one.allow) for one in found] == [(0x40000, True)]


def test_permissions_on_adminsdholder_are_known_by_its_name():
    rows = [{**PERMISSION, "Identity": "contoso.example/System/AdminSDHolder"}]
    directory = assemble(one for one in made.read(json.dumps(rows).encode())
                         if not isinstance(one, Skipped))  # fmt: skip
    (right,) = directory.rights
    assert directory.key(right.target) == "cn=adminsdholder,cn=system,dc=contoso,dc=example"


def test_send_as_of_a_database_is_still_a_right_on_mail():
    row = {"Identity": "DB01", "User": "CONTOSO\\eve", "AccessRights": ["ExtendedRight"],
           "ExtendedRights": ["Receive-As"], "IsInherited": False, "Deny": False}  # fmt: skip
    found = of_type(made.read(json.dumps([row]).encode()), MailboxRight)
    assert "ReceiveAs" in {one.right for one in found}


def test_ldif_says_what_a_url_stands_for_and_fetches_nothing(tmp_path):
    (tmp_path / "members").write_text("CN=Eve,DC=a", "utf-8")
    url = (tmp_path / "members").as_uri()
    data = f"dn: CN=A,DC=a\nobjectClass: group\nmember: CN=B,DC=a\nmember:< {url}\nnonsense\n"
    found = made.read(data.encode())
    assert [one.member for one in of_type(found, Membership)] == ["CN=B,DC=a"]
    assert [(one.reason, one.count) for one in of_type(found, Skipped)] == [
        ("values that a URL stands for (not fetched)", 1),
        ("lines that are no attribute and value", 1),
    ]


@pytest.mark.parametrize("line", [b" \n", b"a:\n"])
def test_an_ldif_entry_of_very_many_short_lines_is_not_held(line):
    data = b"dn: CN=A,DC=a\nobjectClass: group\n" + line * 1_100_000 + b"\ndn: CN=B,DC=a\n"
    found = made.read(data)
    assert [one.reason for one in of_type(found, Skipped)] == ["entry larger than 64 MiB"]
    assert [one.dn for one in of_type(found, Party)] == ["CN=B,DC=a"]


def test_members_that_powershell_5_joined_with_blanks():
    joined = "CN=Doe\\, J,OU=Staff,DC=a,DC=b cn=R CN=x,DC=a,DC=b OU=z,DC=a,DC=b"
    group = {"Name": "Ops", "GroupScope": 1, "Members": joined}
    found = of_type(made.read(json.dumps(group).encode()), Membership)
    assert [one.member for one in found] == [
        "CN=Doe\\, J,OU=Staff,DC=a,DC=b", "cn=R CN=x,DC=a,DC=b", "OU=z,DC=a,DC=b"
    ]  # fmt: skip


def test_rights_that_powershell_5_joined_with_blanks():
    row = {"Identity": "ceo", "User": "C\\bob", "AccessRights": "FullAccess ReadPermission",
           "ExtendedRights": "Send As", "IsInherited": False, "Deny": False}  # fmt: skip
    found = of_type(made.read(json.dumps(row).encode()), MailboxRight)
    assert [one.right for one in found] == ["FullAccess", "ReadPermission", "SendAs"]


SAMPLES = [
    made.area("directory-groups", [{"Name": "Ops", "Sid": "S-1-5-1", "Members": [{"Name": "a"}]}]),
    made.area("directory-access", [{"Dn": "DC=a", "Sid": "S-1-5-1", "Rights": "WriteDacl"}]),
    json.dumps(made.sharphound_groups()).encode(),
    json.dumps([MEMBER] * 3).encode(),
    b'"objectClass","name","SamAccountName","SID"\n"user","a","a","S-1-5-1"\n',
    b"dn: CN=A\nobjectClass: group\nnTSecurityDescriptor:: "
    + base64.b64encode(descriptor(ace(0xF01FF, sid(18)))) + b"\n",
]  # fmt: skip


@given(st.sampled_from(SAMPLES), st.integers(0, 400), st.binary(max_size=8))
def test_damage_never_raises(sample, at, junk):
    data = sample[:at] + junk + sample[at + len(junk) :]
    source = MemorySource(data, "x")
    for reader in registry.readers():
        reader.recognises("x", source.head)
        with suppress(EvidenceError):  # of the forms that are read whole
            list(reader.read(source))


def test_every_reader_has_a_name_of_its_own():
    names = [one.NAME for one in registry.readers()]
    assert len(set(names)) == len(names) >= 5


@pytest.mark.parametrize("named", [True, False], ids=["with-dn", "without-dn"])
def test_a_domain_of_sharphound_and_of_an_export_is_one(named):
    text = json.dumps(made.sharphound_domain())
    if named:
        told = '"distinguishedname": "DC=contoso,DC=example", "domain": '
        text = text.replace('"domain": ', told, 1)
    row = {"Identity": "DC=contoso,DC=example", "User": "CONTOSO\\Exchange Windows Permissions",
           "AccessRights": ["WriteDacl"], "ExtendedRights": [], "IsInherited": False,
           "Deny": False}  # fmt: skip
    facts = [*made.read(text.encode()), *made.read(json.dumps([row]).encode()),
             Party(place=Place("here", 1), dn="CN=A,DC=contoso,DC=example", name="a")]  # fmt: skip
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    assert [one.sid for one in directory.parties.values() if one.kind is Kind.DOMAIN] == [
        made.DOMAIN
    ]
    found = [one for one in judge(Material(directory), 0) if one.rule == "access-domain-rights"]
    assert [one.account for one in found] == ["EXCHANGE WINDOWS PERMISSIONS"]


@pytest.mark.parametrize("written", ["1e999", "1e308", "NaN", "9223372036854775807"])
def test_a_number_that_is_no_time_is_none(written):
    data = json.dumps(made.sharphound_users()).replace("1790000000", written).encode()
    (doe,) = (one for one in made.read(data) if isinstance(one, Party) and one.name == "j.doe")
    assert doe.last_logon is None
