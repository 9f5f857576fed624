"""`exward posture`: end to end."""

import json

import pytest

from exward.cli.main import main
from exward.reports.registry import renderers

SERVERS = [
    {"Name": f"EX0{n}", "AdminDisplayVersion": "Version 15.2 (Build 1118.7)", "ServerRole": 1}
    for n in (1, 2)
]
ANSWER = "HTTP/1.1 200 OK\nX-OWA-Version: 15.2.1118.20\nX-FEServer: EX01\n"
SETUP = "15.02.2562.046  15.02.2562.046  C:\\bin\\ExSetup.exe\n"


@pytest.fixture
def fleet(tmp_path):
    path = tmp_path / "in"
    path.mkdir()
    (path / "Get-ExchangeServer.json").write_text(json.dumps(SERVERS), "utf-8")
    (path / "answer.txt").write_text(
        "HTTP/1.1 200 OK\nX-OWA-Version: 15.2.1118.20\nX-FEServer: EX01\n"
    )
    return path


def test_the_table_names_build_support_and_what_is_open(fleet, capsys):
    assert main(["posture", str(fleet)]) == 1
    text = capsys.readouterr().out
    assert "2019 CU12 Nov22SU (15.2.1118.20)" in text
    assert "support ended" in text.lower() or "ended 2025-10-14" in text
    assert "CVE-2023-21529" in text
    assert "security update not known" in text


def test_lines_are_outcomes_and_postures_and_can_be_read_back(fleet, tmp_path, capsys):
    saved = tmp_path / "r.jsonl"
    main(["posture", str(fleet), "--format", "jsonl", "--output", str(saved)])
    lines = [json.loads(line) for line in saved.read_text("utf-8").splitlines()]
    assert {line["type"] for line in lines} == {"run", "verdict", "outcome", "posture"}
    assert [line["verdict"] for line in lines if line["type"] == "verdict"] == ["exposed"] * 2
    assert main(["report", str(saved)]) == 1
    assert "EX01" in capsys.readouterr().out


def test_what_tells_of_no_server_says_so_and_what_to_do(tmp_path, capsys):
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><Objs><S N="ServerName">&b;</S></Objs>'
    (tmp_path / "HealthChecker.xml").write_text(
        bomb.replace("<S", '<S N="ExchangeInformation"/><S', 1)
    )
    (tmp_path / "letter.txt").write_text("Dear all")
    assert main(["posture", str(tmp_path)]) == 4
    text = " ".join(capsys.readouterr().out.split())
    assert "none: nothing here tells of a server" in text
    assert text.count("HealthChecker.xml: a document type, which is refused") == 1
    assert "1 files of no form that is read" in text
    assert "exward collect" in text
    assert "exward scan" not in text


@pytest.mark.parametrize("form", ["table", *renderers()])
def test_a_form_without_outcomes_is_told(fleet, capsys, form):
    main(["posture", str(fleet), "--format", form])
    out, err = capsys.readouterr()
    assert ("holds findings only" in err) == ("CVE-2023-21529" not in out.upper())


def test_old_facts_are_warned_of(fleet, capsys):
    main(["posture", str(fleet)])
    assert "the facts end on" in capsys.readouterr().err


def test_the_newest_build_does_not_fail_but_no_evidence_is_no_pass(tmp_path, capsys):
    (tmp_path / "v.txt").write_text(SETUP)
    assert main(["posture", str(tmp_path), "--format", "jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    states = {line["check"]: line["status"] for line in lines if line["type"] == "outcome"}
    assert states["newest-update"] == "pass"
    assert states["smb-1"] == "unknown"


def test_nothing_to_read_is_said(tmp_path, capsys):
    (tmp_path / "x.bin").write_bytes(b"x")
    assert main(["posture", str(tmp_path)]) == 4
    assert "no record was read" in capsys.readouterr().err


def test_names_from_the_evidence_do_not_act_on_the_terminal(tmp_path, capsys):
    hostile = [{**SERVERS[0], "Name": "EX\x1b[2J<script>"}]
    (tmp_path / "Get-ExchangeServer.json").write_text(json.dumps(hostile), "utf-8")
    main(["posture", str(tmp_path)])
    assert "\x1b[2J" not in capsys.readouterr().out


def test_the_sample_has_a_server_in_order_and_one_that_is_open(capsys):
    assert main(["posture", "--sample"]) == 1
    text = capsys.readouterr().out
    assert "CVE-2024-21410  exploited  Extended Protection is too low" in text
    assert "EX02.contoso.example            0 open" in text
    assert "0 places not read" in text


@pytest.mark.parametrize("args", [[], ["--sample", "."]])
def test_a_path_or_the_sample(args, capsys):
    assert main(["posture", *args]) == 2
    assert "one of them" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [("--jobs", "1"), ("--jobs", "3", "--no-progress")])
def test_any_number_of_processes_says_the_same_in_the_same_order(tmp_path, capsys, flags):
    for number in range(1, 7):
        text = ANSWER.replace("EX01", f"EX0{number}").replace("15.2.1118.20", f"15.2.1118.{number}")
        (tmp_path / f"{number}.txt").write_text(text)
    assert main(["posture", str(tmp_path), "--format", "jsonl", *flags]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    servers = [line["server"] for line in lines if line["type"] == "posture"]
    assert servers == [f"EX0{number}" for number in range(1, 7)]
    told = [(line["server"], line["check"]) for line in lines if line["type"] == "outcome"]
    assert told == sorted(told)
