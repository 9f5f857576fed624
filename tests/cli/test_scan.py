import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from exward.accounts import policy
from exward.accounts.profile import dump_all
from exward.cli.options import READ_OPTIONS
from exward.reports import load
from exward.reports.registry import renderers
from exward.scan.account_watch import learn
from tests.access import made as directory
from tests.accounts.made import quiet_weeks
from tests.reports.sample_result import sample_result


def test_flags_reach_the_scan(run, fake, evidence, tmp_path):
    placeholders = tmp_path / "values.yml"
    placeholders.write_text("{}")
    run(
        "scan", evidence, tmp_path, "--rules", tmp_path, "--no-builtin-rules",
        "--from", "1970-01-02", "--to", "1970-01-02", "--level", "medium", "--jobs", 2,
        "--engine", "local", "--password", "secret", "--cache-dir", tmp_path / "cache",
        "--placeholders", placeholders,
    )  # fmt: skip
    given = fake.settings
    assert given.paths == (str(evidence), str(tmp_path))
    assert given.rule_dirs == (str(tmp_path),)
    assert not given.builtin_rules
    assert (given.time_from, given.time_to) == (86_400_000_000, 2 * 86_400_000_000 - 1)
    assert (given.level, given.jobs, given.password) == ("medium", 2, "secret")
    assert (given.cache_dir, given.placeholders) == (str(tmp_path / "cache"), str(placeholders))


def test_what_is_known_of_mail_and_accounts_reaches_the_scan(run, fake, evidence, tmp_path):
    verdicts, windows, learned = tmp_path / "v", tmp_path / "w", tmp_path / "l"
    verdicts.write_text(
        '{"type":"message","schema":1,"path":"a","verdict":"tag","score":5.0,"classes":[],'
        '"sender":"","subject":"","reasons":[]}\n'
    )
    windows.write_bytes(policy.dump({"svc_x": policy.Accepted(frozenset({5}))}))
    watched = learn(quiet_weeks(), ZoneInfo("UTC")).watch
    learned.write_bytes(dump_all(watched.profiles.values()))
    ended = run("scan", evidence, "--mail-verdicts", verdicts, "--logon-windows", windows,
                "--learned", learned, "--time-zone", "Europe/Berlin",
                "--directory", directory.write_sharphound(tmp_path / "d"))  # fmt: skip
    assert ended.code == 1
    assert fake.settings.mail_verdicts == (str(verdicts),)
    assert fake.settings.accounts.zone == ZoneInfo("Europe/Berlin")
    assert fake.settings.accounts.windows == {"svc_x": policy.Accepted(frozenset({5}))}
    assert [one.account for one in fake.settings.accounts.earlier] == ["svc_backup"]
    known = fake.settings.accounts.directory["svc-backup"]
    assert (known.groups, known.told_by) == (
        ("DOMÄNEN-ADMINS",), ("has the service name backup/fs01",)
    )  # fmt: skip


@pytest.mark.parametrize("flag", ["--mail-verdicts", "--logon-windows", "--learned"])
def test_a_file_of_another_kind_is_refused(run, fake, evidence, tmp_path, flag):
    (tmp_path / "x").write_text("x")
    ended = run("scan", evidence, flag, tmp_path / "x")
    assert ended.code == 2
    assert str(tmp_path / "x") in ended.err
    assert fake.calls == []


def test_summary_is_on_standard_output_and_alone(run, fake, evidence):
    ended = run("scan", evidence)
    assert ended.code == 1
    assert "COMPROMISED" in ended.out
    assert "\x1b" not in ended.out
    assert "exward: " not in ended.out


@pytest.mark.parametrize("form", sorted(set(renderers()) - {"table"}))
def test_each_output_is_written_alike_to_file_and_stream(run, fake, evidence, tmp_path, form):
    file = tmp_path / "result"
    streamed = run("scan", evidence, "--format", form)
    filed = run("scan", evidence, "--format", form, "--output", file)
    assert streamed.out == file.read_bytes().decode()
    assert streamed.out
    assert filed.out == ""
    assert f"written: {file}" in filed.err


def test_results_and_report_in_one_run(run, fake, evidence, tmp_path):
    results, report = tmp_path / "r.jsonl", tmp_path / "r.html"
    run("scan", evidence, "--format", "jsonl", "--output", results, "--report", report)
    assert [one.id for one in load.load(results).findings] == [
        one.id for one in sample_result().findings
    ]
    assert report.read_text("utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence", "r.html", "r.jsonl"]


def test_quiet_says_nothing_but_results(run, fake, evidence, tmp_path):
    ended = run("scan", evidence, "--quiet", "--format", "jsonl", "--output", tmp_path / "r.jsonl")
    assert (ended.out, ended.err) == ("", "")


@pytest.mark.parametrize(("level", "code"), [("critical", 1), ("never", 4), ("informational", 1)])
def test_fail_on(run, fake, evidence, level, code):
    assert run("scan", evidence, "--fail-on", level).code == code


def test_nothing_read_is_said(run, fake, evidence):
    empty = sample_result()
    run_of = replace(empty.run, records=0)
    fake.result = replace(empty, findings=(), outcomes=(), skipped=(), run=run_of)
    ended = run("scan", evidence)
    assert ended.code == 4
    assert "no record was read: this is not a clean result" in ended.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--output", "FOLDER"], "--output FOLDER: is a folder"),
        (["--report", "FOLDER"], "--report FOLDER: is a folder"),
        (["--output", "FOLDER/none/r.jsonl"], "there is no such folder to write into"),
        (["--output", "EVIDENCE"], "would overwrite the evidence"),
        (["--output", "FOLDER/r", "--report", "FOLDER/./r"], "is the same file as --output"),
        (["--from", "2026-01-06", "--to", "2026-01-05"], "--from lies after --to"),
        (["--from", "soon"], "'soon' is no time"),
        (["--no-builtin-rules"], "no rules are left"),
        (["--password", "a", "--password-file", "EVIDENCE"], "is given twice"),
        (["--rules", "FOLDER/none"], "does not exist"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--fail-on", "sometimes"], "'sometimes' is not one of"),
        (["--jobs", "-1"], "-1 is not in the range"),
        (["--no-such-flag"], "No such option"),
        (["FOLDER/none"], "does not exist"),
    ],
)
def test_wrong_usage_ends_before_the_scan(run, fake, evidence, args, said):
    folder, file = str(evidence), str(evidence / "u_ex260105.log")
    args = [arg.replace("FOLDER", folder).replace("EVIDENCE", file) for arg in args]
    ended = run("scan", file, *args)
    assert ended.code == 2
    assert said.replace("FOLDER", folder) in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert not fake.calls


def test_a_folder_without_rights_is_refused(run, fake, evidence, monkeypatch):
    # Root may write anywhere, so the answer of the system is made up.
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (Path(path) == evidence and mode & os.W_OK)
    )
    ended = run("scan", evidence, "--output", evidence / "r.jsonl")
    assert ended.code == 2
    assert "may not be written" in ended.err
    assert not fake.calls


def test_no_path_is_wrong_usage(run):
    assert run("scan").code == 2


def test_password_is_the_first_line_of_its_file(run, fake, evidence, tmp_path):
    file = tmp_path / "password"
    file.write_bytes("größer \r\nsecond\n".encode())
    run("scan", evidence, "--password-file", file)
    assert fake.settings.password == "größer "


def test_password_file_must_be_text(run, fake, evidence, tmp_path):
    file = tmp_path / "password"
    file.write_bytes(b"\xff\n")
    ended = run("scan", evidence, "--password-file", file)
    assert ended.code == 2
    assert "is not UTF-8 text" in ended.err


def test_password_is_never_printed(run, fake, evidence, monkeypatch):
    def explode(_settings, _progress):
        raise RuntimeError("boom")

    monkeypatch.setattr("exward.scan.pipeline.scan", explode)
    ended = run("scan", evidence, "--password", "hunter2", "--debug")
    assert ended.code == 3
    assert "hunter2" not in ended.err


@pytest.mark.skipif(os.name == "nt", reason="no devices to write to")
def test_a_device_is_written_not_replaced(run, fake, evidence):
    ended = run("scan", evidence, "--format", "jsonl", "--output", "/dev/null")
    assert ended.code == 1
    assert Path("/dev/null").is_char_device()


def test_a_link_keeps_pointing(run, fake, evidence, tmp_path):
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    run("scan", evidence, "--format", "jsonl", "--output", link)
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("{")


def test_a_write_that_fails_keeps_the_old_file_and_the_other_output(
    run, fake, evidence, tmp_path, monkeypatch
):
    results, report = tmp_path / "r.jsonl", tmp_path / "r.html"
    results.write_text("old")

    def full(_result):
        yield "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(renderers()["jsonl"], "render", full)
    ended = run("scan", evidence, "--format", "jsonl", "--output", results, "--report", report)
    assert ended.code == 3
    assert f"{results}: cannot be written: No space left on device" in ended.err
    assert f"written: {report}" in ended.err
    assert results.read_text() == "old"
    assert not list(tmp_path.glob(".exward-*"))


def test_first_interrupt_reports_what_was_found(run, fake, evidence):
    before = signal.getsignal(signal.SIGINT)
    asked = []

    def interrupt(progress):
        asked.append(progress.cancelled())
        signal.raise_signal(signal.SIGINT)
        asked.append(progress.cancelled())

    done = sample_result()
    fake.meanwhile = interrupt
    fake.result = replace(done, run=replace(done.run, interrupted=True))
    ended = run("scan", evidence)
    assert asked == [False, True]
    assert ended.code == 130
    assert "COMPROMISED" in ended.out
    assert "press Ctrl-C again" in ended.err
    assert signal.getsignal(signal.SIGINT) is before


def test_second_interrupt_ends_at_once(run, fake, evidence, tmp_path):
    def interrupt(_progress):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    fake.meanwhile = interrupt
    ended = run("scan", evidence, "--format", "jsonl", "--output", tmp_path / "r.jsonl")
    assert ended.code == 130
    assert not (tmp_path / "r.jsonl").exists()


def test_progress_is_drawn_on_a_terminal_only(run, fake, evidence, monkeypatch):
    assert "records/s" not in run("scan", evidence).err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    shown = run("scan", evidence).err
    assert "records/s" in shown
    assert "Reading 3 files" in shown
    for flag in ("--quiet", "--no-progress"):
        assert "records/s" not in run("scan", evidence, flag).err


def test_hostile_names_do_not_reach_the_terminal_raw(run, fake, evidence):
    result = sample_result()
    bad = replace(result.verdicts[0], server="\x1b]0;owned\x07", because="\x1b[2J\u202e")
    fake.result = replace(result, verdicts=(bad,))
    ended = run("scan", evidence, "--format", "jsonl")
    assert "\x1b" not in ended.err
    assert "\\x1b]0;owned" in ended.err


def test_every_shared_flag_has_help():
    assert all(option.help for option in READ_OPTIONS)
