"""Each kind of Exchange text log: told by its header, read with every column, and what is added."""

from __future__ import annotations

import pytest

from exward.formats import registry
from exward.formats.exchange_rps_cmdlet import account_name
from exward.formats.interface import Format
from tests.formats.memory_source import read_all

T = "2026-03-03T05:11:09.112Z"


def _log(kind: str, columns: str, *rows: str) -> bytes:
    head = f"#Software: Microsoft Exchange Server\n#Version: 15.02.1118.007\n#Log-type: {kind}\n"
    return (
        head + f"#Date: {T}\n#Fields: {columns}\n" + "".join(f"{row}\n" for row in rows)
    ).encode()


LOGS = {
    "exchange-httpproxy": _log(
        "HttpProxy Logs",
        "DateTime,RequestId,Protocol,UrlHost,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,"
        "ClientIpAddress,ServerHostName,HttpStatus,Method,ProxyAction,ResponseBytes,UrlQuery",
        f"{T},47a2,Owa,mail.contoso.example,/owa/%61uth/x.aspx,,,python-requests/2.31,203.0.113.20,"
        "EX01,200,POST,Proxy,12,?a=%2561",
    ),
    "exchange-rps-cmdlet": _log(
        "Rps Cmdlet Logs",
        "DateTime,ServerHostName,ProcessName,AuthenticatedUser,ExecutingUserSid,ClientApplication,"
        "Cmdlet,Parameters,ExecutionResult,GenericInfo,GenericErrors",
        f"{T},EX01,w3wp#MSExchangePowerShellAppPool,Administrator,S-1-5-21-1-500,PowerShell,"
        'New-MailboxExportRequest,"-Mailbox ""ceo"" -FilePath ""\\\\127.0.0.1\\c$\\q.aspx""",'
        "Success,a=1;PSSenderInfo=jdoe@contoso.example;b=2,",
    ),
    "exchange-ecp-server": _log(
        "ECP Server Log",
        "TimeStamp,ServerName,EventId,EventData",
        f"{T},EX01,ECP.Request,\"S:TIME=640;S:SID=x;S:CMD=Set-OabVirtualDirectory.ExternalUrl='http://f"
        '/<script>a="";b()</script>\';S:REQID=;S:URL=/ecp/DDI/DDIService.svc/SetObject;S:EX=;S:ACTID=7"',
    ),
    "exchange-ecp-activity": _log(
        "ECP Activity Context Log",
        "TimeStamp,ServerName,EventId,EventData",
        f"{T},EX01,Request,S:PSA=CONTOSO\\a.user;S:URL=/ecp/;Dbl:WLM.TS=1",
    ),
    "exchange-ews": _log(
        "EWS Logs",
        "DateTime,RequestId,AuthenticatedUser,UserAgent,ClientIpAddress,ServerHostName,SoapAction,"
        "HttpStatus,ImpersonatedUser",
        f"{T},r,CONTOSO\\svc,x,203.0.113.9,EX01,GetItem,200,ceo@contoso.example",
    ),
    "exchange-autodiscover": _log(
        "Autodiscover Logs", "DateTime,RequestId,ServerHostName,HttpStatus", f"{T},r,EX01,200"
    ),
    "exchange-mapihttp": _log(
        "MapiHttp Logs", "DateTime,RequestId,MapiRequestId,ServerHostName", f"{T},r,m,EX01"
    ),
    "exchange-rps-http": _log(
        "Rps Http Logs", "DateTime,ShellId,CommandName,ServerHostName", f"{T},s,c,EX01"
    ),
    "exchange-rps-authz": _log(
        "Rps AuthZ Logs", "DateTime,AuthenticatedUser,ServerHostName", f"{T},a,EX01"
    ),
    "exchange-oabgenerator": _log(
        "OABGeneratorLog", "DateTime,ServerName,EventData", f"{T},EX01,Download failed"
    ),
    "exchange-message-tracking": _log(
        "Message Tracking Log",
        "date-time,client-ip,server-ip,server-hostname,source,event-id,internal-message-id",
        f"{T},203.0.113.9,10.0.0.5,EX01,SMTP,RECEIVE,1",
    ),
    "exchange-smtp-receive": _log(
        "SMTP Receive Protocol Log",
        "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,"
        "context",
        f"{T},EX01\\Default Frontend EX01,08D,0,10.0.0.5:25,203.0.113.9:4711,+,,",
    ),
    "exchange-smtp-send": _log(
        "SMTP Send Protocol Log",
        "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,"
        "context",
        f"{T},Internet,08D,0,10.0.0.5:2525,203.0.113.9:25,+,,",
    ),
    "exchange-connectivity": _log(
        "Transport Connectivity Log",
        "date-time,session,source,Destination,direction,description",
        f"{T},08D,SMTP,contoso.example,+,DnsConnectorDelivery",
    ),
    "exchange-agent": _log(
        "Agent Log", "Timestamp,SessionId,P1FromAddress,Agent,Event,Action", f"{T},s,a@b,X,E,Accept"
    ),
    "exchange-httprequestfiltering": _log(
        "HttpRequestFiltering Logs",
        "DateTime,UrlHost,UrlStem,ScanResult",
        "3/3/2026 5:11:09 AM,mail.contoso.example,/ecp/x.js,Detected",
    ),
    "exchange-text-log": _log("Mitigation Log", "DateTime,Server,Text", f"{T},EX01,applied M1"),
    "httperr": (
        b"#Software: Microsoft HTTP API 2.0\n#Version: 1.0\n#Date: 2026-03-03 05:00:00\n"
        b"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status "
        b"s-siteid s-reason s-queuename\n"
        b"2026-03-03 05:11:09 203.0.113.9 4711 10.0.0.5 443 HTTP/1.1 GET /%2e%2e/ "
        b"400 - URL -\n"
    ),
}
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
    assert account_name(text) == "j.doe"


def test_a_script_in_ecp_event_data_is_one_value():
    fields = _fields("exchange-ecp-server")
    assert fields["Cmdlet"] == "Set-OabVirtualDirectory"
    assert fields["Parameter.ExternalUrl"] == 'http://f/<script>a=";b()</script>'
    assert fields["URL"] == "/ecp/DDI/DDIService.svc/SetObject"
    assert fields["ACTID"] == "7"
    assert _fields("exchange-ecp-activity")["PSA"] == "CONTOSO\\a.user"


def test_an_other_log_is_no_windows_export():
    assert registry.identify(b"DateTime,A,B\n2026-01-01,1,2\n") is None
