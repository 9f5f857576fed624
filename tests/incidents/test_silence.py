"""Silent hours of logs that never rest."""

from __future__ import annotations

from collections.abc import Iterable

from exward.incidents import silence
from exward.incidents.silence import Heard
from exward.model.severity import Severity
from tests.incidents.cases import IIS, SECURITY, START, finding

FIRST = START // silence.HOUR


def heard(log: str, source: str, hours: Iterable[int], records: int = 50) -> Heard:
    held = {FIRST + hour: records for hour in hours}
    return Heard("EX01", log, source, records, (max(held) + 1) * silence.HOUR - 1, held)


def without(*gone: int) -> list[int]:
    return [hour for hour in range(48) if hour not in gone]


def test_an_hour_taken_out_of_iis_is_told() -> None:
    (found,) = silence.find(
        (heard("iis", IIS, without(20, 21)), heard("windows.security", SECURITY, range(48))), ()
    )
    assert found.severity is Severity.LOW
    assert (found.first, found.last) == ((FIRST + 20) * silence.HOUR, (FIRST + 22) * silence.HOUR)
    assert found.server == "EX01"


def test_next_to_an_attack_it_weighs_more() -> None:
    attack = finding("shell", "web-shell", at=(FIRST + 22) * silence.HOUR)
    (found,) = silence.find(
        (heard("iis", IIS, without(20)), heard("windows.security", SECURITY, range(48))),
        (attack,),
    )
    assert found.severity is Severity.MEDIUM


def test_a_server_that_was_off_is_no_finding() -> None:
    logs = (heard("iis", IIS, without(20)), heard("windows.security", SECURITY, without(20)))
    assert silence.find(logs, ()) == ()


def test_a_log_that_rests_at_night_says_nothing() -> None:
    days = [hour for hour in range(48) if 7 <= hour % 24 < 19]
    logs = (heard("iis", IIS, days), heard("windows.security", SECURITY, range(48)))
    assert silence.find(logs, ()) == ()


def test_more_hours_taken_out_are_told_too_and_each_folder_for_itself() -> None:
    folders = ("EX01/W3SVC1/a.log", "EX01/W3SVC2/b.log")
    logs = (
        heard("iis", folders[0], without(20, 21, 22, 23, 24)),
        heard("iis", folders[1], range(48)),
    )
    (found,) = silence.find(logs, ())
    assert "W3SVC1" in found.why
    assert found.count == 5


def test_the_last_hours_taken_out_are_told() -> None:
    logs = (
        heard("exchange.httpproxy", "EX01/Owa/a.log", range(45)),
        heard("iis", IIS, range(48)),
    )
    (found,) = silence.find(logs, ())
    assert (found.first, found.count) == ((FIRST + 45) * silence.HOUR, 3)


def test_a_few_hours_of_a_log_say_nothing() -> None:
    logs = (heard("iis", IIS, [0, 1, 3]), heard("windows.security", SECURITY, range(48)))
    assert silence.find(logs, ()) == ()


def test_only_logs_that_probes_write_are_judged() -> None:
    logs = (heard("windows.security", SECURITY, without(9)), heard("iis", IIS, range(48)))
    assert silence.find(logs, ()) == ()
