"""Each kind of Exchange text log: told by its header, read with every column, and what is added."""

from __future__ import annotations

import pytest

from exward.formats import registry
from exward.formats.interface import Format
from exward.model.account import bare_name
from tests.formats.memory_source import read_all
from tests.formats.sample_logs import LOGS

BARE = ("exchange-httpproxy", "exchange-rps-cmdlet", "exchange-ews", "exchange-message-tracking")
NO_SERVER = {
    "exchange-smtp-send", "exchange-connectivity", "exchange-agent",
    "exchange-httprequestfiltering",
}  # fmt: skip


def _module(name: str) -> Format:
    return registry.by_name(name)


@pytest.mark.parametrize("name", LOGS)
def test_is_told_by_its_header(name):
    found = registry.identify(LOGS[name])
    assert found is not None
    assert name == found.NAME


@pytest.mark.parametrize("name", BARE)
def test_is_told_by_its_columns_alone(name):
    bare = LOGS[name].split(b"#Fields: ")[1]
    found = registry.identify(b"\xef\xbb\xbf" + bare)
    assert found is not None
    assert name == found.NAME
    assert read_all(_module(name), bare).records == 1


@pytest.mark.parametrize("name", LOGS)
def test_keeps_every_column_its_time_and_its_server(name):
    reading = read_all(_module(name), LOGS[name])
    (batch,) = reading.batches
    assert (reading.records, reading.lost) == (1, 0)
    columns = LOGS[name].split(b"#Fields: ")[1].split(b"\n")[0].decode()
    wanted = columns.split(" ") if name == "httperr" else columns.split(",")
    assert set(wanted) <= set(batch.fields(0))
    assert batch.time(0) // 1_000_000 == 1_772_514_669
    if name not in NO_SERVER:
        assert batch.server(0) == ("10.0.0.5" if name == "httperr" else "EX01")


def _fields(name: str) -> dict[str, object]:
    return read_all(_module(name), LOGS[name]).batches[0].fields(0)


def test_a_request_has_the_names_of_web_logs_and_all_its_readings():
    fields = _fields("exchange-httpproxy")
    stems, queries = fields["cs-uri-stem"], fields["cs-uri-query"]
    assert isinstance(stems, list)
    assert isinstance(queries, list)
    assert "/owa/auth/x.aspx" in stems
    assert {"a=%2561", "a=%61", "a=a"} <= set(queries)
    assert (fields["c-ip"], fields["sc-status"], fields["cs-method"]) == (
        "203.0.113.20", "200", "POST",
    )  # fmt: skip
    assert fields["cs-username"] == ["-", "", None]


def test_a_cmdlet_has_its_parameters_and_who_opened_the_session():
    fields = _fields("exchange-rps-cmdlet")
    assert fields["Parameter.FilePath"] == r"\\127.0.0.1\c$\q.aspx"
    assert fields["SessionUser"] == "jdoe@contoso.example"
    assert (fields["SessionUserDiffers"], fields["Succeeded"]) == ("true", "true")
    assert fields["Process"] == "w3wp#MSExchangePowerShellAppPool"


@pytest.mark.parametrize(
    "text", ["CONTOSO\\J.Doe", "j.doe@contoso.example", "contoso.example/Users/J.Doe", " j.doe "]
)
def test_an_account_has_one_name_in_every_form(text):
    assert bare_name(text) == "j.doe"


def test_a_script_in_ecp_event_data_is_one_value():
    fields = _fields("exchange-ecp-server")
    assert fields["Cmdlet"] == "Set-OabVirtualDirectory"
    assert fields["Parameter.ExternalUrl"] == 'http://f/<script>a=";b()</script>'
    assert fields["URL"] == "/ecp/DDI/DDIService.svc/SetObject"
    assert fields["ACTID"] == "7"
    assert _fields("exchange-ecp-activity")["PSA"] == "CONTOSO\\a.user"


def test_an_other_log_is_no_windows_export():
    assert registry.identify(b"DateTime,A,B\n2026-01-01,1,2\n") is None
