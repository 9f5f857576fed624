import json
import re

import pytest
import yaml

from tests.access import made


@pytest.fixture
def campaign(run, tmp_path):
    """A campaign file, and the archive it was made from."""
    folder = made.write_sharphound(tmp_path / "now")
    results, file = tmp_path / "r.jsonl", tmp_path / "q4.yml"
    run("access", folder, "--format", "jsonl", "--output", results)
    assert run("access", "review", "start", results, file, "--owner", "j.boss").code == 0
    return folder, file


def decide(file, decisions):
    values = yaml.safe_load(file.read_text("utf-8"))
    for item in values["items"]:
        item["decision"], item["why"] = decisions[item["who"]]
    file.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")


def finish(run, tmp_path, file):
    files = ("--key", tmp_path / "key", "--record", tmp_path / "record.json")
    return run("access", "review", "finish", file, *files, "--accepted", tmp_path / "risks.yml")


KEPT = {"j.doe": ("keep", "on call"), "svc-backup": ("keep", "ticket 4711"),
        "old.admin": ("remove", ""), "EXCHANGE WINDOWS PERMISSIONS": ("remove", "")}  # fmt: skip


def test_a_campaign_from_its_start_to_the_next_review(run, tmp_path, campaign):
    folder, file = campaign
    decide(file, KEPT)
    ended = finish(run, tmp_path, file)
    assert ended.code == 0
    assert ended.out == (
        f"Remove-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1103'\n"
        f"# Undo: Add-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1103'\n"
        "# By hand, as the results of the review say: EXCHANGE WINDOWS PERMISSIONS: WriteDacl on "
        "CONTOSO.EXAMPLE\n"
    )
    assert "the next review is due on" in ended.err
    after = run("access", folder, "--accepted", tmp_path / "risks.yml")
    assert "accepted: 2 findings" in after.out
    assert "Right to replicate every password of the domain: svc-backup" not in after.out
    assert "Suspect member of DOMÄNEN-ADMINS: svc-backup" not in after.out
    assert "Suspect member of DOMÄNEN-ADMINS: old.admin" in after.out


def test_a_record_that_was_changed_is_found_out(run, tmp_path, campaign):
    decide(campaign[1], KEPT)
    finish(run, tmp_path, campaign[1])
    record = tmp_path / "record.json"
    key = json.loads(record.read_text("utf-8"))["public_key"]
    assert run("access", "review", "verify", record, "--public-key", key).code == 0
    record.write_text(record.read_text("utf-8").replace("ticket 4711", "ticket 4712"), "utf-8")
    ended = run("access", "review", "verify", record, "--public-key", key)
    assert ended.code == 3
    assert "is not as this key signed it" in ended.err


@pytest.mark.parametrize(
    ("member", "answer", "words"),
    [
        ("j.doe", ("", ""), "decision is missing"),
        ("j.doe", ("maybe", ""), "decision is maybe"),
        ("j.doe", ("keep", " "), "why it is kept is missing"),
    ],
)
def test_what_is_not_decided_is_named(run, tmp_path, campaign, member, answer, words):
    decide(campaign[1], KEPT | {member: answer})
    ended = finish(run, tmp_path, campaign[1])
    assert ended.code == 3
    assert words in ended.err
    assert not (tmp_path / "record.json").exists()


def test_decisions_are_not_overwritten(run, tmp_path, campaign):
    ended = run("access", "review", "start", tmp_path / "r.jsonl", campaign[1], "--owner", "x")
    assert ended.code == 2
    assert "exists already" in ended.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"due: .*", "due: 2026-13-45"),
        (r"due: .*", "due: 0000-01-01"),
        (r"every_days: .*", "every_days: 999999999999"),
        (r"every_days: .*", "every_days: 367"),
        (r"every_days: .*", f"every_days: {'9' * 5000}"),
        (r"owner: .*", 'owner: "\\\\ud800"'),
        (r"owner: .*", "? [a]\n: b"),
        (r"(?s).*", "items: [1]"),
        (r"(?s).*", "[" * 5000),
        (r"(?s).*", "\0"),
    ],
)
def test_a_file_that_is_no_campaign(run, tmp_path, campaign, before, after):
    decide(campaign[1], KEPT)
    text = campaign[1].read_text("utf-8")
    campaign[1].write_text(re.sub(before, after, text, count=1), "utf-8")
    ended = finish(run, tmp_path, campaign[1])
    assert (ended.code, ended.out) == (3, "")
    assert "is no campaign" in ended.err


def test_accepted_risks_in_another_encoding_are_said(run, tmp_path, campaign):
    decide(campaign[1], KEPT)
    (tmp_path / "risks.yml").write_text("[]", "utf-16")
    ended = finish(run, tmp_path, campaign[1])
    assert ended.code == 3
    assert "is no UTF-8" in ended.err


@pytest.mark.parametrize("command", [
    "Remove-ADGroupMember -Identity 'OPS' -Members 'x'; Remove-Item C:\\ -Recurse",
    "Remove-ADGroupMember -Identity 'OPS' -Members 'x’; calc #'",
    "Add-ADGroupMember -Identity 'OPS' -Members 'x'\nStop-Computer",
    "Remove-Item 'x'",
    # In the code page of many a server one byte of ё is a quotation mark.
    "Remove-ADGroupMember -Identity 'OPS' -Members 'ё; calc #'",
    # What gives somebody something removes nothing, and what undoes takes back this removal only.
    "Add-ADGroupMember -Identity 'Domain Admins' -Members 'eve'",
    "Set-ManagementRoleAssignment 'eve' -Enabled $true",
])  # fmt: skip
@pytest.mark.parametrize("field", ["remove", "undo"])
def test_commands_that_somebody_put_into_the_file_are_not_printed(
    run, tmp_path, campaign, field, command
):
    file = campaign[1]
    decide(file, {**KEPT, "j.doe": ("remove", "")})
    values = yaml.safe_load(file.read_text("utf-8"))
    values["items"][0][field] = command
    file.write_text(yaml.safe_dump(values), "utf-8")
    ended = finish(run, tmp_path, file)
    assert (ended.code, ended.out) == (3, "")
    assert "no command that exward writes" in ended.err
    assert not (tmp_path / "record.json").exists()


ROLES = [
    {"Name": name, "Role": "ApplicationImpersonation", "Enabled": True, "RoleAssigneeName": who,
     "RoleAssigneeType": "User", "RecipientWriteScope": "Organization",
     "RoleAssignmentDelegationType": "Regular"}
    for name, who in (("AI-backup", "svc-backup"), ("AI-old", "svc-old"))
]  # fmt: skip


def permission(mailbox, who, **more):
    return {"Identity": f"contoso.example/Staff/{mailbox}", "User": f"CONTOSO\\{who}",
            "AccessRights": ["FullAccess"], "IsInherited": False, "Deny": False,
            "InheritanceType": "All"} | more  # fmt: skip


def started(run, tmp_path, rows, name="q4.yml"):
    """A campaign over these exports."""
    export, results, file = tmp_path / "x.json", tmp_path / "r.jsonl", tmp_path / name
    export.write_text(json.dumps(rows), "utf-8")
    run("access", export, "--format", "jsonl", "--output", results)
    assert run("access", "review", "start", results, file, "--owner", "j.boss").code == 0
    return file


def listed(file):
    items = yaml.safe_load(file.read_text("utf-8"))["items"]
    return {(one["who"], one["what"], one.get("where", "")) for one in items}


def test_roles_and_rights_on_mail_are_decided_on_as_well(run, tmp_path):
    rows = [*ROLES, permission("Ceo", "svc-old"), permission("Cfo", "deputy"),
            permission("Cto", "deputy"),
            permission("Ceo", "printer", AccessRights=["ExtendedRight"],
                       ExtendedRights=["Send-As"], InheritanceType="None")]  # fmt: skip
    file = started(run, tmp_path, rows)
    assert listed(file) == {
        ("svc-backup", "ApplicationImpersonation", "everything"),
        ("svc-old", "ApplicationImpersonation", "everything"),
        ("CONTOSO\\svc-old", "FullAccess", "contoso.example/Staff/Ceo"),
        ("CONTOSO\\printer", "SendAs", "contoso.example/Staff/Ceo"),
        ("CONTOSO\\deputy", "FullAccess", "contoso.example/Staff/Cfo"),
        ("CONTOSO\\deputy", "FullAccess", "contoso.example/Staff/Cto"),
    }
    keep, remove = ("keep", "the deputy of both"), ("remove", "")
    decide(file, {"svc-backup": keep, "CONTOSO\\deputy": keep, "svc-old": remove,
                  "CONTOSO\\svc-old": remove, "CONTOSO\\printer": remove})  # fmt: skip
    ended = finish(run, tmp_path, file)
    on = "-Identity 'contoso.example/Staff/Ceo' -User"
    assert ended.out.splitlines() == [
        f"Remove-ADPermission {on} 'CONTOSO\\printer' -ExtendedRights 'Send As' "
        "-InheritanceType None",
        f"# Undo: Add-ADPermission {on} 'CONTOSO\\printer' -ExtendedRights 'Send As' "
        "-InheritanceType None",
        f"Remove-MailboxPermission {on} 'CONTOSO\\svc-old' -AccessRights FullAccess "
        "-InheritanceType All",
        f"# Undo: Add-MailboxPermission {on} 'CONTOSO\\svc-old' -AccessRights FullAccess "
        "-InheritanceType All",
        "Set-ManagementRoleAssignment 'AI-old' -Enabled $false",
        "# Undo: Set-ManagementRoleAssignment 'AI-old' -Enabled $true",
    ]
    # What is kept is accepted, mailbox by mailbox; another one is a finding again.
    risks = tmp_path / "risks.yml"
    after = run("access", tmp_path / "x.json", "--accepted", risks).out
    assert "accepted: 2 findings" in after
    (tmp_path / "y.json").write_text(json.dumps([*rows, permission("Chair", "deputy")]), "utf-8")
    later = run("access", tmp_path / "y.json", "--accepted", risks).out
    assert "accepted: 1 findings" in later
    assert "FullAccess of CONTOSO\\deputy on 3 mailboxes" in later


def test_very_many_mailboxes_of_one_account_are_one_decision(run, tmp_path):
    file = started(run, tmp_path, [permission(f"m{n}", "svc-archive") for n in range(150)])
    assert listed(file) == {("CONTOSO\\svc-archive", "FullAccess", "")}
    decide(file, {"CONTOSO\\svc-archive": ("keep", "the archive")})
    assert finish(run, tmp_path, file).code == 0
    after = run("access", tmp_path / "x.json", "--accepted", tmp_path / "risks.yml").out
    assert "accepted: 1 findings" in after


def test_two_campaigns_of_one_day_do_not_collide(run, tmp_path):
    for name, who in (("a", "svc-old"), ("b", "svc-backup")):
        rows = [one for one in ROLES if one["RoleAssigneeName"] == who]
        file = started(run, tmp_path, rows, f"{name}.yml")
        decide(file, {who: ("keep", "needed")})
        ended = finish(run, tmp_path, file)
        assert ended.code == 0
    entries = yaml.safe_load((tmp_path / "risks.yml").read_text("utf-8"))
    assert len({one["id"] for one in entries}) == 2
    # The same one a second time is one too many.
    assert "twice" in finish(run, tmp_path, file).err


@pytest.mark.parametrize("field", ["rule", "who"])
def test_an_item_that_somebody_made_up_runs_nothing(run, tmp_path, field):
    file = started(run, tmp_path, ROLES[:1])
    values = yaml.safe_load(file.read_text("utf-8"))
    values["items"][0] |= {field: "x\nStop-Computer", "decision": "remove", "remove": ""}
    file.write_text(yaml.safe_dump(values), "utf-8")
    ended = finish(run, tmp_path, file)
    assert all(line.startswith("# ") for line in ended.out.splitlines())
    assert (ended.code == 0) == (field == "who")


def group_of(size):
    return [{"objectClass": "group", "Name": "Domain Admins", "SamAccountName": "Domain Admins",
             "SID": f"{made.DOMAIN}-512", "DistinguishedName": "CN=Domain Admins,DC=a",
             "Members": [f"CN=u{number},DC=a" for number in range(size)]}]  # fmt: skip


def test_a_group_too_large_to_decide_on_does_not_stop_the_rest(run, tmp_path):
    file = started(run, tmp_path, [*group_of(150), *ROLES[:1]])
    values = yaml.safe_load(file.read_text("utf-8"))
    assert values["left_out"] == ["Domain Admins: 150 members to decide on"]
    assert [one["who"] for one in values["items"]] == ["svc-backup"]
    decide(file, {"svc-backup": ("keep", "needed")})
    finish(run, tmp_path, file)
    record = json.loads((tmp_path / "record.json").read_text("utf-8"))
    assert record["campaign"]["left_out"] == values["left_out"]


def test_nothing_but_a_group_too_large_is_no_campaign(run, tmp_path):
    export, results = tmp_path / "x.json", tmp_path / "r.jsonl"
    export.write_text(json.dumps(group_of(150)), "utf-8")
    run("access", export, "--format", "jsonl", "--output", results)
    ended = run("access", "review", "start", results, tmp_path / "q.yml", "--owner", "x")
    assert ended.code == 3
    assert "make smaller first: Domain Admins: 150 members" in ended.err
