"""What raises an alarm, what does not, and what a profile may cost."""

import datetime
import random
from zoneinfo import ZoneInfo

import msgspec
import pytest

from exward.accounts.model import BEACON, HOUR, VOLUME
from exward.accounts.profile import dump, dump_all, empty, restore_all
from exward.accounts.watch import Watch
from tests.accounts.made import UTC, at, logon, micros, quiet_weeks

LONDON = ZoneInfo("Europe/London")


def watched(logons, zone=None):
    watch = Watch(zone or ZoneInfo("UTC"))
    for one in sorted(logons, key=lambda one: one.time):
        watch.take(one)
    return watch


def after_quiet(*strange, weeks=8):
    watch = watched(quiet_weeks(weeks))
    assert watch.anomalies == {}
    for one in strange:
        watch.take(one)
    return watch.anomalies.get("svc_backup", [])


def test_a_quiet_account_raises_nothing():
    assert after_quiet() == []


@pytest.mark.parametrize(
    ("changes", "dimension", "words"),
    [
        ({"address": "10.9.9.9"}, "address", "source 10.9.9.9 never seen in 56 days"),
        ({"target": "dc01"}, "target", "target dc01 never seen in 56 days"),
        ({"type": "10"}, "type", "first remote interactive logon in 56 days"),
        ({"package": "ntlm"}, "package", "authentication package ntlm never seen"),
        ({"process": "cmd.exe"}, "process", "process cmd.exe never seen"),
    ],
)
def test_a_new_value_is_told_by_its_dimension_alone(changes, dimension, words):
    (told,) = after_quiet(logon(at(56, 2), **changes))
    assert set(told.reasons) == {dimension}
    assert words in told.why()


def test_an_unusual_hour_names_the_normal_window():
    (told,) = after_quiet(logon(at(55, 15, 12)))
    assert set(told.reasons) == {HOUR}
    assert told.why() == "15:12 on a Sunday, normal window 01:00–04:00"


def test_reasons_of_one_day_are_one_anomaly_and_the_worst_comes_first():
    (told,) = after_quiet(
        logon(at(56, 15), type="2", address="10.9.9.9"), logon(at(56, 16), target="dc01")
    )
    assert set(told.reasons) == {HOUR, "type", "address", "target"}
    assert told.count == 2
    ranked = sorted(told.reasons.items(), key=lambda one: -one[1][0])
    assert told.score > 0
    assert {ranked[0][0]} <= {HOUR, "type", "address"}


def test_a_value_that_comes_every_few_days_anew_is_normal():
    every_day = [logon(at(day, 2), target=f"host{day}") for day in range(70)]
    assert watched(every_day).anomalies == {}


def test_a_young_account_raises_nothing():
    assert watched([*quiet_weeks(1), logon(at(8, 15), type="10")]).anomalies == {}


def test_a_forgotten_value_is_told_with_the_days_since():
    old = logon(at(0, 2), type="2")
    (told,) = watched([old, *quiet_weeks(40)[1:], logon(at(281, 2), type="2")]).anomalies[
        "svc_backup"
    ]
    assert "first interactive logon in 281 days" in told.why()


def test_many_sign_ins_in_one_hour_are_told_with_what_is_usual():
    burst = [logon(at(56, 2, minute)) for minute in range(50)]
    (told,) = after_quiet(*burst)
    assert VOLUME in told.reasons
    assert "sign-ins in one hour, usual are 1" in told.why()


def test_what_falls_between_regular_sign_ins_adds_up():
    regular = [logon(at(0, 0, minute)) for minute in range(0, 40 * 24 * 60, 10)]
    beacons = [logon(at(40, 0, minute)) for minute in range(3, 7 * 24 * 60, 7 * 60)]
    later = [logon(at(40, 0, minute)) for minute in range(0, 8 * 24 * 60, 10)]
    assert watched([*regular, *later]).anomalies == {}
    told = watched([*regular, *later, *beacons]).anomalies["svc_backup"]
    assert {name for one in told for name in one.reasons} == {BEACON}
    assert len(told) <= 2


def test_clocks_that_change_are_no_anomaly():
    nights = [day.replace(tzinfo=UTC) for day in (at(n, 2) for n in range(150))]
    local = [one.replace(tzinfo=LONDON).astimezone(UTC) for one in nights]
    assert watched([logon(one) for one in local], LONDON).anomalies == {}


def test_failures_teach_nothing_and_a_spray_is_told_once():
    failures = [
        logon(at(20, 3, n % 50), account=f"u{n}", address="10.8.8.8", succeeded=False)
        for n in range(40)
    ]
    watch = watched(failures)
    assert watch.profiles == {}
    (spray,) = watch.sprays.found
    assert (spray.source, spray.count, len(spray.accounts)) == ("10.8.8.8", 40, 40)


def test_few_or_slow_failures_are_no_spray():
    few = [logon(at(1, 3), account=f"u{n}", succeeded=False) for n in range(7)]
    slow = [logon(at(2, n), account=f"u{n}", succeeded=False, address="b") for n in range(20)]
    assert watched([*few, *slow]).sprays.found == []


def test_a_profile_stays_below_20_kb_and_is_restored_as_it_was():
    chance = random.Random(3)
    watch = Watch(ZoneInfo("UTC"))
    for n in range(5_000):
        text = f"{chance.randrange(2_000):060}"
        watch.take(
            logon(at(n // 24, n % 24), source_host=text, address=text, target=text, type=text,
                  package=text, process=text, client=text)
        )  # fmt: skip
    profile = watch.profiles["svc_backup"]
    assert len(dump(profile)) < 20_000
    assert restore_all(dump_all([profile])) == [profile]


def test_what_was_learned_before_and_after_a_save_is_the_same():
    logons = quiet_weeks()
    whole = watched(logons)
    half = watched(logons[:30])
    (half.profiles["svc_backup"],) = restore_all(dump_all(half.profiles.values()))
    for one in logons[30:]:
        half.take(one)
    assert half.profiles == whole.profiles


def test_weights_are_cut_before_they_overflow():
    years = [logon(at(day * 30, 2)) for day in range(1_300)]
    profile = watched(years).profiles["svc_backup"]
    assert max(profile.week) < 2.0**60
    assert empty("x", 0).events == 0


def test_an_account_that_is_seldom_seen_has_no_strange_hours():
    assert watched([logon(at(day, day % 24)) for day in range(0, 300, 20)]).anomalies == {}


def test_who_comes_at_any_hour_now_and_then_has_no_strange_ones_either():
    chance = random.Random(5)
    watch = watched([logon(at(day, chance.randrange(24)), target="") for day in range(300)])
    assert watch.anomalies == {}


@pytest.mark.parametrize("data", [b"", b"\x91\x01", b"[]", b"\x91" + dump(empty("x", 0))[:-9]])
def test_what_is_no_profile_is_refused(data):
    with pytest.raises(ValueError, match=r"\w"):
        restore_all(data)


def test_a_profile_with_other_dimensions_is_refused():
    odd = empty("x", 0)
    odd.week.pop()
    with pytest.raises(ValueError, match="other dimensions"):
        restore_all(dump_all([odd]))


@pytest.mark.parametrize(("name", "value"), [
    ("last", 1 << 40), ("first", -(10**9)), ("reference", -(1 << 60)), ("reference", 10_000),
    ("crowded_hour", 10_000), ("crowded", float("nan")), ("week", [float("inf")] * 168),
    ("gaps", [-1.0] * 24), ("odd", [1] * 65), ("debt_hour", 10_000),
])  # fmt: skip
def test_a_profile_that_was_tampered_with_is_refused(name, value):
    odd = empty("x", 5)
    setattr(odd, name, value)
    with pytest.raises(ValueError, match=r"\w"):
        restore_all(dump_all([odd]))


def test_an_address_that_changes_each_week_is_usual_and_another_network_is_not():
    leases = [
        logon(at(day, h), address=f"10.4.0.{day // 7}") for day in range(80) for h in range(24)
    ]
    (first,) = watched(leases).anomalies.get("svc_backup", [None])
    assert first is None or first.first < micros(at(25, 0))
    watch = watched([*leases, logon(at(80, 2), address="10.4.0.99")])
    assert len(watch.anomalies.get("svc_backup", [])) <= 1
    watch = watched([*leases, logon(at(80, 2), address="192.168.7.7")])
    assert "source 192.168.7.7 never seen" in watch.anomalies["svc_backup"][-1].why()


def test_a_job_of_the_month_is_known_from_last_month():
    monthly = [logon(at(day, 22)) for day in (9, 40, 68)]  # 14 January, February, March
    assert watched([*quiet_weeks(11), *monthly]).anomalies == {}
    other = [logon(at(day, 22)) for day in (9, 46)]
    assert len(watched([*quiet_weeks(11), *other]).anomalies["svc_backup"]) == 1


def test_odd_hours_of_one_busy_week_excuse_none_a_month_later():
    beacon = [logon(at(40, hour)) for hour in range(6, 100, 7)]
    told = watched([*quiet_weeks(12), *beacon, logon(at(68, 13))]).anomalies["svc_backup"]
    assert told[-1].first == micros(at(68, 13))


def test_a_job_an_hour_late_has_no_strange_volume():
    weekly = [logon(at(day, 2, minute)) for day in range(0, 56, 7) for minute in range(30)]
    late = [logon(at(56, 3, minute)) for minute in range(30)]
    told = watched([*weekly, *late]).anomalies.get("svc_backup", [])
    assert all(VOLUME not in one.reasons for one in told)


def test_a_copy_of_a_log_two_seconds_late_does_not_hide_a_beacon():
    regular = [logon(at(0, 0, minute)) for minute in range(0, 48 * 24 * 60, 10)]
    beacons = [logon(at(40, 0, minute)) for minute in range(3, 7 * 24 * 60, 7 * 60)]
    every = [*regular, *beacons]
    twice = [msgspec.structs.replace(one, time=one.time + 2_000_000) for one in every]
    assert BEACON in watched([*every, *twice]).anomalies["svc_backup"][0].reasons


def test_a_restart_is_no_beacon():
    regular = [logon(at(0, 0, minute)) for minute in range(0, 48 * 24 * 60, 10)]
    restart = [logon(at(40, 22, 3) + datetime.timedelta(seconds=30 * n)) for n in range(12)]
    assert watched([*regular, *restart]).anomalies == {}


def test_the_first_place_of_each_reason_is_kept_however_many_came_before():
    busy = [logon(at(56, 2, n), target=f"pc{n}") for n in range(40)]
    (told,) = after_quiet(*busy, logon(at(56, 2, 50), type="10"))
    assert told.count > 20
    assert told.places[-1].type == "10"


def test_a_first_interactive_logon_is_told_soon_after_another_kind_of_it():
    told = after_quiet(logon(at(56, 2), type="10"), logon(at(58, 2), type="2"))
    assert [list(one.reasons) for one in told] == [["type"], ["type"]]
