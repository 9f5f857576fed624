"""From records to sign-ins: each event, each web log, and what is left out."""

import json

import pytest

from exward.accounts.reading import logons
from exward.formats import registry
from exward.model.records import Part
from exward.model.skipped import Skipped
from tests.accounts.made import at, event
from tests.formats.memory_source import MemorySource

IIS = (
    "#Fields: date time s-computername cs-method cs-uri-stem cs-username c-ip cs(User-Agent) "
    "sc-status\n"
    "2026-01-05 02:00:00 EX01 POST /EWS/Exchange.asmx CORP\\svc_Sync 10.1.1.1 "
    "ExchangeServicesClient/15.00.0847.030 200\n"
    "2026-01-05 02:00:01 EX01 POST /EWS/Exchange.asmx svc_sync@corp.example 10.1.1.2 curl/8.0 401\n"
    "2026-01-05 02:00:02 EX01 GET /owa/ - 10.1.1.3 Mozilla/5.0 200\n"
)


def read(text):
    source = MemorySource(text.encode())
    form = registry.identify(source.head)
    assert form is not None
    return [
        one
        for batch in form.read(source, Part())
        if not isinstance(batch, Skipped)
        for one in logons(batch)
    ]


def only(**changes):
    made = read(json.dumps(event(at(0, 2), **changes)) + "\n")
    assert len(made) <= 1
    return made[0] if made else None


def test_a_logon_gives_every_dimension_in_one_spelling():
    one = only(TargetUserName="SVC_Backup", IpAddress="::ffff:10.0.0.5")
    assert (one.account, one.address, one.source_host) == ("svc_backup", "10.0.0.5", "app01")
    assert (one.target, one.type, one.package) == ("ex01", "5", "negotiate")
    assert (one.process, one.succeeded, one.position) == ("services.exe", True, 1)


def test_a_refused_logon_failed():
    assert only(event_id=4625, Status="0xc000006d").succeeded is False


def test_explicit_credentials_are_those_of_the_target_account():
    one = only(event_id=4648, TargetServerName="DC01.corp.example", SubjectUserName="mallory")
    assert (one.account, one.source_host, one.target) == ("svc_backup", "ex01", "dc01")


@pytest.mark.parametrize(("status", "succeeded"), [("0x0", True), ("0x18", False)])
def test_tickets_name_the_service_and_whether_they_were_given(status, succeeded):
    one = only(event_id=4769, TargetUserName="svc_backup@CORP", ServiceName="SQL01$", Status=status)
    assert (one.account, one.target, one.package) == ("svc_backup", "sql01", "kerberos")
    assert one.succeeded is succeeded
    assert only(event_id=4768, ServiceName="krbtgt").target == ""


def test_ntlm_names_the_workstation():
    one = only(event_id=4776, Workstation="\\\\APP07", Status="0xc0000064")
    assert (one.source_host, one.package, one.succeeded) == ("app07", "ntlm", False)


@pytest.mark.parametrize("name", ["SYSTEM", "-", "ANONYMOUS LOGON", "HealthMailbox0a1b2c3"])
def test_windows_and_exchange_themselves_are_left_out(name):
    assert only(TargetUserName=name) is None


def test_other_events_are_left_out():
    assert only(event_id=4688) is None


def test_values_are_cut_and_odd_ones_do_no_harm():
    assert len(only(IpAddress="x" * 9_000).address) == 48
    assert only(LogonType=["10", "3"]).type == "10"
    assert only(IpAddress=None, ProcessName=7).address == ""


def test_web_logs_tell_account_address_and_client():
    first, second = read(IIS)
    assert (first.account, first.address, first.target) == ("svc_sync", "10.1.1.1", "ex01")
    assert (first.client, first.succeeded) == ("exchangeservicesclient", True)
    assert (second.account, second.succeeded) == ("svc_sync", False)
