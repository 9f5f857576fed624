"""From evidence to verdict, whole: small logs, rules of the test's own."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import pytest

from exward.incidents.acceptance import Entry, Level, Tuning
from exward.model.acceptance import Standing
from exward.model.coverage import RuleCoverage
from exward.model.finding import Grade
from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.scan import pipeline
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent

SHELL_ID = "0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0001"
SHELL = """
title: Request for a web shell
id: 0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0001
status: stable
level: high
tags: [attack.persistence, attack.t1505.003]
logsource: {category: webserver}
detection: {sel: {cs-uri-stem|endswith: /x.aspx}, condition: sel}
falsepositives: [your own page]
"""
FAILED_LOGON = """
title: Failed logon
id: 0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0002
name: failed
level: low
logsource: {product: windows, service: security}
detection: {sel: {EventID: 4625}, condition: sel}
"""
SPRAY = """
title: Password spray
id: 0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0003
level: medium
correlation:
  type: value_count
  rules: [failed]
  group-by: [IpAddress]
  timespan: 10m
  condition: {field: TargetUserName, gte: 5}
"""
SYSMON = """
title: Never here
id: 0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0004
logsource: {product: windows, category: image_load}
detection: {sel: {ImageLoaded: x}, condition: sel}
"""
IIS = "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query cs-username c-ip sc-status\n"  # noqa: E501


def _line(second: int, stem: str, address: str = "203.0.113.9") -> str:
    time = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"2026-01-05 {time} 10.0.0.5 POST {stem} - - {address} 200\n"


def _event(number: int, user: str, computer: str = "EX01.contoso.example") -> str:
    event = {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": 4625,
            "TimeCreated": {"#attributes": {"SystemTime": f"2026-01-05T03:00:{number:02}Z"}},
            "EventRecordID": 100 + number,
            "Channel": "Security",
            "Computer": computer,
        },
        "EventData": {"TargetUserName": user, "IpAddress": "203.0.113.9"},
    }
    return json.dumps({"Event": event}) + "\n"


@pytest.fixture
def case(tmp_path: Path) -> ScanSettings:
    rules = tmp_path / "rules"
    rules.mkdir()
    for number, text in enumerate((SHELL, f"{FAILED_LOGON}---{SPRAY}", SYSMON)):
        (rules / f"{number}.yml").write_text(text)
    (rules / "bad.yml").write_text("title: bad\nlogsource: {product: windows}\n")
    logs = tmp_path / "case"
    (logs / "iis").mkdir(parents=True)
    benign = "".join(_line(second, "/owa/healthcheck.htm") for second in range(0, 3600, 5))
    (logs / "iis" / "renamed.txt").write_text(IIS + benign + _line(3601, "/owa/auth/X.aspx"))
    events = "".join(_event(number, f"user{number}") for number in range(8))
    with zipfile.ZipFile(logs / "triage.zip", "w") as archive:
        archive.writestr("C/events.json", events)
        archive.writestr("readme.md", "no log")
    (logs / "empty.log").write_bytes(b"")
    return ScanSettings(
        paths=(str(logs),),
        rule_dirs=(str(rules),),
        builtin_rules=False,
        jobs=1,
        cache_dir=str(tmp_path / "cache"),
    )


def _scan(case: ScanSettings, **changes: object) -> ScanResult:
    return scan(dataclasses.replace(case, **changes), Silent())  # type: ignore[arg-type]


def _without_clock(result: ScanResult) -> ScanResult:
    return dataclasses.replace(result, run=dataclasses.replace(result.run, started=0, finished=0))


def test_findings_carry_the_proof(case: ScanSettings) -> None:
    result = _scan(case)
    by_title = {finding.title: finding for finding in result.findings}
    assert sorted(by_title) == ["Password spray", "Request for a web shell"]
    shell = by_title["Request for a web shell"]
    assert shell.rule == "0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0001"
    assert (shell.count, shell.source_ip, shell.grade) == (1, "203.0.113.9", Grade.ATTEMPT)
    assert shell.techniques == ("T1505.003",)
    assert "ends with '/x.aspx'" in shell.why
    assert shell.advice == "Rule out: your own page"
    (place,) = shell.evidence
    assert place.file == f"{case.paths[0]}/iis/renamed.txt"
    assert place.position == 3 + 720
    assert place.fields["cs-uri-stem"] == "/owa/auth/X.aspx"
    spray = by_title["Password spray"]
    assert spray.evidence[0].file.endswith("triage.zip!C/events.json")
    assert spray.evidence[0].position == 100
    assert spray.source_ip == "203.0.113.9"


def test_what_was_read_and_what_was_not_is_counted(case: ScanSettings) -> None:
    result = _scan(case)
    assert (result.run.files, result.run.files_not_evidence) == (3, 1)
    assert result.run.records == 721 + 8
    assert [loss.reason for loss in result.skipped] == ["the file is empty"]
    logs = {row.log: row for row in result.coverage}
    assert (logs["iis"].records, logs["Security"].records) == (721, 8)
    assert {row.server for row in result.coverage} == {"EX01.contoso.example"}


def test_every_rule_says_whether_it_could_fire(case: ScanSettings) -> None:
    rules: dict[str, RuleCoverage] = {row.title: row for row in _scan(case).rules}
    assert rules["Request for a web shell"].could_fire
    assert rules["Password spray"].could_fire
    assert "Sysmon" in rules["Never here"].reason
    assert not rules["bad"].usable


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_number_of_workers_changes_nothing(
    case: ScanSettings, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _without_clock(_scan(case))
    monkeypatch.setattr(pipeline, "SMALL_BYTES", 0)
    assert _without_clock(_scan(case, jobs=jobs)) == whole


def test_the_window_of_time_bounds_findings(case: ScanSettings) -> None:
    noon = 1767614400_000000
    assert _scan(case, time_from=noon).findings == ()
    assert len(_scan(case, time_to=noon).findings) == 2


def test_the_level_leaves_lower_rules_out_but_not_what_feeds_a_correlation(
    case: ScanSettings,
) -> None:
    titles = [finding.title for finding in _scan(case, level=Severity.MEDIUM).findings]
    assert titles == ["Request for a web shell", "Password spray"]
    titles = [finding.title for finding in _scan(case, level=Severity.HIGH).findings]
    assert titles == ["Request for a web shell"]


def test_what_was_found_before_stopping_is_kept(case: ScanSettings) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    result = scan(case, Stop())
    assert result.run.interrupted
    assert result.run.records == 0


def test_a_path_given_twice_is_read_once(case: ScanSettings) -> None:
    path = f"{case.paths[0]}/iis/renamed.txt"
    result = _scan(case, paths=(path, path))
    (finding,) = result.findings
    assert finding.count == 1
    assert len(finding.evidence) == 1


def test_an_accepted_risk_covers_only_the_records_it_names(case):
    entry = Entry(
        id="e1",
        rule=SHELL_ID,
        why="ours",
        who="j.doe",
        until=None,
        server="EX01",
        fields={"cs-uri-stem": "/owa/auth/x.aspx"},
    )
    settings = dataclasses.replace(case, tuning=Tuning((entry,)))
    plain, accepted = scan(case, Silent()), scan(settings, Silent())
    assert next(one.accepted for one in accepted.findings if one.rule == SHELL_ID) != ""
    assert accepted.acceptances[0].standing is Standing.USED
    assert not any(SHELL_ID in one.findings for one in accepted.verdicts)
    assert [one.id for one in plain.findings if one.rule != SHELL_ID] == [
        one.id for one in accepted.findings if one.rule != SHELL_ID
    ]
    log = Path(case.paths[0]) / "iis" / "renamed.txt"
    log.write_text(log.read_text() + _line(3700, "/ecp/auth/x.aspx"))
    mixed = [one for one in scan(settings, Silent()).findings if one.rule == SHELL_ID]
    assert sorted((bool(one.accepted), one.count) for one in mixed) == [(False, 1), (True, 1)]


def test_the_users_levels_replace_those_of_the_rules(case):
    level = Level(id="l1", rule=SHELL_ID, level="low", why="w", who="m")
    result = scan(dataclasses.replace(case, tuning=Tuning(levels=(level,))), Silent())
    found = [one for one in result.findings if one.rule == SHELL_ID]
    assert [one.severity for one in found] == [Severity.LOW]
