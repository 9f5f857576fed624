"""`exward probe`: end to end, against a server on the loopback interface."""

import json

import pytest

from exward.cli import probing
from tests.posture.outside.server import NO_PAUSE, Exchange, reply, serving

OLD = Exchange("15.2.1118.20", "15.2.1118")
CU_ONLY = Exchange("", "15.1.2507", banner=False, tool=False, blocked=("/ecp", "/powershell"))
NEWEST = Exchange("15.2.2562.46", "15.2.2562", blocked=("/ecp", "/powershell"))


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(probing, "MANNERS", NO_PAUSE)


def outcomes(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return {line["check"]: line for line in lines if line["type"] == "outcome"}


def test_the_table_names_build_what_is_open_and_what_is_reachable(run):
    with serving(OLD) as served:
        ended = run("probe", served.url)
    assert ended.code == 1
    assert "2019 CU12 Nov22SU (15.2.1118.20)" in ended.out
    assert "CVE-2023-21529  exploited" in ended.out
    assert "outside-powershell  /PowerShell/ is reachable from here" in ended.out
    assert "· /EWS/Exchange.asmx is reachable from here: answers 401 (NTLM, Negotiate)" in ended.out
    assert "9 answers, 0 places not read" in ended.out


def test_of_a_cumulative_update_alone_little_is_known_and_that_is_said(run):
    with serving(CU_ONLY) as served:
        ended = run("probe", served.url, "--format", "jsonl")
    found = outcomes(ended.out)
    assert found["newest-update"]["status"] == "unknown"
    assert found["cve-2023-21529"]["status"] == "unknown"
    assert "Only the cumulative update is known" in found["cve-2023-21529"]["reason"]
    assert found["outside-powershell"]["status"] == "pass"
    assert "smb-1" not in found


def test_the_newest_build_with_nothing_open_fails_by_its_certificate_only(run):
    with serving(NEWEST) as served:
        ended = run("probe", served.url, "--format", "jsonl")
    found = outcomes(ended.out)
    assert found["newest-update"]["status"] == "pass"
    failed = [one for one in found.values() if one["status"] == "fail"]
    grave = {one["check"] for one in failed if one["severity"] not in {"low", "informational"}}
    assert grave == {"outside-certificate-trust"}
    assert ended.code == 0


def test_results_can_be_read_back_and_drawn(run, tmp_path):
    saved, page = tmp_path / "r.jsonl", tmp_path / "r.html"
    with serving(OLD) as served:
        run("probe", served.url, "--format", "jsonl", "--output", saved, "--report", page)
    assert "outside-powershell" in run("report", saved).out
    drawn = page.read_text("utf-8")
    assert "Remote PowerShell cannot be reached from outside" in drawn
    assert "/EWS/Exchange.asmx is reachable from here" in drawn


def test_several_servers_are_shown_side_by_side_and_one_that_is_down_is_a_loss(run):
    with serving(OLD) as one, serving(NEWEST) as two:
        ended = run("probe", one.url, two.url, "https://127.0.0.1:1")
    assert "Servers   2, worst first" in ended.out
    assert "https://127.0.0.1:1: nothing listens on port 1" in ended.out
    assert ended.code == 1


def test_what_answers_say_does_not_act_on_terminal_or_page(run, tmp_path):
    page = tmp_path / "r.html"
    evil = Exchange("15.2.1118.20", "15.2.1118", extra=("X-Powered-By: \x9b2J<script>alert(1)",))
    with serving(evil) as served:
        ended = run("probe", served.url, "--report", page)
    assert "\x9b" not in ended.out
    assert "<script>alert" not in page.read_text("utf-8")


def test_nothing_that_answers_is_an_error(run):
    ended = run("probe", "https://127.0.0.1:1")
    assert (ended.code, ended.out) == (3, "")
    assert "nothing listens on port 1" in ended.err


def test_an_answer_that_was_cut_is_incomplete(run):
    endless = [b"HTTP/1.1 200 OK\r\nX-FEServer: EX01\r\n\r\n", b"a" * 600_000]
    with serving(lambda path: endless if path == "/OAB/" else NEWEST(path)) as served:
        ended = run("probe", served.url)
    assert ended.code == 4
    assert "/OAB/: too long: only its beginning was read, 262,144 bytes" in ended.out


def test_another_web_server_is_not_judged(run):
    with serving(lambda path: [reply("200 OK", "Server: nginx")]) as served:
        ended = run("probe", served.url, "--format", "jsonl")
    found = outcomes(ended.out)
    assert found["newest-update"]["status"] == "unknown"
    assert found["outside-ecp"]["status"] == "unknown"


def test_what_was_seen_from_outside_decides_in_posture(run, tmp_path, monkeypatch):
    ecp = {"Server": "EX01", "AdminEnabled": True, "ExternalUrl": None}
    head = {"schema": "exward.inventory/1", "server": "EX01.contoso.example"}
    area = {**head, "area": "Get-EcpVirtualDirectory", "data": [ecp]}
    (tmp_path / "ecp.json").write_text(json.dumps(area), "utf-8")
    before = outcomes(run("posture", tmp_path, "--format", "jsonl").out)
    with serving(OLD) as served:
        monkeypatch.setattr(probing, "PORTS", (81, 444, served.port))
        ended = run("probe", served.url, "--ports", "--write", tmp_path / "seen")
    written = tmp_path / "seen" / "outside-EX01.json"
    assert f"written: {written}" in ended.err
    assert f"outside-ports  port {served.port} is open" in ended.out
    after = outcomes(run("posture", tmp_path, "--format", "jsonl").out)
    for check, reason in (
        ("ports-from-outside", f"port {served.port} is open."),
        ("admin-centre-exposure", "exward probe asked for /ecp/ from outside and was answered."),
    ):
        assert before[check]["status"] == "unknown"
        assert (after[check]["status"], after[check]["reason"]) == ("fail", reason)
        assert str(written) in after[check]["read_from"]


def test_a_folder_that_cannot_be_made_is_an_error(run, tmp_path):
    (tmp_path / "file").write_text("")
    with serving(NEWEST) as served:
        ended = run("probe", served.url, "--write", tmp_path / "file" / "x")
    assert ended.code == 3
    assert "cannot be made" in ended.err


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ((), "Missing argument"), (("mail.example",), "did you mean https://mail.example"),
        (("http://mail.example",), "no https address"),
        (("https://me:secret@mail.example",), "no credentials"),
    ],
)  # fmt: skip
def test_without_an_address_nothing_is_done(run, url, error):
    ended = run("probe", *url)
    assert ended.code == 2
    assert error in ended.err
    assert "secret" not in ended.err
