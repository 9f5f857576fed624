"""What becomes an alert, what waits, and what many accounts have at one time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import msgspec
import pytest

from exward.accounts import cases
from exward.accounts.cases import Told
from exward.accounts.findings import of_case, of_wave, slight
from exward.accounts.known import Known
from exward.accounts.logon import Logon
from exward.accounts.profile import Profile, dump_all, restore_all
from exward.accounts.watch import Watch
from exward.scan.account_watch import learn
from tests.accounts.made import at, logon, quiet_weeks

RDP = {"type": "10", "process": "winlogon.exe"}
QUIET = quiet_weeks(12)


def told(strange: Iterable[Logon], quiet: Sequence[Logon] = QUIET) -> Told:
    watch = Watch(ZoneInfo("UTC"))
    for one in sorted([*quiet, *strange], key=lambda one: one.time):
        watch.take(one)
    return cases.told(watch.anomalies, watch.profiles)


def odd(day: int, hour: int = 15) -> Logon:
    return logon(at(day, hour))


def days(found: Told, account: str = "svc_backup") -> list[int]:
    begin = at(0, 0).timestamp()
    return [
        int((one.anomaly.first / 1e6 - begin) // 86_400) for one in found.cases.get(account, [])
    ]


def test_one_odd_hour_is_told_and_the_next_ones_wait_a_while() -> None:
    found = told([odd(20), odd(40, 10), odd(60, 18), odd(79, 12)])
    assert days(found) == [20, 79]
    assert [one.count for one in found.held["svc_backup"]] == [1, 1]
    said = slight(found.held["svc_backup"])
    assert said[0] == "2026-03-06: 18:00 on a Friday, normal window 01:00–04:00"


@pytest.mark.parametrize(
    "changes",
    [RDP, {"address": "10.9.9.9"}, {"source_host": "pc9"}],
    ids=["rdp", "address", "host"],
)
def test_what_can_be_an_intruder_alone_never_waits(changes: dict[str, str]) -> None:
    quiet = [msgspec.structs.replace(one, source_host="app1") for one in QUIET]
    assert days(told([odd(40), logon(at(60, 2), **changes)], quiet)) == [40, 60]


@pytest.mark.parametrize(("later", "expected"), [(45, [45]), (60, [40, 60])])
def test_what_is_slight_belongs_to_worse_within_two_weeks(later: int, expected: list[int]) -> None:
    found = told([odd(40), logon(at(later, 2), **RDP)])
    assert days(found) == expected
    if expected == [45]:
        (case,) = found.cases["svc_backup"]
        why = of_case(case).why
        assert "first remote interactive logon in 45 days" in why
        assert "also on 2026-02-14: 15:00 on a Saturday, normal window 01:00–04:00" in why


def test_one_visit_to_a_new_target_waits_and_a_second_one_does_not() -> None:
    visit = logon(at(60, 2), target="dc01")
    assert days(told([odd(40), visit])) == [40]
    assert days(told([odd(40), visit, logon(at(61, 2), target="dc01")])) == [40, 60]


def test_a_search_for_targets_never_waits() -> None:
    search = [logon(at(60, 2, n), target=f"pc{n}") for n in range(4)]
    assert days(told([odd(40), *search[:3]])) == [40]
    (_, case) = told([odd(40), *search]).cases["svc_backup"]
    assert case.anomaly.why().endswith("sign-ins), and 3 more: pc1, pc2, pc3")


def test_odd_hours_on_three_days_are_told_as_one() -> None:
    found = told([odd(40), odd(60), odd(62, 10), odd(66, 20)])
    assert days(found)[0] == 40
    assert [len(case.around) for case in found.cases["svc_backup"]] == [0, 2]


def test_a_beacon_that_goes_on_is_one_case() -> None:
    regular = [logon(at(0, 0, minute)) for minute in range(0, 80 * 24 * 60, 10)]
    beacons = [logon(at(40, 0, minute)) for minute in range(3, 30 * 24 * 60, 7 * 60)]
    (case,) = told(beacons, regular).cases["svc_backup"]
    assert len(case.around) >= 2
    assert "signed in 3 minutes after the sign-in before: only 1 in " in of_case(case).why


def test_alerts_are_counted_for_the_next_run() -> None:
    watch = Watch(ZoneInfo("UTC"))
    for one in [*QUIET[:40], odd(40)]:
        watch.take(one)
    profiles: dict[str, Profile] = watch.profiles
    assert cases.told(watch.anomalies, profiles).cases["svc_backup"]
    later = Watch(ZoneInfo("UTC"), profiles)
    for one in [*QUIET[41:61], odd(60, 10)]:
        later.take(one)
    assert cases.told(later.anomalies, profiles).cases["svc_backup"] == []


def fleet(accounts: int, strange: int, **changes: str) -> Told:
    names = [f"svc_{number}" for number in range(accounts)]
    quiet = [msgspec.structs.replace(one, account=name) for name in names for one in QUIET]
    odd_ones = [logon(at(50, 15, number % 50), account=name, **changes)
                for number, name in enumerate(names[:strange])]  # fmt: skip
    return told(odd_ones, quiet)


@pytest.mark.parametrize(("accounts", "strange", "waves"), [(8, 5, 1), (8, 4, 0), (40, 5, 0)])
def test_many_at_one_time_have_one_cause(accounts: int, strange: int, waves: int) -> None:
    found = fleet(accounts, strange)
    assert len(found.waves) == waves
    assert sum(map(len, found.cases.values())) == (0 if waves else strange)


def test_a_wave_is_one_finding_that_names_the_accounts() -> None:
    one = of_wave(fleet(8, 5).waves[0], 8)
    assert one.why.startswith("5 of 8 service accounts signed in at unusual hours: svc_0, svc_1")
    assert one.severity == "low"


def test_a_wave_with_an_account_of_a_high_profile_group_is_graver() -> None:
    one = of_wave(fleet(8, 5).waves[0], 8, {"svc_3": Known(groups=("Domain Admins",))})
    assert one.severity == "medium"
    assert one.why.endswith("; in high-profile groups: svc_3")


def test_a_search_by_many_accounts_at_one_time_is_told_as_a_search() -> None:
    names = [f"svc_{number}" for number in range(8)]
    quiet = [msgspec.structs.replace(one, account=name) for name in names for one in QUIET]
    searched = [logon(at(50, 2, number), account=name, target=f"srv{number}")
                for name in names[:5] for number in range(4)]  # fmt: skip
    one = of_wave(told(searched, quiet).waves[0], 8)
    assert one.severity == "high"
    assert one.why.endswith("; svc_0 alone met 4 new ones")


def test_intruders_at_many_accounts_are_no_wave() -> None:
    found = fleet(8, 6, **RDP)
    assert found.waves == ()
    assert sum(map(len, found.cases.values())) == 6


class Daily:
    """Runs day after day, each of which goes on where the one before ended."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self._profiles: tuple[Profile, ...] = ()

    def run(self, logons: Sequence[Logon]) -> None:
        learned = learn(logons, ZoneInfo("UTC"), restore_all(dump_all(self._profiles)))
        self._profiles = tuple(learned.watch.profiles.values())
        self.told += days(learned.told)


def day_by_day(logons: Iterable[Logon]) -> list[int]:
    """The days of the alerts."""
    by_day: dict[int, list[Logon]] = {}
    for one in logons:
        by_day.setdefault(one.time // 86_400_000_000, []).append(one)
    runs = Daily()
    for day in sorted(by_day):
        runs.run(by_day[day])
    return runs.told


def test_a_target_that_nobody_was_told_of_is_told_when_it_is_visited_again() -> None:
    visits = [logon(at(day, 2, 30), target="dc01") for day in (60, 63, 66)]
    assert day_by_day([*QUIET, odd(40), visits[0]]) == [40]
    assert day_by_day([*QUIET, odd(40), *visits]) == [40, 63]
    learned = learn([*QUIET[:61], odd(40), visits[0]], ZoneInfo("UTC"))
    again = learn([visits[1]], ZoneInfo("UTC"), learned.watch.profiles.values())
    (case,) = again.told.cases["svc_backup"]
    assert case.anomaly.why() == "target dc01, new 3 days ago, again"


def test_odd_hours_on_three_days_are_told_though_each_is_another_run() -> None:
    assert day_by_day([*QUIET, odd(40), odd(60), odd(62, 10), odd(66, 20)]) == [40, 66]


def test_a_beacon_that_goes_on_is_told_once_however_many_runs_see_it() -> None:
    regular = [logon(at(0, 0, minute)) for minute in range(0, 60 * 24 * 60, 10)]
    beacons = [logon(at(40, 0, minute)) for minute in range(3, 15 * 24 * 60, 7 * 60)]
    assert len(day_by_day([*regular, *beacons])) == 1


def test_a_run_judges_the_rest_of_the_hour_that_the_one_before_ended_in() -> None:
    runs = Daily()
    runs.run(QUIET[:50])
    runs.run([*QUIET[45:50], logon(at(49, 2, 20), address="10.9.9.9")])
    assert runs.told == [49]
