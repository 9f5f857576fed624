import json
import zipfile

from tests.access import made
from tests.access.test_changes import event
from tests.collector.collection import collection


def test_the_summary_says_what_changed_and_what_to_decide(run, tmp_path):
    folder = made.write_sharphound(tmp_path / "now")
    ended = run("access", folder)
    assert ended.code == 1
    assert "What changed: not known: give logs" in ended.out
    assert "Suspect member of DOMÄNEN-ADMINS: svc-backup" in ended.out
    assert "DOMÄNEN-ADMINS: 3 members to decide on" in ended.out
    # SharpHound knows nothing of Exchange's roles, and silence is no answer.
    assert (
        "Not judged, as nothing here tells of it: roles of Exchange "
        "(Get-ManagementRoleAssignment); rights on mailboxes (Get-MailboxPermission)."
    ) in " ".join(ended.out.split())


def test_a_zip_and_results_that_can_be_accepted(run, tmp_path):
    folder = made.write_sharphound(tmp_path / "now")
    archive, results = tmp_path / "bloodhound.zip", tmp_path / "r.jsonl"
    with zipfile.ZipFile(archive, "w") as target:
        for file in folder.iterdir():
            target.write(file, file.name)
    run(
        "access", archive, "--format", "jsonl", "--output", results, "--report", tmp_path / "r.html"
    )
    rows = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    bad = [one for one in rows if one.get("rule") == "access-suspect-member"]
    assert len(bad) == 2
    assert "svc-backup" in (tmp_path / "r.html").read_text("utf-8")
    risks = tmp_path / "risks.yml"
    made_entry = run("accept", risks, "--results", results, "--finding", bad[0]["id"],
                     "--why", "known")  # fmt: skip
    assert made_entry.code == 0
    ended = run("access", archive, "--accepted", risks)
    assert "accepted: 1 findings" in ended.out


def test_an_earlier_snapshot(run, tmp_path):
    now = made.write_sharphound(tmp_path / "now")
    before = made.write_sharphound(tmp_path / "before")
    groups = before / "20261101_groups.json"
    groups.write_text(groups.read_text("utf-8").replace(f"{made.DOMAIN}-1101", "S-1-5-21-1-2-3-7"))
    ended = run("access", now, "--previous", before, "--fail-on", "never")
    assert ended.code == 0
    assert "Member added to DOMÄNEN-ADMINS" in ended.out
    assert "Member removed from DOMÄNEN-ADMINS" in ended.out


def test_a_saved_snapshot_is_an_earlier_one(run, tmp_path):
    now = made.write_sharphound(tmp_path / "now")
    file = tmp_path / "october.jsonl"
    assert f"written: {file}" in run("access", now, "--save", file).err
    groups = now / "20261101_groups.json"
    groups.write_text(groups.read_text("utf-8").replace(f"{made.DOMAIN}-1101", "S-1-5-21-1-2-3-7"))
    ended = run("access", now, "--previous", file)
    assert "S-1-5-21-1-2-3-7 was added" in ended.out.casefold().replace("s-1-5", "S-1-5")
    assert "j.doe was removed" in ended.out
    again = run("access", file)
    assert "DOMÄNEN-ADMINS: 3 members to decide on" in again.out


def test_nothing_to_review_is_an_error_with_a_next_step(run, tmp_path):
    (tmp_path / "a.txt").write_text("nothing")
    ended = run("access", tmp_path)
    assert ended.code == 3
    assert "nothing here says who may do what" in ended.err
    assert "docs/access.md" in ended.err


def test_a_path_that_does_not_exist(run, tmp_path):
    assert run("access", tmp_path / "none").code in {2, 3}


def test_what_the_collector_wrote(run, tmp_path):
    members = made.collected()
    members["files/C/inetpub/logs/LogFiles/W3SVC1/u_ex261101.log"] = IIS_LOG
    archive = collection(tmp_path / "EX01.zip", members, {}, members)
    ended = run("access", archive)
    assert ended.code == 1
    assert "Right to take over the domain: Exchange Windows Permissions" in ended.out
    assert "EX01\\Administrators: 2 members to decide on" in ended.out
    assert "in 9 files" in ended.out  # eight areas and the manifest; the log of requests is none
    assert "OU=x: not in this domain" in ended.out


def test_a_log_without_changes_is_told_from_no_log(run, tmp_path):
    folder = made.write_sharphound(tmp_path / "now")
    (folder / "security.jsonl").write_text(event(4624, TargetUserName="j.doe"), "utf-8")
    assert "What changed: nothing" in run("access", folder).out


def test_the_table_is_the_same_in_a_file(run, tmp_path):
    folder, file = made.write_sharphound(tmp_path / "now"), tmp_path / "review.txt"
    shown = run("access", folder, "--output", file)
    assert "Suspect member" not in shown.out
    assert file.read_text("utf-8").startswith("What changed: ")
    assert "What to do next:" in file.read_text("utf-8")
    again = tmp_path / "now.jsonl"
    run("access", folder, "--format", "jsonl", "--output", again)
    assert "What to decide: 1" in run("report", again).out


IIS_LOG = (
    b"#Software: Microsoft Internet Information Services 10.0\r\n"
    b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query cs-username c-ip sc-status\r\n"
    b"2026-01-05 01:00:00 10.0.0.5 POST /owa/ - - 203.0.113.9 200\r\n"
)


def test_a_damaged_export_says_where_it_is_damaged(run, tmp_path):
    export = tmp_path / "Domain Admins.csv"
    export.write_text('"name","objectClass","SamAccountName"\n"a","user","a', "utf-8")
    ended = run("access", export)
    assert ended.code == 3
    assert f"not read: {export}:2: " in ended.err
