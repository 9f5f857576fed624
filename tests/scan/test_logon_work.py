"""A worker of the behaviour stage decodes only requests of the accounts that it is asked for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.formats import registry
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.scan import logon_work
from exward.scan.logon_work import Logons, LogonSetup
from exward.scan.progress import Silent
from exward.scan.tasks import Task
from tests.accounts.made import at, event, logon, write

HEAD = (
    "#Software: Microsoft Internet Information Services 10.0\n"
    "#Fields: date time cs-method cs-uri-stem cs-username c-ip cs(User-Agent) sc-status\n"
)


def web(*names: str) -> str:
    return HEAD + "".join(
        f"2026-01-05 10:00:{second:02} GET /ews/svc_b {name} 10.0.0.7 crm/1.0 200\n"
        for second, name in enumerate(names)
    )


def done(path: Path, setup: LogonSetup) -> Logons:
    (source,) = discover([str(path)], EvidenceOptions(spool_dir=path.parent), lambda *_: True)
    assert not isinstance(source, Skipped | NotEvidence)
    form = registry.identify(source.head)
    assert form is not None
    data = logon_work.work(setup, Task(source, form.NAME, Part(), 1), Silent())
    return msgspec.msgpack.decode(data, type=Logons)


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (("svc_b",), ["svc_b"]),
        (("svc_a", "svc_b"), ["svc_a", "svc_b"]),
        (("svc",), []),
        ((), []),
    ],
)
def test_of_web_logs_the_accounts_that_are_named(
    tmp_path: Path, accounts: tuple[str, ...], expected: list[str]
) -> None:
    path = tmp_path / "u_ex.log"
    path.write_text(web("CORP\\ann", "CORP\\SVC_A", "-", "svc_b@corp.example", "svc_bb"))
    found = done(path, LogonSetup(accounts)).found
    assert [one.account for one in found] == expected


def test_of_web_logs_names_of_services_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logon_work, "SAMPLE", 2)
    path = tmp_path / "u_ex.log"
    path.write_text(web("svc_a", "svc_b", "ann", "svc_c", "-"))
    assert done(path, LogonSetup()) == Logons([], 0, {"svc_a"})
    assert done(path, LogonSetup(("svc_b",))).names == set()


def test_of_events_every_account(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", [event(at(0, 1)), event(at(0, 2), TargetUserName="ann")])
    assert [one.account for one in done(path, LogonSetup()).found] == ["svc_backup", "ann"]


def test_like_sign_ins_within_a_minute_are_one() -> None:
    many = [logon(at(0, 1, minute)) for minute in (0, 0, 0, 1, 1)]
    other = [logon(at(0, 1), target="ex02"), logon(at(0, 1), succeeded=False)]
    assert len(list(logon_work.once_a_minute([*many, *other]))) == 4


def test_a_share_of_a_file_gives_a_bounded_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logon_work, "MAX_LOGONS", 2)
    path = write(tmp_path / "s.jsonl", [event(at(0, hour)) for hour in range(5)])
    given = done(path, LogonSetup())
    assert (len(given.found), given.left_out) == (2, 3)


def test_damage_ends_a_file_in_silence(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", [event(at(0, 1))])
    path.write_bytes(path.read_bytes() + b"{broken\n")
    assert len(done(path, LogonSetup()).found) == 1
