"""AD's logonHours: known bytes, offsets, and names that want to be commands."""

from zoneinfo import ZoneInfo

import pytest

from exward.accounts import policy
from exward.accounts.commands import for_hosts, for_hours
from exward.accounts.findings import of_violation
from exward.accounts.logon_hours import offsets, pack, to_local, to_utc, unpack
from exward.accounts.watch import Watch
from exward.accounts.window import widened, words
from exward.accounts.workstations import usual_hosts
from tests.accounts.made import at, logon, micros
from tests.collector import powershell

# Monday to Friday, 08:00 to 18:00, hour by hour from Sunday 00:00 UTC.
OFFICE = frozenset(day * 24 + hour for day in range(1, 6) for hour in range(8, 18))
OFFICE_BYTES = bytes([0, 0, 0, *([0, 255, 3] * 5), 0, 0, 0])


def test_bytes_are_as_active_directory_has_them():
    assert pack(OFFICE) == OFFICE_BYTES
    assert unpack(OFFICE_BYTES) == OFFICE
    assert pack({0}) == b"\x01" + bytes(20)
    assert pack({167}) == bytes(20) + b"\x80"


def test_another_length_is_refused():
    with pytest.raises(ValueError, match="20 bytes, not 21"):
        unpack(bytes(20))


def test_local_hours_become_those_of_utc_in_summer_and_winter():
    ahead = offsets(ZoneInfo("Europe/Berlin"), 2026)
    assert ahead == (60, 120)
    assert to_utc({24}, ahead) == {22, 23}
    assert to_utc({0}, ahead) == {166, 167}
    assert to_utc({30}, offsets(ZoneInfo("Asia/Kolkata"), 2026)) == {24, 25}
    assert offsets(ZoneInfo("UTC"), 2026) == (0,)


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(60, {25, 26, 0}), (-300, {19, 20, 162}), (330, {30, 31, 5}), (0, {24, 25, 167})],
)
def test_hours_of_utc_are_others_on_the_clock(minutes, hours):
    assert to_local({24, 25, 167}, minutes) == hours


def test_a_window_is_widened_over_the_end_of_the_week():
    assert widened({0}, 1) == {167, 0, 1}
    assert words(OFFICE) == "Mon–Fri 08:00–18:00"
    assert words(frozenset()) == "no regular hours"
    assert words(frozenset(range(168))) == "at all hours"


def test_commands_set_and_take_back():
    setting, undoing = for_hours("svc_x", OFFICE_BYTES)
    assert (
        "Set-ADUser -Identity $account -Replace @{logonHours=[byte[]](0,0,0,0,255,3" in setting[3]
    )
    assert "else { Set-ADUser -Identity $account -Clear logonHours }" in undoing[2]
    assert setting[:2] == undoing[:2]
    assert "Get-ADServiceAccount" in for_hours("gmsa$", OFFICE_BYTES)[0][2]


def test_what_is_kept_is_not_that_of_another_account():
    files = {for_hours(name, OFFICE_BYTES)[0][1] for name in ("svc_x", "svc-x", "svc_y")}
    files.add(for_hosts("svc_x", ("app01",))[0][1])
    assert len(files) == 4


@pytest.mark.parametrize("name", [
    "svc_x", "a'; Remove-Item C:\\ #", "x’ | calc", "$(calc)", "`n", "a\nb", "ё; calc #",
])  # fmt: skip
def test_powershell_calls_only_what_it_has_to(name):
    parts = (*for_hours(name, OFFICE_BYTES), *for_hosts(name, ("app01", "app02")))
    text = "\n".join(line for part in parts for line in part)
    assert text.isascii()  # in other code pages bytes of letters are quotation marks
    assert powershell.errors(text) == []
    assert powershell.commands(text) <= {
        "Get-ADUser", "Set-ADUser", "Get-Content", "Set-Content", "Join-Path", "Test-Path",
        "Remove-Item",
    }  # fmt: skip
    assert text.count("Remove-Item -LiteralPath $kept") == 2


def test_only_hosts_that_are_usual_and_names_are_proposed():
    watch = Watch(ZoneInfo("UTC"))
    hosts = ["app01", "app02", "x'; calc #"]
    for day in range(30):
        for host in hosts:
            watch.take(logon(at(day, 2), source_host=host))
    watch.take(logon(at(30, 2), source_host="new"))
    assert usual_hosts(watch.profiles["svc_backup"]) == ("app01", "app02")


def test_the_hour_of_the_week_is_that_of_utc():
    assert policy.week_hour_utc(micros(at(0, 0))) == 24
    assert policy.week_hour_utc(micros(at(6, 23))) == 23


def test_every_sign_in_outside_of_a_window_is_found():
    windows = policy.load(policy.dump({"svc_backup": policy.Accepted(OFFICE)}))
    logons = [logon(at(day, hour)) for day in range(7) for hour in range(24)]
    (one,) = policy.violations(logons, windows)
    assert one.count == 168 - len(OFFICE)
    assert not one.by_host
    assert list(policy.violations([logon(at(0, 2), account="other")], windows)) == []


@pytest.mark.parametrize("succeeded", [True, False])
def test_every_sign_in_from_another_host_is_found(succeeded):
    hours = frozenset(range(168))
    accepted = policy.Accepted(hours, frozenset({"app01", "app02"}))
    windows = policy.load(policy.dump({"svc_backup": accepted}))
    assert windows == {"svc_backup": accepted}
    hosts = ["app01", "app02", "", "pc9", "pc9", "pc8"]
    logons = [logon(at(0, 2), source_host=host, succeeded=succeeded) for host in hosts]
    (one,) = policy.violations(logons, windows)
    assert (one.by_host, one.succeeded, one.count) == (True, succeeded, 3)
    told = of_violation(one)
    did = "signed in" if succeeded else "failed to sign in"
    assert told.why == f"svc_backup {did} 3 times from pc8, pc9"
    assert (told.rule, told.severity) == (
        "logon-from-other-host",
        "high" if succeeded else "medium",
    )


def test_a_file_that_has_hours_only_accepts_any_host():
    windows = policy.load(b'{"Svc": "' + b"00" * 21 + b'"}')
    assert windows == {"svc": policy.Accepted(frozenset())}


@pytest.mark.parametrize(
    "text", [b"[]", b'{"a": 1}', b'{"a": {"hosts": ["x"]}}', b'{"a": "00"}', b'{"a": "zz"}', b"{"]
)
def test_a_bad_file_of_windows_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        policy.load(text)
