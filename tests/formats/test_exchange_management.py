"""MSExchange Management events in all shapes in which exports keep their values."""

from __future__ import annotations

from xml.sax.saxutils import escape

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import exchange_management, json_shapes, windows_fields
from exward.model.records import EventType
from exward.rules import literals, routing
from exward.rules.folding import fold_bytes
from exward.rules.ir import And, Like, LogSource

SID = "S-1-5-21-1004336348-1177238915-682003330-500"
PARAMETERS = r'-Mailbox "ceo" -FilePath "\\127.0.0.1\c$\inetpub\x.aspx"'
SETTINGS = "View Entire Forest: 'False', Default Scope: 'x.example', Configuration: 'DC01'"
VALUES = [
    "New-MailboxExportRequest",
    PARAMETERS,
    "contoso.example/Users/Administrator",
    SID,
    SID,
    "Remote-ManagementShell-Unknown",
    "8372 w3wp#MSExchangePowerShellAppPool",
    "",
    "41",
    "00:00:00.1250",
    SETTINGS,
    "System.Management.Automation.RemoteException: It failed",
    "0",
    "0",
    "InvalidArgument",
    *["False"] * 4,
    "",
    *[""] * 3,
    "9ba6e3b6-7b3a-4a39-9d6b-6a5d1c8a2f01",
    "ServicePlan:;IsAdmin:True;",
    "",
    "en-US",
]
NAMED = {
    "Cmdlet": "New-MailboxExportRequest",
    "Parameters": PARAMETERS,
    "Parameter.Mailbox": "ceo",
    "Parameter.FilePath": r"\\127.0.0.1\c$\inetpub\x.aspx",
    "Caller": "contoso.example/Users/Administrator",
    "CallerSid": SID,
    "ClientApplication": "Remote-ManagementShell-Unknown",
    "Process": "w3wp#MSExchangePowerShellAppPool",
    "ProcessId": "8372",
    "Succeeded": "false",
}
REST = {
    "Error": VALUES[11],
    "ActivityId": VALUES[23],
    "Culture": "en-US",
    "Duration": "00:00:00.1250",
    "ServerSettings": SETTINGS,
}


def event(data: object, number: int = 6) -> dict[str, object]:
    system = {
        "Provider": {"#attributes": {"Name": "MSExchange CmdletLogs"}},
        "EventID": number,
        "Channel": "MSExchange Management",
        "Computer": "EX01.contoso.example",
    }
    return {"System": system, "EventData": data}


STRINGS = "".join(f"<string>{escape(value, {chr(34): '&quot;'})}</string>" for value in VALUES)
WINLOGBEAT = {
    "winlog": {
        "event_id": "6",
        "channel": "MSExchange Management",
        "provider_name": "MSExchange CmdletLogs",
        "event_data": {f"param{n}": value for n, value in enumerate(VALUES, 1) if value},
    }
}
GET_WINEVENT = {
    "Id": 6,
    "LogName": "MSExchange Management",
    "ProviderName": "MSExchange CmdletLogs",
    "Properties": [{"Value": value} for value in VALUES],
}
WHOLE = {
    "elements": event({"Data": {"#text": VALUES}}),
    "array": event({"Data": VALUES}),
    "string items": event({"Data": {"#text": STRINGS}}),
    "lines": event({"Data": "\n".join(VALUES)}),
    "Winlogbeat": json_shapes.event_of(WINLOGBEAT),
    "Get-WinEvent": json_shapes.event_of(GET_WINEVENT),
    "no channel": {
        "System": {"Provider": {"#attributes": {"Name": "MSExchange CmdletLogs"}}, "EventID": 6},
        "EventData": {"Data": VALUES},
    },
}
GLUED = {
    "commas": event({"Data": ", ".join(VALUES)}),
    "commas alone": event({"Data": ",".join(VALUES)}),
    "lines, some more": event({"Data": "\r\n".join([*VALUES, "more", "lines"])}),
}


@pytest.mark.parametrize("shape", [*WHOLE, *GLUED])
def test_shapes(shape):
    fields = windows_fields.flatten({**WHOLE, **GLUED}[shape])
    wanted = NAMED | REST if shape in WHOLE else NAMED | {"Duration": REST["Duration"]}
    assert {name: fields.get(name) for name in wanted} == wanted
    if shape not in {"Winlogbeat"}:
        assert [fields[f"Data[{n}]"] for n in (0, 1, 5)] == [VALUES[0], PARAMETERS, VALUES[5]]
    if shape in GLUED:
        assert str(fields["Error"]).startswith(VALUES[11])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Set-User", {"Cmdlet": "Set-User"}),
        ('Set-User,-Name "a, b",x/X', {"Parameters": '-Name "a, b"', "Caller": "x/X"}),
        (f"Remove-X,,x.example/A,{SID},{SID},EMC", {"Caller": "x.example/A", "Process": None}),
        ("no cmdlet at all", {"Cmdlet": "no cmdlet at all", "Caller": None}),
        ("", {"Cmdlet": None}),
    ],
)  # fmt: skip
def test_glued_values(text, wanted):
    fields = windows_fields.flatten(event({"Data": text}))
    assert {name: fields.get(name) for name in wanted} == wanted


def test_the_message_alone():
    message = 'Cmdlet suceeded. Cmdlet New-Mailbox, parameters -Name "x" -Force "True".'
    fields = windows_fields.flatten(event({"Message": message}, 1))
    assert (fields["Cmdlet"], fields["Parameter.Force"]) == ("New-Mailbox", "True")
    assert fields["Succeeded"] == "true"


@pytest.mark.parametrize(("number", "wanted"), [(1, "true"), (6, "false"), (8, "false"), (4, None)])
def test_success(number, wanted):
    fields = windows_fields.flatten(event({"Data": VALUES}, number))
    assert fields.get("Succeeded") == wanted


@pytest.mark.parametrize("name", sorted(NAMED.keys() - {"Succeeded"} | REST.keys()))
@pytest.mark.parametrize("shape", [*WHOLE, *GLUED])
def test_the_literal_search_finds_what_is_cut_out(shape, name):
    """As in EVTX: the text searched is the event itself, the fields are made of it."""
    event = {**WHOLE, **GLUED}[shape]
    value = windows_fields.flatten(event).get(name)
    if value is not None:
        need = literals.need(Like(name, (str(value),)), literals.in_json, frozenset())
        assert need is not None
        assert literals.checker(need)(fold_bytes(orjson.dumps(event).decode()).lower())


def test_success_is_known_before_a_record_is_read():
    for number, wanted in ((1, "true"), (6, "false")):
        kind = EventType("windows", "MSExchange Management", number, "MSExchange CmdletLogs")
        for word in ("true", "false"):
            condition = And((Like("Cmdlet", ("x",)), Like("Succeeded", (word,))))
            view = routing.view_of(LogSource(category="exchange_cmdlet"), kind)
            assert view is not None
            admission = routing.admit(view, condition, kind)
            assert (admission is not None) is (word == wanted)
            assert admission is None or admission.condition == Like("Cmdlet", ("x",))


@given(
    st.lists(st.sampled_from([*VALUES, "", ",", "\n", '"', " S-1-"]), max_size=30).map(",".join)
    | st.text()
)
def test_never_raises(text):
    fields = windows_fields.flatten(event({"Data": text}))
    exchange_management.add_cmdlet_fields(fields)
    assert isinstance(fields["Data"], list)
