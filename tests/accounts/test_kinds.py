"""Which accounts are service accounts."""

from zoneinfo import ZoneInfo

import pytest

from exward.accounts.kinds import COMPUTER, MANAGED, PERSON, SERVICE, is_system, kind_of
from exward.accounts.known import NOTHING, Known
from exward.accounts.watch import Watch
from tests.accounts.made import at, logon


def kind(logons, services=frozenset(), servers=frozenset(), known=NOTHING):
    watch = Watch(ZoneInfo("UTC"))
    for one in logons:
        watch.take(one)
    (profile,) = watch.profiles.values()
    return kind_of(profile, services, servers, known)


def days(count=30, hours=(9, 17), **changes):
    return [logon(at(day, hour), **changes) for day in range(count) for hour in hours]


@pytest.mark.parametrize("name", ["svc_x", "sql-prod", "corp.backup", "svcexchange", "gmsa01"])
def test_a_name_tells(name):
    assert kind(days(account=name, type="3")) == (SERVICE, ("named like a service",))


@pytest.mark.parametrize("name", ["alice", "sarah", "jobst", "appleby"])
def test_a_person_is_none(name):
    assert kind(days(account=name, type="2"))[0] == PERSON
    assert kind(days(account=name, type="3"))[0] == PERSON


def test_services_tasks_and_principal_names_tell():
    assert kind(days(account="bob", type="4"))[1] == ("runs services or scheduled tasks",)
    assert kind(days(account="bob", type="3"), services={"bob"})[0] == SERVICE


def test_a_person_with_a_task_of_their_own_stays_a_person():
    logons = [*days(account="bob", type="2"), logon(at(31, 3), account="bob", type="4")]
    assert kind(logons)[0] == PERSON


def test_who_works_round_the_clock_and_never_interactively_is_none_of_us():
    assert kind(days(account="bob", type="3", hours=range(24)))[0] == SERVICE


def test_a_dollar_is_a_computer_or_a_managed_account():
    assert kind(days(account="ex01$", type="5"), servers={"ex01"})[0] == COMPUTER
    assert kind(days(account="gx$", type="3"))[0] == COMPUTER
    assert kind(days(account="gx$", type="5"))[0] == MANAGED


def test_windows_own_accounts_are_left_out():
    assert is_system("system")
    assert is_system("dwm-3")
    assert is_system("healthmailbox0a1b")
    assert not is_system("svc_system")


def test_a_person_that_tickets_are_asked_for_stays_a_person():
    assert kind(days(account="bob", type="2"), services={"bob"})[0] == PERSON


def test_the_directory_tells():
    quiet = days(account="bob", type="3")
    assert kind(quiet, known=Known(told_by=("has the service name a/b",))) == (
        SERVICE, ("has the service name a/b",)
    )  # fmt: skip
    # A person with a service name of their own stays a person.
    person = days(account="bob", type="2")
    assert kind(person, known=Known(told_by=("has the service name a/b",)))[0] == PERSON
    assert kind(days(account="gx$", type="3"), known=Known(MANAGED, ("gMSA",))) == (
        MANAGED, ("gMSA",)
    )  # fmt: skip
    assert kind(days(account="ex01$", type="5"), known=Known(COMPUTER))[0] == COMPUTER
