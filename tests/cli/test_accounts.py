"""`exward accounts`: end to end."""

import datetime
import json

import pytest

from exward.accounts.profile import dump_all, empty
from exward.cli.main import main
from tests.access import made as directory
from tests.accounts.made import at, event, write


@pytest.fixture
def logs(tmp_path):
    quiet = [event(at(day, 2, day % 7), record=day + 1) for day in range(56)]
    strange = event(at(57, 15), record=99, LogonType="10", IpAddress="::ffff:10.9.0.66")
    spray = [
        event(at(57, 16, n), 4625, 200 + n, TargetUserName=f"user{n}", IpAddress="10.8.8.8")
        for n in range(12)
    ]
    return write(tmp_path / "security.jsonl", [*quiet, strange, *spray])


def lines(capsys, kind):
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [one for one in out if one["type"] == kind]


def test_the_table_says_what_stands_out_and_what_is_normal(logs, capsys):
    assert main(["accounts", str(logs)]) == 1
    text = capsys.readouterr().out
    assert "15:00 on a Tuesday, normal window 01:00–04:00" in text
    assert "source 10.9.0.66 never seen in 58 days" in text
    assert "first remote interactive logon in 58 days" in text
    assert "10.8.8.8 failed to sign in as 12 accounts" in text
    assert "Mon–Sun 02:00–03:00" in text


def test_lines_can_be_read_back_and_reported(logs, tmp_path, capsys):
    saved, page = tmp_path / "r.jsonl", tmp_path / "r.html"
    flags = ["--format", "jsonl", "--output", str(saved), "--report", str(page)]
    main(["accounts", str(logs), *flags])
    found = [json.loads(line) for line in saved.read_text("utf-8").splitlines()]
    (account,) = [one for one in found if one["type"] == "account"]
    assert (account["account"], account["sign_ins"], account["anomalies"]) == ("svc_backup", 57, 1)
    assert len(account["week"]) == 168
    assert 'class="shade-4"' in page.read_text("utf-8")
    assert main(["report", str(saved)]) == 1
    assert "svc_backup" in capsys.readouterr().out


def test_a_window_is_proposed_saved_and_enforced(logs, tmp_path, capsys):
    windows = tmp_path / "windows.json"
    assert main(["accounts", "hours", "svc_backup", str(logs), "--save", str(windows)]) == 0
    text = capsys.readouterr().out
    assert "Window, UTC: Mon–Sun 01:00–04:00" in text
    assert "Left out, as unusual: Tue 15:00–16:00" in text
    assert "0e 00 00 0e 00 00" in text
    main(["accounts", str(logs), "--windows", str(windows), "--format", "jsonl"])
    outside = [one for one in lines(capsys, "finding") if one["rule"] == "logon-outside-window"]
    assert [(one["count"], one["severity"]) for one in outside] == [(1, "high")]


def test_usual_hosts_are_saved_and_enforced_likewise(logs, tmp_path, capsys):
    windows = tmp_path / "windows.json"
    main(["accounts", "hours", "svc_backup", str(logs), "--save", str(windows)])
    assert "accepts the hours and sign-ins from app01" in capsys.readouterr().err
    other = event(at(57, 2), 4625, 300, WorkstationName="PC9")
    later = write(tmp_path / "later.jsonl", [other])
    main(["accounts", str(later), "--windows", str(windows), "--format", "jsonl"])
    (one,) = lines(capsys, "finding")
    assert (one["rule"], one["severity"]) == ("logon-from-other-host", "medium")
    assert one["why"] == "svc_backup failed to sign in once from pc9"


def test_no_window_is_proposed_that_would_lock_the_account_out(tmp_path, capsys):
    seldom = [event(at(day, day % 24), record=day) for day in range(1, 300, 23)]
    path = write(tmp_path / "s.jsonl", seldom)
    assert main(["accounts", "hours", "svc_backup", str(path)]) == 3
    assert "too seldom" in capsys.readouterr().err


def test_zones_with_two_offsets_are_explained(logs, capsys):
    main(["accounts", "hours", "svc_backup", str(logs), "--time-zone", "Europe/Berlin"])
    text = capsys.readouterr().out
    assert "between UTC+1 h and UTC+2 h" in text
    assert "While it is UTC+1 h, AD lets it in: " in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["hours", "nobody"], "has no successful sign-in"),
        (["hours", "svc_backup", "--time-zone", "Mars/Base"], "no time zone"),
        (["check", "--from", "2026-02-01", "--to", "2026-01-01"], "lies after"),
    ],
)
def test_wrong_use_is_said(logs, given, said, capsys):
    assert main(["accounts", *given, str(logs)]) in {2, 3}
    assert said in capsys.readouterr().err


def test_a_folder_without_sign_ins_is_no_clean_result(tmp_path, capsys):
    write(tmp_path / "other.jsonl", [event(at(0, 0), 4688)])
    assert main(["accounts", str(tmp_path)]) == 3
    assert "nothing here tells of a sign-in" in capsys.readouterr().err


def test_a_hostile_account_name_is_shown_and_quoted(tmp_path, capsys):
    name = "svc_'; Remove-Item C:\\ #<script>"
    path = tmp_path / "s.jsonl"
    write(path, [event(at(day, 2), record=day, TargetUserName=name) for day in range(30)])
    page = tmp_path / "r.html"
    main(["accounts", str(path), "--report", str(page)])
    assert (
        "<script>"
        not in page.read_text("utf-8").partition('id="accounts"')[2].split("</section>")[0]
    )


def test_a_run_goes_on_where_the_one_before_ended(tmp_path, capsys):
    quiet = [event(at(day, 2, day % 7), record=day + 1) for day in range(56)]
    first = write(tmp_path / "first.jsonl", quiet)
    strange = event(at(56, 2), record=99, IpAddress="10.9.0.66")
    second = write(tmp_path / "second.jsonl", [*quiet[-5:], strange])
    kept = str(tmp_path / "learned")
    assert main(["accounts", str(first), "--learned", kept]) == 0
    assert main(["accounts", str(second), "--learned", kept]) == 0
    text = capsys.readouterr().out
    assert "source 10.9.0.66 never seen in 56 days (57 sign-ins)" in text
    assert "57 sign-ins, 1 alert" in text
    main(["accounts", str(second), "--learned", kept])
    assert "57 sign-ins, 0 alerts" in capsys.readouterr().out


def test_a_sign_in_of_the_future_does_not_blind_later_runs(logs, tmp_path, capsys):
    learned, future = tmp_path / "learned", datetime.datetime(2088, 1, 1, tzinfo=datetime.UTC)
    quiet = [event(at(day, 2, day % 7), record=day + 1) for day in range(56)]
    first = write(tmp_path / "first.jsonl", [*quiet, event(future, record=57)])
    assert main(["accounts", str(first), "--learned", str(learned)]) == 4
    assert "sign-ins in the future" in capsys.readouterr().out
    main(["accounts", str(logs), "--learned", str(learned)])
    assert "source 10.9.0.66 never seen" in capsys.readouterr().out


def test_a_learned_file_of_the_future_is_refused(logs, tmp_path, capsys):
    learned = tmp_path / "learned"
    learned.write_bytes(dump_all([empty("svc_backup", 1_000_000)]))
    assert main(["accounts", str(logs), "--learned", str(learned)]) == 2
    assert "sign-ins of the future" in capsys.readouterr().err


def test_a_file_that_nothing_was_learned_in_is_refused(logs, tmp_path, capsys):
    odd = tmp_path / "odd"
    odd.write_bytes(b"no profile")
    assert main(["accounts", str(logs), "--learned", str(odd)]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.fixture
def snapshot(tmp_path):
    """A directory in which the account of the logs is an administrator, and another is silent."""
    party = {"objectClass": "user", "Enabled": True, "UserPrincipalName": "x@contoso.example"}
    rows = [
        {**party, "Name": "svc_backup", "SamAccountName": "svc_backup", "SID": "S-1-5-21-1-2-3-9",
         "ServicePrincipalNames": ["backup/fs01"], "MemberOf": ["Domain Admins"],
         "PasswordLastSet": "2020-01-01T00:00:00Z", "msDS-SupportedEncryptionTypes": 0},
        {**party, "Name": "svc_old", "SamAccountName": "svc_old", "SID": "S-1-5-21-1-2-3-10",
         "ServicePrincipalNames": ["old/fs01"]},
    ]  # fmt: skip
    folder = tmp_path / "directory"
    folder.mkdir()
    (folder / "users.json").write_text(json.dumps(rows), "utf-8")
    services = [{"Name": "Agent", "Account": "CONTOSO\\agent7"}]
    (folder / "services.json").write_bytes(directory.area("services", services))
    return folder


def test_a_directory_finds_service_accounts_and_makes_findings_graver(logs, snapshot, capsys):
    flags = ["--directory", str(snapshot), "--format", "jsonl"]
    main(["accounts", str(logs), *flags])
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (account,) = [one for one in out if one["type"] == "account"]
    assert "has the service name backup/fs01" in account["told_by"]
    assert account["directory"][0] == "member of Domain Admins"
    assert "tickets with RC4" in account["directory"][1]
    assert {one["what"] for one in account["seen"]} >= {"address", "target", "type"}
    by_rule = {one["rule"]: one for one in out if one["type"] == "finding"}
    strange = by_rule["service-account-anomaly"]
    assert strange["severity"] == "critical"
    assert "member of Domain Admins" in strange["why"]
    silent = by_rule["service-account-silent"]
    assert silent["why"] == "2 accounts: agent7, svc_old"


def test_the_table_shows_what_the_directory_says(logs, snapshot, capsys):
    main(["accounts", str(logs), "--directory", str(snapshot)])
    assert "rights   member of Domain Admins" in capsys.readouterr().out


def test_what_was_too_slight_for_an_alert_stands_with_its_account(tmp_path, capsys):
    quiet = [event(at(day, 2, day % 7), record=day + 1) for day in range(70)]
    odd = [event(at(day, 15), record=100 + day) for day in (40, 60)]
    path = write(tmp_path / "security.jsonl", [*quiet, *odd])
    assert main(["accounts", str(path)]) == 0
    text = capsys.readouterr().out
    assert "72 sign-ins, 1 alert\n" in text
    assert "slight   2026-03-06: 15:00 on a Friday, normal window 01:00–04:00" in text


def test_an_account_that_looks_like_a_person_is_judged_if_it_is_named(tmp_path, capsys):
    usual = {"TargetUserName": "Mailer", "LogonType": "3", "ProcessName": "-"}
    quiet = [event(at(day, 9, day % 7), record=day + 1, **usual) for day in range(56)]
    strange = event(at(56, 9), record=99, **usual | {"IpAddress": "10.9.0.66"})
    path = str(write(tmp_path / "security.jsonl", [*quiet, strange]))
    assert main(["accounts", path]) == 0
    assert "0 service accounts" in capsys.readouterr().out
    main(["accounts", path, "--account", "MAILER"])
    text = capsys.readouterr().out
    assert "mailer  service: named for this run" in text
    assert "source 10.9.0.66 never seen in 56 days" in text


def test_many_accounts_at_one_odd_hour_are_one_line(tmp_path, capsys):
    names = [f"svc_{number}" for number in range(6)]
    quiet = [event(at(day, 2), TargetUserName=name) for name in names for day in range(50)]
    odd = [event(at(45, 15, n), TargetUserName=name) for n, name in enumerate(names)]
    assert main(["accounts", str(write(tmp_path / "security.jsonl", [*quiet, *odd]))]) == 0
    text = capsys.readouterr().out
    assert "LOW      several accounts  2026-02-19 15:00:00Z" in text
    assert "6 of 6 service accounts signed in at unusual hours: svc_0, svc_1" in text
