import json
from datetime import date

import pytest
from msgspec.structs import replace

from exward.access import campaign
from exward.access.changes import Change, Given, RightChange
from exward.access.directory import MAX_PATH, assemble, effective
from exward.access.facts import (
    Kind,
    MailboxRight,
    Membership,
    Party,
    Place,
    Right,
    Role,
    Runs,
    Token,
)
from exward.access.judge import Material, judge
from exward.access.view import Limits
from exward.model.skipped import Skipped
from tests.access import made

HERE = Place("here", 1)
NOW = 1_790_000_000_000_000


def facts():
    every = (made.sharphound_users(), made.sharphound_groups(), made.sharphound_domain())
    return [one for part in every for one in made.read(json.dumps(part).encode())]


def found(extra=(), **material):
    directory = assemble([*facts(), *extra])
    return list(judge(Material(directory, **material), NOW))


def test_members_through_nesting_and_a_cycle_with_their_path():
    directory = assemble(facts())
    paths = effective(directory, directory.key(f"{made.DOMAIN}-512"))
    shown = {directory.name(one): [directory.name(g) for g in path] for one, path in paths.items()}
    assert shown == {
        "j.doe": ["DOMÄNEN-ADMINS"],
        "svc-backup": ["DOMÄNEN-ADMINS", "OPS"],
        "old.admin": ["DOMÄNEN-ADMINS", "OPS"],
    }


def test_a_time_in_the_future_makes_nobody_dormant():
    """One damaged attribute, or a forged log, must not move the clock for all."""
    year_9999 = 253_370_764_800_000_000
    later = Party(place=HERE, sid="S-1-5-21-1-2-3-1999", name="x", last_logon=year_9999)
    assert [one.why for one in found([later])] == [one.why for one in found()]


def test_a_hundred_thousand_members_are_summed_up():
    group = "S-1-5-21-1-2-3-512"
    many = [Party(place=HERE, sid=f"S-1-5-21-1-2-3-{rid}", name=f"u{rid}", kind=Kind.USER,
                  enabled=False) for rid in range(2000, 102_000)]  # fmt: skip
    links = [Membership(group, one.sid, HERE) for one in many]
    result = list(judge(Material(assemble([*many, *links])), NOW))
    assert sorted((one.rule, one.count, one.severity.value) for one in result) == [
        ("access-group-members", 100_000, "informational"),
        ("access-group-too-large", 100_000, "critical"),
        ("access-suspect-member", 100_000, "medium"),
    ]  # fmt: skip


def test_built_in_groups_of_two_domains_are_two():
    text = ""
    for domain, rid in (("a", 1101), ("b", 1102)):
        text += f"dn: CN=Administrators,CN=Builtin,DC={domain},DC=x\nobjectClass: group\n"
        text += f"objectSid: S-1-5-32-544\ncn: Administrators\nmember: CN=u{rid},DC=x\n\n"
    directory = assemble(one for one in made.read(text.encode()) if not isinstance(one, Skipped))
    groups = {directory.parties[key].domain: len(members)
              for key, members in directory.members.items()}  # fmt: skip
    assert groups == {"a.x": 1, "b.x": 1}
    titles = [one.server for one in judge(Material(directory), NOW)
              if one.rule == "access-group-members"]  # fmt: skip
    assert sorted(titles) == ["a.x", "b.x"]


def test_a_ring_of_many_groups_ends():
    size = 100_000
    links = [Membership(f"{made.DOMAIN}-512", "CN=g0", HERE)]
    for number in range(size):
        links += [Membership(f"CN=g{number}", f"CN=g{(number + 1) % size}", HERE),
                  Membership(f"CN=g{number}", f"CN=u{number}", HERE)]  # fmt: skip
    directory = assemble(links)
    paths = effective(directory, directory.key(f"{made.DOMAIN}-512"))
    assert len(paths) == size
    longest = paths[f"cn=u{size - 1}"]
    assert (longest[1], longest[-1], len(longest)) == ("cn=g0", f"cn=g{size - 1}", MAX_PATH + 1)
    assert directory.name(longest[MAX_PATH // 2]) == "…"


def test_a_large_group_is_made_smaller_by_its_nested_groups():
    members = [account(5000 + number, f"u{number}") for number in range(30)]
    links = [Membership(f"{made.DOMAIN}-1200", one.sid, HERE) for one in members]
    (one,) = (one for one in found([*members, *links]) if one.rule == "access-group-members")
    assert one.count == 33
    assert "1 direct, 32 through nested groups, 32 of these through OPS" in one.why
    assert one.advice.startswith(
        f"Take the nested group out first: Remove-ADGroupMember "
        "-Identity ('DOM' + [char]0x00C4 + 'NEN-ADMINS') "
        f"-Members '{made.DOMAIN}-1200'. Undo: Add-ADGroupMember"
    )


def test_many_suspects_are_counted_by_what_they_are():
    members = [account(5000 + number, f"u{number}", last_logon=0) for number in range(60)]
    links = [Membership(f"{made.DOMAIN}-1200", one.sid, HERE) for one in members]
    titles = {one.title for one in found([*members, *links])}
    assert "61 members of DOMÄNEN-ADMINS dormant or never used" in titles
    assert "1 member of DOMÄNEN-ADMINS kerberoastable" in titles


def test_suspects_are_named_with_reason_path_and_removal():
    by_account = {one.account: one for one in found() if one.rule == "access-suspect-member"}
    assert set(by_account) == {"svc-backup", "old.admin"}
    service = by_account["svc-backup"]
    assert service.severity == "high"
    for words in ("kerberoastable", "no logon for 1041 days", "not a personal", "never expires"):
        assert words in service.why
    assert "through OPS" in service.why
    assert f"Remove-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1102'" in service.advice
    assert "Undo: Add-ADGroupMember" in service.advice
    assert "disabled" in by_account["old.admin"].why


def test_rights_on_the_domain_that_are_not_usual():
    listed = {(one.rule, one.account) for one in found() if "domain" in one.rule}
    assert listed == {
        ("access-domain-rights", "EXCHANGE WINDOWS PERMISSIONS"),
        ("access-domain-replication", "svc-backup"),
    }


def test_a_change_in_a_nested_group_is_one_of_the_watched_group():
    change = Change(time=5, by="CONTOSO\\eve", group=f"{made.DOMAIN}-1200", added=True,
                    member=f"{made.DOMAIN}-1102", how="event 4728", place=HERE)  # fmt: skip
    added = [one for one in found(changes=(change,)) if one.rule == "access-member-added"]
    assert [(one.account, one.first) for one in added] == [("svc-backup", 5)]
    assert "through OPS by CONTOSO\\eve (event 4728)" in added[0].why
    assert f"Remove-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1102'" in added[0].advice


def test_each_member_says_since_when_and_by_whom():
    change = Change(time=1_700_000_000_000_000, by="CONTOSO\\eve", group=f"{made.DOMAIN}-1200",
                    member=f"{made.DOMAIN}-1102", added=True, how="event 4728",
                    place=HERE)  # fmt: skip
    (one,) = (one for one in found(changes=(change,)) if one.rule == "access-group-members")
    since = "on 2023-11-14 by CONTOSO\\eve (event 4728)"
    assert f"svc-backup (through OPS; added {since})" in one.why
    (item,) = (item for item in campaign.start([one], "j.boss", date(2027, 1, 1), 90).items
               if item.who == "svc-backup")  # fmt: skip
    assert item.added == since


def test_an_earlier_snapshot_says_who_came():
    earlier = assemble(one for one in facts() if not (
        isinstance(one, Membership) and one.member.endswith("-1102") and one.group.endswith("1200")
    ))  # fmt: skip
    changed = [one for one in found(earlier=earlier) if one.rule.startswith("access-member-")]
    assert [(one.rule, one.account) for one in changed] == [("access-member-added", "svc-backup")]


def test_admin_tier_is_only_asked_for_if_it_is_told():
    outside = [one for one in found(limits=Limits(admin_tier=("adm-*",)))
               if "outside of the admin tier" in one.why]  # fmt: skip
    assert {one.account for one in outside} == {"j.doe", "svc-backup", "old.admin"}


def role(name, assignee, **more):
    values = {"assignee_kind": "User", "delegating": False, "scope": "", "enabled": True}
    return Role(name=f"{name}-{assignee}", role=name, assignee=assignee, created=None, place=HERE,
                **{**values, **more})  # fmt: skip


def test_roles_that_setup_does_not_give():
    extra = [
        role("ApplicationImpersonation", "svc"),
        role("ApplicationImpersonation", "scoped", scope="Sales"),
        role("ApplicationImpersonation", "Organization Management", delegating=True),
        role("Role Management", "Organization Management", assignee_kind="RoleGroup"),
        role("Active Directory Permissions", "organization management"),
        role("Mailbox Import Export", "Default", assignee_kind="RoleAssignmentPolicy"),
        role("MyContactInformation", "Default", assignee_kind="RoleAssignmentPolicy"),
    ]
    listed = [one for one in found(extra) if one.rule.startswith("access-role")]
    assert {(one.account, one.severity.value) for one in listed} == {
        ("svc", "critical"), ("scoped", "high"), ("Default", "critical"),
        ("organization management", "critical"),  # a user with the name of a role group
    }  # fmt: skip


def test_shared_permissions_are_told_from_the_roles():
    extra = [role("Mail Recipient Creation", "Organization Management")]
    assert "access-shared-permissions" in {one.rule for one in found(extra)}
    assert "access-shared-permissions" not in {one.rule for one in found()}


def test_a_role_is_switched_off_and_on_again():
    (one,) = (one for one in found([role("ApplicationImpersonation", "s'vc")])
              if one.rule == "access-role-assignment")  # fmt: skip
    name = "'ApplicationImpersonation-s''vc'"
    assert one.advice == (
        f"Switch it off: Set-ManagementRoleAssignment {name} -Enabled $false. "
        f"Undo: Set-ManagementRoleAssignment {name} -Enabled $true. "
        f"When nobody has missed it: Remove-ManagementRoleAssignment {name}."
    )


@pytest.mark.parametrize(("right", "words"), [
    ("FullAccess", "MailboxPermission -Identity 'ceo' -User 'C\\bob' -AccessRights FullAccess"),
    ("SendAs", "ADPermission -Identity 'ceo' -User 'C\\bob' -ExtendedRights 'Send As'"),
    ("GenericAll", "ADPermission -Identity 'ceo' -User 'C\\bob' -AccessRights GenericAll"),
])  # fmt: skip
def test_a_right_on_a_mailbox_is_taken_and_given_back(right, words):
    extra = [MailboxRight("ceo", "C\\bob", right, False, False, HERE)]
    (one,) = (one for one in found(extra) if one.rule == "access-mailbox-full-access")
    assert one.advice.endswith(f"Remove-{words}. Undo: Add-{words}.")
    assert one.evidence[0].fields["undo"] == f"Add-{words}"
    assert one.title.endswith(f"mailbox: {right} of C\\bob on 1 mailbox")


@pytest.mark.parametrize(("trustee", "told"), [
    ("NT AUTHORITY\\SELF", False), ("NT-AUTORITÄT\\SELBST", False), ("S-1-5-10", False),
    ("CONTOSO\\Exchange Servers", False), ("CONTOSO\\self", True), ("CONTOSO\\System", True),
    ("CONTOSO\\Administrator", True),
])  # fmt: skip
def test_an_account_cannot_hide_behind_the_name_of_windows_own(trustee, told):
    extra = [MailboxRight("ceo", trustee, "FullAccess", False, False, HERE)]
    assert ("access-mailbox-full-access" in {one.rule for one in found(extra)}) is told


def test_an_inherited_right_has_no_command_where_it_does_not_stand():
    extra = [MailboxRight("ceo", "Everyone", "FullAccess", True, False, HERE)]
    (one,) = (one for one in found(extra) if one.rule == "access-mailbox-open-to-all")
    assert one.advice.startswith("It is inherited")
    assert "remove" not in one.evidence[0].fields


@pytest.mark.parametrize(("trustee", "told"), [
    (f"{made.DOMAIN}-512", False), ("S-1-5-21-9-9-9-519", False), ("S-1-5-21-9-9-9-512", True),
    (f"{made.DOMAIN}-1101", True),
])  # fmt: skip
def test_administrators_of_another_domain_have_no_rights_on_this_one(trustee, told):
    domain = Party(place=HERE, sid=made.DOMAIN, dn="DC=contoso,DC=example", kind=Kind.DOMAIN)
    listed = [one for one in found([domain, Right(made.DOMAIN, trustee, "WriteDacl", False, HERE)])
              if one.evidence[0].file == "here"]  # fmt: skip
    assert [one.rule for one in listed] == ["access-domain-rights"] * told
    words = "-Identity 'DC=contoso,DC=example' -User '{}' -AccessRights WriteDacl".format
    for one in listed:
        assert one.advice.endswith(f"Undo: Add-ADPermission {words(trustee)}.")


def test_mailboxes_open_to_all_or_to_one():
    rows = [("ceo", "Everyone"), ("ceo", "NT AUTHORITY\\SELF"), ("a@x", "CONTOSO\\a")]
    rows += [(f"m{number}", "CONTOSO\\svc") for number in range(25)]
    extra = [MailboxRight(box, who, "FullAccess", False, False, HERE) for box, who in rows]
    listed = [one for one in found(extra) if "mailbox" in one.rule]
    assert {(one.rule, one.count) for one in listed} == {
        ("access-mailbox-open-to-all", 1), ("access-mailboxes-of-one", 25)
    }  # fmt: skip


@pytest.mark.parametrize("first", [f"{made.DOMAIN}-1200", "S-1-5-11", f"{made.DOMAIN}-1190"])
def test_the_two_rights_that_copy_passwords_may_come_by_two_ways(first):
    eve, domain = f"{made.DOMAIN}-1190", f"{made.DOMAIN}"
    extra = [Party(place=HERE, sid=eve, name="eve", kind=Kind.USER),
             Membership(f"{made.DOMAIN}-1200", eve, HERE),
             Right(domain, first, "GetChanges", False, HERE),
             Right(domain, eve, "GetChangesAll", False, HERE)]  # fmt: skip
    listed = [one.account for one in found(extra) if one.rule == "access-domain-replication"]
    assert sorted(listed) == ["eve", "svc-backup"]


def test_an_account_that_is_named_like_a_group_of_exchange_is_none():
    eve = f"{made.DOMAIN}-1190"
    extra = [Party(place=HERE, sid=eve, name="Exchange Help", kind=Kind.USER),
             Party(place=HERE, sid=made.DOMAIN, dn="DC=contoso,DC=example"),
             Right(made.DOMAIN, eve, "WriteDacl", False, HERE)]  # fmt: skip
    (one,) = (one for one in found(extra) if one.account == "Exchange Help")
    assert f"Remove-ADPermission -Identity 'DC=contoso,DC=example' -User '{eve}'" in one.advice


def test_who_is_in_by_the_primary_group_cannot_be_taken_out_by_the_usual_command():
    admins = f"{made.DOMAIN}-512"
    extra = [Membership(admins, f"{made.DOMAIN}-1103", HERE, primary=True)]
    listed = {one.rule: one for one in found(extra) if "old.admin" in one.title + one.why}
    assert "Put it into Domain Users" in listed["access-suspect-member"].advice
    assert "old.admin (by its primary group)" in listed["access-group-members"].why
    places = listed["access-group-members"].evidence
    assert all("remove" not in one.fields for one in places if one.fields["member"] == "old.admin")


def test_a_hostile_name_stays_inside_its_quotation_marks():
    party = Party(place=HERE, dn="CN=x", name="x’; Remove-Item C:\\ #\n", enabled=False)
    extra = [party, Membership(f"{made.DOMAIN}-512", "CN=x", HERE)]
    advice = next(one.advice for one in found(extra) if one.account.startswith("x"))
    assert "-Members ('x' + [char]0x2019 + '; Remove-Item C:\\ #' + [char]0x000A)." in advice


def test_a_group_that_is_only_named_keeps_its_spelling():
    links = [Membership("Schema Admins", "S-1-5-21-1-2-3-9", HERE)]
    result = list(judge(Material(assemble(links)), NOW))
    assert "Schema Admins: 1 member to decide on" in {one.title for one in result}


def gift(kind, who, what, on="", **more):
    one = RightChange(time=1_772_000_000_000_000, by="CONTOSO\\eve", kind=kind, who=who, what=what,
                      on=on, added=True, how="a log", place=HERE)  # fmt: skip
    return replace(one, **more)


RIGHT_CHANGES = [
    (gift(Given.ROLE, "svc", "Mailbox Import Export"), "critical",
     "Mailbox Import Export given to svc by CONTOSO\\eve"),
    (gift(Given.ROLE, "svc", "Mailbox Import Export", "Sales"), "high", "given to svc over Sales"),
    (gift(Given.ROLE, "svc", "View-Only Recipients"), "low", "given to svc"),
    (gift(Given.ROLE, "", "", "x-svc", added=False), "low", "role removed: x-svc"),
    (gift(Given.MAILBOX, "bob", "FullAccess", "ceo"), "medium", "FullAccess on ceo given to bob"),
    (gift(Given.MAILBOX, "Everyone", "FullAccess", "ceo"), "critical", "That is everybody."),
    (gift(Given.MAILBOX, "bob", "Reviewer", "ceo:\\Calendar"), "low", "Reviewer on ceo"),
    (gift(Given.DIRECTORY, "bob", "WriteDacl", made.DOMAIN), "critical", "the whole domain"),
    (gift(Given.DIRECTORY, "bob", "WriteDacl", f"{made.DOMAIN}-512"), "critical", "Full control"),
    (gift(Given.DIRECTORY, "", "service name", f"{made.DOMAIN}-1101"), "high",
     "Service name of j.doe changed"),
    (gift(Given.DIRECTORY, "bob", "Receive-As", "DB01", by=""), "medium", "whom is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "severity", "words"), RIGHT_CHANGES)
def test_rights_that_were_given_or_taken(change, severity, words):
    (one,) = (one for one in found(right_changes=(change,)) if one.rule.startswith("access-right"))
    assert one.severity == severity
    assert words in one.why


def test_the_same_right_on_many_mailboxes_is_one_finding():
    many = tuple(gift(Given.MAILBOX, "bob", "FullAccess", f"m{n}") for n in range(25))
    (one,) = (one for one in found(right_changes=many) if one.rule == "access-right-given")
    assert (one.count, one.severity) == (25, "high")
    assert "m0, m1, m10 and 22 more" in one.why


def test_what_stands_says_since_when_and_by_whom():
    extra = [
        role("ApplicationImpersonation", "svc"),
        MailboxRight("ceo", "CONTOSO\\svc", "FullAccess", False, False, HERE),
    ]
    changes = (gift(Given.ROLE, "svc", "ApplicationImpersonation"),
               gift(Given.MAILBOX, "svc", "FullAccess, ReadPermission", "ceo"))  # fmt: skip
    by_rule = {one.rule: one for one in found(extra, right_changes=changes)}
    for rule in ("access-role-assignment", "access-mailbox-full-access"):
        assert "Given on 2026-02-25 by CONTOSO\\eve (a log)." in by_rule[rule].why


@pytest.mark.parametrize(
    ("denied", "inherited", "stands"),
    [("svc", False, False), ("svc", True, True), ("Everyone", False, False), ("bob", False, True)],
)
def test_a_denied_right_on_a_mailbox(denied, inherited, stands):
    extra = [
        MailboxRight("ceo", "svc", "FullAccess", False, False, HERE),
        MailboxRight("ceo", denied, "FullAccess", inherited, True, HERE),
    ]
    assert ("access-mailbox-full-access" in {one.rule for one in found(extra)}) == stands


def test_a_change_of_a_servers_own_group_is_not_one_of_the_domain():
    local = [Party(place=HERE, sid="EX01\\S-1-5-32-544", name="EX01\\Administrators",
                   kind=Kind.GROUP)]  # fmt: skip
    changes = [Change(time=5, by="", group="S-1-5-32-544", member="S-1-5-21-1-2-3-1101", added=True,
                      how="event 4732", place=HERE, host=host)
               for host in ("EX01.contoso.example", "DC01")]  # fmt: skip
    domain = [Membership("S-1-5-32-544", "S-1-5-21-1-2-3-1101", HERE)]
    added = [one.title for one in found([*local, *domain], changes=tuple(changes))
             if one.rule == "access-member-added"]  # fmt: skip
    assert added == ["Member added to EX01\\Administrators: j.doe",
                     "Member added to Administrators: j.doe"]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "trustee", "right", "told"),
    [
        ("512", "1101", "AddMember", True),
        ("512", "1101", "WriteSPN", False),
        ("512", "519", "GenericAll", False),
        ("1999", "1101", "GenericAll", False),  # no watched group
        ("1300", "512", "GenericAll", False),
        ("1300", "1101", "AddSelf", True),
        ("1300", "1300", "WriteDacl", False),
    ],
)
def test_rights_over_a_watched_group(target, trustee, right, told):
    extra = [Right(f"{made.DOMAIN}-{target}", f"{made.DOMAIN}-{trustee}", right, False, HERE)]
    listed = [one.account for one in found(extra) if one.rule == "access-group-rights"]
    assert listed == (["j.doe"] if told else [])


def test_what_the_server_counts_differs_from_the_lists():
    domain_admins, enterprise = f"{made.DOMAIN}-512", f"{made.DOMAIN}-519"
    extra = [
        Token(f"{made.DOMAIN}-1101", (domain_admins, enterprise, "S-1-5-32-545"), HERE),
        Token(f"{made.DOMAIN}-1102", (), HERE),
        Membership(enterprise, f"{made.DOMAIN}-1103", HERE),
    ]
    listed = {(one.rule, one.account, one.severity.value) for one in found(extra)
              if one.rule in {"access-hidden-member", "access-member-without-effect"}}  # fmt: skip
    assert listed == {
        ("access-hidden-member", "j.doe", "critical"),
        ("access-member-without-effect", "svc-backup", "low"),
    }


def account(rid, name, kind=Kind.USER, **more):
    return replace(Party(place=HERE, sid=f"{made.DOMAIN}-{rid}", name=name, kind=kind,
                         enabled=True), **more)  # fmt: skip


DAY = 86_400_000_000
EX01, DC01 = account(1005, "EX01$", Kind.COMPUTER), account(1000, "DC01$", Kind.COMPUTER)
SERVERS = [
    EX01, DC01, Membership(f"{made.DOMAIN}-516", DC01.sid, HERE),
    account(1301, "Exchange Trusted Subsystem", Kind.GROUP),
    Membership(f"{made.DOMAIN}-1301", EX01.sid, HERE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unconstrained": True}, "unconstrained delegation"),
        ({"sid_history": (f"{made.DOMAIN}-512",)}, "rights of DOMÄNEN-ADMINS (SID history)"),
        ({"no_password": True}, "may have an empty password"),
        ({"reversible": True}, "stored so that it can be read"),
        ({"password_set": NOW - 400 * DAY}, "password 400 days old"),
        ({"spns": ("a/b",), "encryption": 0, "password_set": NOW - 3 * DAY},
         "kerberoastable: a user account with 1 service name, tickets with RC4, password 3 days"),
        ({"spns": ("a/b",), "encryption": 0x18}, "with 1 service name"),
        ({"spns": ("a/b",), "encryption": 0x1B}, "tickets with DES"),
    ],
)  # fmt: skip
def test_what_the_directory_says_against_a_member(changed, words):
    extra = [account(1777, "nina", last_logon=NOW, **changed),
             Membership(f"{made.DOMAIN}-512", f"{made.DOMAIN}-1777", HERE)]  # fmt: skip
    (one,) = (one for one in found(extra, as_of=NOW)
              if (one.rule, one.account) == ("access-suspect-member", "nina"))  # fmt: skip
    assert words in one.why


def test_a_member_whose_password_a_server_keeps():
    extra = [Runs("CONTOSO\\j.doe", "service Backup", "FS01", HERE)]
    (one,) = (one for one in found(extra)
              if (one.rule, one.account) == ("access-suspect-member", "j.doe"))  # fmt: skip
    assert "kept by FS01" in one.why


def test_accounts_that_may_act_as_others():
    extra = [
        *SERVERS,
        replace(DC01, unconstrained=True),
        account(1401, "WEB01$", Kind.COMPUTER, unconstrained=True),
        account(1402, "svc-web", delegates_to=("cifs/dc01.contoso.example",), any_protocol=True),
        account(1403, "svc-app", delegates_to=("http/ex01:443",)),
        account(1404, "svc-far", delegates_to=("http/intranet",)),
        Right(EX01.sid, f"{made.DOMAIN}-1401", "AllowedToAct", False, HERE),
        Right(f"{made.DOMAIN}-1401", f"{made.DOMAIN}-1402", "AllowedToAct", False, HERE),
    ]
    listed = {(one.rule, one.account, one.severity.value) for one in found(extra)
              if "delegation" in one.rule}  # fmt: skip
    assert listed == {
        ("access-unconstrained-delegation", "WEB01$", "high"),
        ("access-constrained-delegation", "svc-web", "high"),
        ("access-constrained-delegation", "svc-app", "medium"),
        ("access-resource-delegation", "WEB01$", "critical"),
        ("access-resource-delegation", "svc-web", "medium"),
    }
    advice = [one.advice for one in found(extra) if one.rule == "access-resource-delegation"]
    assert any("Set-ADComputer 'EX01$' -Principals" in one for one in advice)
    assert not any("NAME" in one for one in advice)


def test_passwords_that_can_be_guessed_offline_the_oldest_first():
    extra = [
        account(1501, "new", spns=("a/b",), password_set=NOW - DAY),
        account(1502, "old", spns=("a/b",), password_set=NOW - 3000 * DAY),
        account(1503, "krbtgt", spns=("kadmin/changepw",)),
        account(1504, "open", no_preauthentication=True),
    ]
    by_rule = {one.rule: one for one in found(extra, as_of=NOW)}
    roast = by_rule["access-kerberoastable"]
    assert roast.count == 3  # svc-backup of the sample, too
    assert roast.why.index("old (") < roast.why.index("new (")
    assert "password 3,000 days old" in roast.why
    assert by_rule["access-no-preauthentication"].why == "1 account: open"


def test_roles_and_rights_of_an_earlier_snapshot_are_compared():
    before = [role("ApplicationImpersonation", "old"), role("Mailbox Search", "stays"),
              MailboxRight("ceo", "CONTOSO\\svc", "FullAccess", False, False, HERE)]  # fmt: skip
    now = [role("ApplicationImpersonation", "new"), role("Mailbox Search", "stays"),
           MailboxRight("cfo", "svc", "FullAccess", False, False, HERE),
           Right(made.DOMAIN, f"{made.DOMAIN}-1101", "WriteDacl", False, HERE)]  # fmt: skip
    told = {(one.rule, one.account, one.severity.value)
            for one in found(now, earlier=assemble([*facts(), *before]))
            if one.rule.startswith("access-right")}  # fmt: skip
    assert told == {
        ("access-right-given", "new", "critical"), ("access-right-taken", "old", "low"),
        ("access-right-given", "svc", "medium"), ("access-right-taken", "CONTOSO\\svc", "low"),
        ("access-right-given", "j.doe", "critical"),
    }  # fmt: skip


def test_what_was_not_exported_before_is_no_news():
    earlier = assemble(facts())
    told = {one.rule for one in found([role("Mailbox Search", "x")], earlier=earlier)}
    assert not {"access-right-given", "access-right-taken"} & told


def test_one_hand_in_two_forms_is_named_once():
    one = gift(Given.ROLE, "svc", "Mailbox Search")
    changes = (one, replace(one, by="contoso.example/Users/eve"))
    (one,) = (one for one in found(right_changes=changes) if one.rule == "access-right-given")
    assert "by CONTOSO\\eve (a log)" in one.why


def test_attributes_of_objects_that_nobody_watches_are_no_news():
    far = replace(gift(Given.DIRECTORY, "", "access list", "CN=somebody,DC=x"), how="event 5136")
    near = replace(far, on=f"{made.DOMAIN}-1101")
    right = replace(far, on=made.DOMAIN, who=f"{made.DOMAIN}-1102", what="GetChangesAll")
    # What leads to such a group matters as well: one inside of it, and where a member lies.
    inside = replace(far, on=f"{made.DOMAIN}-1200")
    unit = replace(far, on="OU=Staff,DC=contoso,DC=example", what="linked group policy")
    where = Party(place=HERE, sid=f"{made.DOMAIN}-1101", dn="CN=d,OU=Staff,DC=contoso,DC=example")
    listed = [one for one in found([where], right_changes=(far, near, right, inside, unit))
              if one.rule == "access-right-given"]  # fmt: skip
    assert {(one.title, one.severity.value) for one in listed} == {
        ("Access list of ops changed", "high"),
        ("Linked group policy of ou=staff,dc=contoso,dc=example changed", "medium"),
        ("Access list of j.doe changed", "high"),
        ("GetChangesAll on CONTOSO.EXAMPLE given to svc-backup", "critical"),
    }


def test_of_many_who_got_a_mailbox_the_latest_are_named():
    many = tuple(gift(Given.MAILBOX, f"u{n}", "FullAccess", f"m{n}", time=n) for n in range(80))
    listed = [one for one in found(right_changes=many) if one.rule == "access-right-given"]
    assert len(listed) == 51
    (rest,) = (one for one in listed if one.count == 30)
    assert rest.title == "Rights on mailboxes given to 30 more accounts"
    assert {one.account for one in listed if one is not rest} == {f"u{n}" for n in range(30, 80)}
