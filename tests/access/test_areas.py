"""What the collector writes of people is read, and read as what it is."""

import json
import re
import struct
from collections import Counter
from pathlib import Path

import pytest

from exward.access.areas import registry
from exward.access.directory import assemble
from exward.access.facts import Kind, Party, Right, Runs
from exward.access.judge import Material, judge
from exward.access.readers import registry as readers
from exward.collector.script import make_script
from exward.model.skipped import Skipped
from tests.access import made

DOC = (Path(__file__).parents[2] / "docs" / "collector.md").read_text("utf-8")
OF_PEOPLE = re.compile(r"`(?:Sid|Trustee|User|Members|RoleAssignee|RunAs|Account|SamAccountName)`")
"""Members that name somebody who is, has or may do something."""
ELSEWHERE = {
    "processes": "what runs now: exward posture",
    "shares": "rights on files: exward posture",
    "folders": "rights on files: exward posture",
    "get-user": "one switch, RemotePowerShellEnabled: exward posture",
}


def areas_of_people():
    for line in DOC.split("\n## Areas\n")[1].splitlines():
        cells = re.split(r"(?<!\\)\|", line)
        if line.startswith("| `") and OF_PEOPLE.search(cells[2]):
            yield from (name.casefold() for name in re.findall(r"`([\w-]+)`", cells[1]))


@pytest.mark.parametrize("area", sorted(set(areas_of_people())))
def test_every_area_of_people_has_a_reader_or_is_judged_elsewhere(area):
    assert (area in registry.readers()) != (area in ELSEWHERE)


def test_every_area_that_is_read_is_written():
    script = make_script().casefold()
    of_areas = [name for name in registry.readers() if not name.startswith("get-")]
    assert len(of_areas) >= 5
    for name in of_areas:
        assert f"register-area '{name}'" in script


def everything():
    return [one for path, data in made.collected().items() for one in made.read(data, path)]


def test_a_collection_is_one_directory():
    facts = everything()
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    names = Counter(directory.name(key) for key in directory.parties)
    # Who is named by SID here, by the name of Exchange there, and by account elsewhere is one.
    assert names["j.doe"] == names["svc-backup"] == names["Organization Management"] == 1
    management = directory.key("Organization Management")
    assert {directory.name(one) for one in directory.members[management]} == {"j.doe", "Ops"}
    backup = directory.parties[directory.key("svc-backup")]
    assert (backup.last_logon, backup.spns, backup.kind) == (0, ("backup/fs01",), Kind.USER)
    assert [one.reason for one in facts if isinstance(one, Skipped)] == [
        "the collector could not read: OU=x: not in this domain"
    ]


def test_a_collection_is_judged():
    directory = assemble(one for one in everything() if not isinstance(one, Skipped))
    found = {(one.rule, one.account or one.title) for one in judge(Material(directory), 0)}
    assert found >= {
        ("access-suspect-member", "svc-backup"),
        ("access-domain-rights", "Exchange Windows Permissions"),
        ("access-role-assignment", "svc-backup"),
        ("access-mailbox-full-access", "CONTOSO\\j.doe"),
        ("access-group-members", "EX01\\Administrators: 2 members to decide on"),
    }
    # One who is denied what he is allowed has no right.
    assert ("access-domain-rights", "j.doe") not in found


def test_rights_on_members_and_on_where_they_lie_are_judged():
    facts = [one for one in everything() if not isinstance(one, Skipped)]
    row = {"Object": "member", "Dn": "CN=J.Doe,CN=Users,DC=contoso,DC=example", "Type": "Allow",
           "Sid": "S-1-5-21-1-2-3-1400", "Trustee": "CONTOSO\\helpdesk", "Inherited": False,
           "Rights": "ExtendedRight", "ObjectType": "00299570-246d-11d0-a768-00aa006e0529",
           "InheritedObjectType": "00000000-0000-0000-0000-000000000000", "InheritOnly": False,
           "InheritanceType": "None"}  # fmt: skip
    unit = row | {"Object": "unit", "Dn": "CN=Users,DC=contoso,DC=example", "Rights": "WriteDacl",
                  "ObjectType": "00000000-0000-0000-0000-000000000000"}  # fmt: skip
    owner = row | {"Rights": "Owner", "ObjectType": "", "InheritedObjectType": ""}
    facts += [one for one in made.read(made.area("directory-access", [row, unit, owner]))
              if not isinstance(one, Skipped)]  # fmt: skip
    found = {one.rule: one for one in judge(Material(assemble(facts)), 0)}
    account = found["access-account-rights"]
    assert account.title == "helpdesk may take over j.doe"
    assert "ForceChangePassword, Owns on j.doe" in account.why
    assert "-ExtendedRights 'User-Force-Change-Password' -InheritanceType None" in account.advice
    assert "WriteDacl on Users" in found["access-container-rights"].why


def test_an_administrator_of_a_server_is_removed_there():
    directory = assemble(one for one in everything() if not isinstance(one, Skipped))
    (found,) = (one for one in judge(Material(directory), 0) if one.title.startswith("EX01\\"))
    (helper,) = (one for one in found.evidence if one.fields["member"] == "helper")
    assert found.server == "ex01.contoso.example"
    assert helper.fields["remove"] == (
        "Remove-LocalGroupMember -Group 'Administrators' -Member 'S-1-5-21-9-9-9-1001'"
    )


def test_rows_that_are_no_objects_and_missing_names_are_counted():
    data = made.area("directory-groups", ["x", {"Members": []}, {"Name": "A", "Members": [{}, 7]}])
    lost = {one.reason: one.count for one in made.read(data) if isinstance(one, Skipped)}
    assert lost == {
        "rows that are no objects": 1,
        "a group has no name": 1,
        "a member has no name": 1,
    }


@pytest.mark.parametrize("data", [None, {}, [], {"value": [], "Count": 0}])
def test_an_empty_area_says_nothing(data):
    assert made.read(made.area("directory-groups", data)) == []


def test_an_area_of_other_things_is_no_business_of_this():
    head = made.area("software", [{"Name": "x", "Members": []}])
    assert readers.identify("inventory/software.json", head) is None


def test_what_the_manifest_says_is_missing():
    manifest = {"schema": "exward.collection/1", "server": "EX01", "not_collected": [
        {"what": "inventory/directory-groups.json", "why": "no domain controller answered"},
        {"what": "inventory/software.json", "why": "x"}]}  # fmt: skip
    lost = made.read(json.dumps(manifest).encode(), "manifest.json")
    assert [one.reason for one in lost if isinstance(one, Skipped)] == [
        "not collected: directory-groups: no domain controller answered"
    ]


def test_a_member_of_another_domain_keeps_its_whole_name():
    dn = "CN=Eve,CN=Users,DC=fabrikam,DC=example"
    data = made.area("directory-groups", [{"Name": "A", "Members": [{"Name": dn, "Dn": dn}]}])
    (party,) = (one for one in made.read(data) if isinstance(one, Party) and one.dn)
    assert (party.name, party.domain) == ("", "fabrikam.example")


def test_services_and_tasks_tell_whose_password_a_server_keeps():
    rows = [{"Name": "Backup", "Account": "CONTOSO\\svc-backup", "RunAs": "svc-task"},
            {"Name": "W3SVC", "Account": "LocalSystem", "RunAs": "SYSTEM"},
            {"Name": "Pool", "Account": "NT SERVICE\\x", "RunAs": "S-1-5-18"}]  # fmt: skip
    for area, account, what in (("services", "CONTOSO\\svc-backup", "service Backup"),
                                ("scheduled-tasks", "svc-task", "task Backup")):  # fmt: skip
        (one,) = made.read(made.area(area, rows))
        assert isinstance(one, Runs)
        assert (one.account, one.what, one.server) == (account, what, "EX01.contoso.example")


def test_an_account_with_all_that_the_collector_says():
    acts = security_descriptor_of("S-1-5-21-1-2-3-1401")
    row = {"Name": "EX01", "Sid": "S-1-5-21-1-2-3-9", "Class": "computer", "Enabled": True,
           "UserAccountControl": 528384, "SupportedEncryptionTypes": None, "AllowedToAct": acts,
           "AllowedToDelegateTo": ["a/b"], "LastLogon": None, "AdminCount": 1}  # fmt: skip
    party, right = made.read(made.area("directory-accounts", [row]))
    assert isinstance(party, Party)
    assert (party.unconstrained, party.encryption, party.last_logon) == (True, 0, 0)
    assert party.admin_count is True
    assert party.delegates_to == ("a/b",)
    assert isinstance(right, Right)
    assert (right.trustee, right.right) == ("S-1-5-21-1-2-3-1401", "AllowedToAct")
    damaged = made.read(made.area("directory-accounts", [row | {"AllowedToAct": "zz"}]))
    reasons = [one.reason for one in damaged if isinstance(one, Skipped)]
    assert len(reasons) == 1
    assert reasons[0].startswith("AllowedToAct cannot be read")


def security_descriptor_of(trustee):
    """One entry that allows everything, self-relative, as hexadecimal text."""
    parts = [int(part) for part in trustee.split("-")[3:]]
    sid = bytes((1, len(parts))) + (5).to_bytes(6, "big") + struct.pack(f"<{len(parts)}I", *parts)
    entry = struct.pack("<BBHI", 0, 0, 8 + len(sid), 0xF01FF) + sid
    acl = struct.pack("<BBHHH", 4, 0, 8 + len(entry), 1, 0) + entry
    return (struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + acl).hex()


def test_several_servers_that_say_the_same_make_no_more_findings():
    def titles(servers):
        facts = [
            one
            for server in servers
            for path, data in made.collected().items()
            for one in made.read(data, f"{server}/{path}")
            if not isinstance(one, Skipped)
        ]
        return sorted((one.id, one.title, one.count) for one in judge(Material(assemble(facts)), 0))

    once = titles(["EX01"])
    assert len({one[0] for one in once}) == len(once)
    assert [one[:2] for one in titles(["EX01", "EX02"])] == [one[:2] for one in once]
