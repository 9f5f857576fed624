"""What service accounts suddenly did is judged where logs go back enough, and nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from exward.accounts.known import Known as Account
from exward.accounts.logon import Logon
from exward.accounts.policy import Accepted, Windows
from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.scan import behaviour
from exward.scan.account_watch import learn
from exward.scan.behaviour import Known
from exward.scan.logon_work import Logons, LogonSetup
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.scan.tally import HOUR, Span
from exward.scan.tasks import Task
from tests.accounts.made import at, event, logon, micros, quiet_weeks, write

SECURITY, IIS = ("s.evtx", "evtx", "Security"), ("ex.log", "iis-w3c", "iis")
START = micros(at(0, 0))
NOTHING = Known()


def span(days: range, server: str = "EX01") -> Span:
    hours = {START // HOUR + day * 24 + 2: 1 for day in days}
    return Span(len(hours), START, START, {server: 1}, hours)


def judge(
    logons: Sequence[Logon], spans: dict[tuple[str, str, str], Span], known: Known = NOTHING
) -> behaviour.Behaviour:
    def read(setup: LogonSetup, tasks: Sequence[Task]) -> Iterator[Logons]:
        yield Logons([] if setup.accounts else list(logons))

    return behaviour.judge([], spans, known, read)


def seen(logons: Sequence[Logon], file: str = SECURITY[0]) -> list[Logon]:
    return [msgspec.structs.replace(one, file=file) for one in logons]


ODD = logon(at(50, 15), type="10", address="10.9.0.66", process="winlogon.exe")
WEEKS = seen([*quiet_weeks(), ODD])


def test_a_service_account_that_does_what_it_never_did_is_a_modest_finding() -> None:
    found = judge(WEEKS, {SECURITY: span(range(56))})
    (one,) = found.findings
    assert (one.account, one.severity, one.stage) == ("svc_backup", "medium", Stage.BEHAVIOUR)
    assert "never seen in 51 days" in one.why
    assert found.told == "1 service accounts, 57 sign-ins of 56 days"


def test_a_directory_finds_a_service_account_that_its_name_does_not_show() -> None:
    weeks = [msgspec.structs.replace(one, account="j.smith", type="3") for one in WEEKS]
    spans = {SECURITY: span(range(56))}
    told = "runs service Agent on EX01"
    known = Known(directory={"j.smith": Account("", (told,), (), ("Domain Admins",))})
    (one,) = judge(weeks, spans, known).findings
    assert (one.account, one.severity) == ("j.smith", "medium")
    assert "member of Domain Admins" in one.why


def test_the_requests_of_the_directorys_accounts_are_read() -> None:
    account = Account("", ("has the service name a/b",))
    known = Known(directory={"zz": account, "j.doe": Account()})
    assert behaviour._wanted({"svc"}, known) == ["svc", "zz"]
    many = Known(directory={f"a{number:04}": account for number in range(600)})
    assert behaviour._wanted({"svc"}, many)[:2] == ["svc", "a0000"]
    assert len(behaviour._wanted({"svc"}, many)) == behaviour.MAX_NAMES


def test_of_few_days_nothing_is_said() -> None:
    found = judge(WEEKS, {SECURITY: span(range(14))})
    assert found.findings == ()
    assert found.told == "not judged: no log of sign-ins goes back 15 days, the longest has 14"


def test_days_without_records_do_not_count() -> None:
    assert judge(WEEKS, {SECURITY: span(range(0, 56, 5))}).findings == ()


def test_without_logs_of_sign_ins_nothing_is_said_at_all() -> None:
    system = ("y.evtx", "evtx", "System")
    assert judge(WEEKS, {system: span(range(56))}) == behaviour.Behaviour()


def test_a_log_that_begins_late_makes_nothing_look_new() -> None:
    late = ("late.evtx", "evtx", "Security")
    new = [logon(at(day, 2), target="ex02") for day in range(41, 56)]
    logons = [*seen(quiet_weeks()), *seen(new, late[0])]
    spans = {SECURITY: span(range(56)), late: span(range(41, 49), "EX02")}
    assert judge(logons, spans).findings == ()
    spans[late] = span(range(41, 56), "EX02")
    found = judge(logons, spans)
    assert found.findings == ()
    assert found.told.endswith("of 15 days")


@pytest.mark.parametrize(
    ("security", "web", "files", "days"),
    [
        (range(30), range(28, 56), {"a", "b"}, 28),
        (range(16), range(5, 20), {"a", "b"}, 15),
        (range(20), range(5, 19), {"a"}, 20),
        (range(0, 60, 2), range(40, 60), {"a", "b"}, 20),
        (range(0, 60, 2), range(46, 76, 2), {"a", "b"}, 15),
        (range(10), range(4), set(), 10),
    ],
)
def test_which_logs_are_taken_and_from_when(
    security: range, web: range, files: set[str], days: int
) -> None:
    groups = {
        ("ex01", "security"): ({"a"}, set(span(security).hours)),
        ("ex01", "iis"): ({"b"}, set(span(web).hours)),
    }
    chosen = behaviour._chosen(groups, Known())
    assert (set(chosen.files), chosen.days) == (files, days)


@pytest.mark.parametrize(
    ("iis", "proxy", "left"), [(20, 20, "iis"), (20, 9, "iis"), (9, 20, "exchange.httpproxy")]
)
def test_of_iis_and_httpproxy_the_longer_is_read(iis: int, proxy: int, left: str) -> None:
    spans = {
        ("ex.log", "iis-w3c", "iis"): span(range(iis)),
        ("p.log", "exchange-httpproxy", "exchange.httpproxy"): span(range(proxy)),
    }
    assert [log for _, log in behaviour._groups(spans)] == [left]


def test_what_an_earlier_run_learned_makes_a_short_log_enough() -> None:
    learned = learn(quiet_weeks(weeks=7), ZoneInfo("UTC"))
    earlier = tuple(learned.watch.profiles.values())
    found = judge(seen([ODD]), {SECURITY: span(range(50, 51))}, Known(earlier=earlier))
    assert [one.account for one in found.findings] == ["svc_backup"]


def test_an_accepted_window_holds_on_the_first_day() -> None:
    windows: Windows = {"svc_backup": Accepted(frozenset(range(24, 30)))}
    found = judge(seen([ODD]), {SECURITY: span(range(1))}, Known(windows=windows))
    (one,) = found.findings
    assert (one.rule, one.severity) == ("logon-outside-window", "high")
    assert found.told == "log-on windows of 1 accounts were held"


def test_too_many_sign_ins_leave_out_whole_accounts_people_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [logon(at(0, 1, minute), account=f"ann{minute}", type="3") for minute in range(9)]
    for logons in ([*people, *WEEKS], [*WEEKS, *people], [*WEEKS[:5], *people, *WEEKS[5:]]):
        kept = behaviour._Kept(60)
        kept.take(Logons(seen(logons)))
        accounts = {one.account for one in kept.logons()}
        assert "svc_backup" in accounts
        assert len(accounts) == 4
        assert kept.left_out == 6


def test_a_copy_of_a_log_counts_once() -> None:
    kept = behaviour._Kept(1000)
    kept.take(Logons([*WEEKS, *seen(WEEKS, "copy.evtx")], left_out=2))
    assert len(list(kept.logons())) == len(WEEKS)
    assert kept.left_out == 2


# From logs to incidents.


def evidence(folder: Path, odd: datetime.datetime | None, server: str = "EX01") -> ScanResult:
    """Fifty days of a backup account, then what is odd, and an attack at the same hour."""
    events = [event(at(day, 2, day % 7), record=day + 1) for day in range(50)]
    if odd is not None:
        events.append(event(odd, record=900, LogonType="10", IpAddress="10.9.0.66",
                            ProcessName="C:\\Windows\\System32\\winlogon.exe"))  # fmt: skip
    attack = {
        "EventID": 1102,
        "Channel": "Security",
        "Computer": f"{server}.corp.example",
        "EventRecordID": 901,
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Eventlog"}},
        "TimeCreated": {"#attributes": {"SystemTime": at(50, 15, 20).isoformat()}},
    }
    user = {"SubjectUserName": "svc_backup", "SubjectLogonId": "0x5a1"}
    events.append({"Event": {"System": attack, "UserData": {"LogFileCleared": user}}})
    write(folder / "security.jsonl", events)
    return scan(ScanSettings(paths=(str(folder),)), Silent())


def test_it_stands_in_the_story_of_its_account(tmp_path: Path) -> None:
    result = evidence(tmp_path, at(50, 15))
    (incident,) = result.incidents
    step = incident.steps[-1]
    assert step.stage is Stage.BEHAVIOUR
    assert "account=svc_backup" in step.joined_by
    assert "first remote interactive logon in 51 days" in step.summary
    assert not step.summary.startswith("Attempt")
    assert "10.9.0.66" in incident.source_ips
    told = next(one for one in result.findings if one.stage is Stage.BEHAVIOUR)
    assert told.severity is Severity.MEDIUM
    assert told.id not in {name for one in result.verdicts for name in one.findings}


def test_alone_it_compromises_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    result = evidence(folder, at(50, 15))
    lines = (folder / "security.jsonl").read_text().splitlines()
    (folder / "security.jsonl").write_text("\n".join(lines[:-1]) + "\n")
    alone = scan(ScanSettings(paths=(str(folder),)), Silent())
    assert result.incidents
    assert alone.incidents == ()
    assert [one.verdict.value for one in alone.verdicts] == ["cannot-tell"]
    assert "1 service accounts" in alone.run.settings["accounts"]


def test_a_window_of_time_narrows_what_is_told_not_what_is_known(tmp_path: Path) -> None:
    evidence(tmp_path, at(50, 15))
    settings = ScanSettings(paths=(str(tmp_path),))
    late = replace(settings, time_from=micros(at(50, 0)))
    early = replace(settings, time_to=micros(at(49, 0)))
    assert [
        [one.account for one in scan(given, Silent()).findings if one.stage is Stage.BEHAVIOUR]
        for given in (late, early)
    ] == [["svc_backup"], []]


@pytest.mark.parametrize("is_logged", [True, False])
def test_requests_of_service_accounts_are_learned_from_web_logs(
    tmp_path: Path, is_logged: bool
) -> None:
    head = (
        "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method"
        " cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status\n"
    )
    lines = [
        f"{at(day, hour):%Y-%m-%d %H:%M:%S} 10.0.0.5 POST /EWS/Exchange.asmx - 443 {who} {address}"
        f" {agent} 200\n"
        for day in range(40)
        for hour, who, address, agent in (
            (3, "CORP\\SVC_crm", "10.0.0.41", "crm/1.0"),
            (9, "CORP\\ann", "10.0.1.7", "Outlook/16"),
        )
    ]
    lines.append(
        f"{at(39, 15):%Y-%m-%d %H:%M:%S} 10.0.0.5 POST /EWS/Exchange.asmx - 443 CORP\\svc_crm"
        " 10.9.0.66 python-requests/2.31 200\n"
    )
    (tmp_path / "u_ex.log").write_text(head + "".join(lines))
    if is_logged:
        write(tmp_path / "security.jsonl", [event(at(39, 3), TargetUserName="svc_crm")])
    result = scan(ScanSettings(paths=(str(tmp_path),)), Silent())
    (one,) = [one for one in result.findings if one.stage is Stage.BEHAVIOUR]
    assert (one.account, one.source_ip) == ("svc_crm", "10.9.0.66")
    assert {place.file for place in one.evidence} == {str(tmp_path / "u_ex.log")}
