"""Mail in the evidence of a scan: what is read of it, and what follows in the logs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.scan import planning
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.simulate import run
from exward.simulate.layouts.interface import layouts
from exward.simulate.world import Host
from tests.incidents.cases import DAY, HOUR, MINUTE, START
from tests.mail.letters import letter
from tests.simulate.test_mail_on_a_quiet_day import verdict


@pytest.fixture(scope="module")
def takeover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takeover")
    run.simulate(run.Settings("mailbox-takeover", folder, size_bytes=1_500_000))
    return folder / "evidence"


def told(path: Path, **changes: object) -> ScanResult:
    return scan(replace(ScanSettings(paths=(str(path),)), **changes), Silent())  # type: ignore[arg-type]


def test_any_number_of_workers_says_the_same(takeover: Path) -> None:
    one, two = told(takeover, jobs=1), told(takeover, jobs=2)
    assert one.findings == two.findings
    assert one.incidents == two.incidents
    assert one.run.settings["mail"].startswith(
        "1 messages or verdicts, 1 harmful, 1 looked for, in 4 mailboxes"
    )


def test_a_level_leaves_the_story_whole(takeover: Path) -> None:
    whole, cut = told(takeover), told(takeover, level=Severity.MEDIUM)
    assert [one.rule for one in cut.findings] == [
        one.rule for one in whole.findings if one.severity.rank >= Severity.MEDIUM.rank
    ]
    assert {one.title for one in cut.incidents} == {one.title for one in whole.incidents}


def test_a_message_outside_of_the_time_wanted_counts_for_nothing(takeover: Path) -> None:
    late = 1_772_496_000_000_000 + 10 * 3_600_000_000
    assert not [one for one in told(takeover, time_from=late).findings if one.detector == "mail"]


def test_without_the_message_each_sign_is_small(takeover: Path, tmp_path: Path) -> None:
    shutil.copytree(takeover, tmp_path / "copy", ignore=shutil.ignore_patterns("*.eml"))
    result = told(tmp_path)
    assert result.incidents == ()
    assert "mail" not in result.run.settings


def test_wanted_mail_says_nothing_and_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(letter())
    result = told(tmp_path)
    assert (result.run.files, result.run.records, result.run.files_not_evidence) == (1, 1, 0)
    assert result.findings == ()
    assert result.verdicts == ()
    assert result.skipped == ()


def test_of_very_many_files_of_mail_the_rest_is_said_to_be_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MAX_MAIL_FILES", 2)
    for number in range(5):
        (tmp_path / f"{number}.eml").write_bytes(letter())
    result = told(tmp_path)
    (loss,) = result.skipped
    assert (result.run.records, loss.count) == (2, 3)
    assert "--mail-verdicts" in loss.reason


def test_a_message_without_logs_is_a_finding_that_decides_nothing(
    takeover: Path, tmp_path: Path
) -> None:
    (found,) = takeover.rglob("*.eml")
    (tmp_path / "a.eml").write_bytes(found.read_bytes())
    result = told(tmp_path)
    (one,) = result.findings
    assert (one.rule, one.severity, one.title) == ("harmful-message", "low", "Phishing Message")
    assert [verdict.verdict.value for verdict in result.verdicts] == ["cannot-tell"]
    assert result.incidents == ()


def log(folder: Path, name: str, rows: list[tuple[int, dict[str, str]]]) -> None:
    """Write a log of Exchange: time (µs UTC) and columns of each row."""
    layout = layouts()[name]
    host = Host("EX01", "10.0.0.5")
    lines = [layout.line(host, time, data, n) for n, (time, data) in enumerate(rows)]
    (folder / f"{name}.log").write_text(layout.header(rows[0][0]) + "".join(lines))


def test_who_signs_in_under_another_name_is_found(tmp_path: Path) -> None:
    box, came = "georg.haas@contoso.example", START + 9 * DAY
    delivered = {"message-id": "<1@x>", "event-id": "DELIVER", "source": "STOREDRIVER",
                 "recipient-address": box, "sender-address": "x@evil.example"}  # fmt: skip
    sent_on = {"message-id": "<2@x>", "event-id": "REDIRECT", "source": "ROUTING",
               "recipient-address": "x@evil.example", "related-recipient-address": box}  # fmt: skip
    later = [(came + 2 * HOUR + n * MINUTE, sent_on) for n in range(5)]
    log(tmp_path, "tracking", [(came, delivered), *later])
    used = {"AuthenticatedUser": "CONTOSO\\ghaas", "HttpStatus": "200"}
    outlook = {**used, "UrlStem": "/EWS/Exchange.asmx", "UserAgent": "Outlook/16.0",
               "ClientIpAddress": "10.0.1.7", "AnchorMailbox": f"Smtp~{box}"}  # fmt: skip
    stolen = {**used, "UrlStem": "/owa/service.svc", "UserAgent": "Mozilla/5.0",
              "ClientIpAddress": "203.0.113.9", "AnchorMailbox": "Sid~S-1-5-21-1"}  # fmt: skip
    rows = [(START + day * DAY, outlook) for day in range(9)] + [(came + HOUR, stolen)]
    log(tmp_path, "httpproxy-owa", rows)
    line = verdict({**delivered, "message-subject": "Your password"})
    (tmp_path / "verdicts.jsonl").write_text(line)
    result = told(tmp_path)
    (incident,) = result.incidents
    sign_in = next(one for one in result.findings if one.rule == "sign-in-after-harmful-message")
    assert (sign_in.account, sign_in.source_ip, sign_in.severity) == (
        "ghaas",
        "203.0.113.9",
        "medium",
    )
    assert "which it never used from outside" in sign_in.why
    assert f"mailbox={box}" in incident.joined_by
    assert [step.stage.value for step in incident.steps] == [
        "initial-access",
        "collection-exfiltration",
    ]
    assert [one.verdict.value for one in result.verdicts] == ["compromised"]
