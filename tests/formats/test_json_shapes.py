"""Each tool's export of one event gives the same fields."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from exward.formats import json_shapes, windows_fields

XMLNS = {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}
SYSMON = "Microsoft-Windows-Sysmon"
CHANNEL = f"{SYSMON}/Operational"
DATA = {
    "UtcTime": "2026-01-05 02:14:09.123",
    "ProcessId": 9524,
    "Image": "C:\\x.exe",
    "User": "A\\b",
}
EXPECTED = {
    "EventID": 5,
    "Channel": CHANNEL,
    "Computer": "ex1",
    "Provider_Name": SYSMON,
    "EventRecordID": 77,
    "TimeCreated": "2026-01-05T02:14:09.123000Z",
    **DATA,
}

EVTX_DUMP: dict[str, Any] = {
    "Event": {
        "#attributes": XMLNS,
        "System": {
            "Provider": {"#attributes": {"Name": SYSMON, "Guid": "5770385F"}},
            "EventID": 5,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T02:14:09.123000Z"}},
            "EventRecordID": 77,
            "Execution": {"#attributes": {"ProcessID": 1, "ThreadID": 2}},
            "Channel": CHANNEL,
            "Computer": "ex1",
        },
        "EventData": DATA,
    }
}
SEPARATE_ATTRIBUTES = {
    "Event": {
        "System": {
            "Provider_attributes": {"Name": SYSMON},
            "EventID": 5,
            "EventID_attributes": {"Qualifiers": 0},
            "TimeCreated_attributes": {"SystemTime": "2026-01-05T02:14:09.123000Z"},
            "EventRecordID": 77,
            "Channel": CHANNEL,
            "Computer": "ex1",
        },
        "EventData": DATA,
    }
}
AT_ATTRIBUTES = {
    "Event": {
        "@xmlns": XMLNS["xmlns"],
        "System": {
            "Provider": {"@Name": SYSMON},
            "EventID": {"@Qualifiers": "", "#text": "5"},
            "TimeCreated": {"@SystemTime": "2026-01-05T02:14:09.123000Z"},
            "EventRecordID": 77,
            "Channel": CHANNEL,
            "Computer": "ex1",
        },
        "EventData": {"Data": [{"@Name": name, "#text": value} for name, value in DATA.items()]},
    }
}
VELOCIRAPTOR = {
    "System": {
        "Provider": {"Name": SYSMON, "Guid": "5770385F"},
        "EventID": {"Value": 5},
        "TimeCreated": {"SystemTime": 1767579249.123},
        "EventRecordID": 77,
        "Channel": CHANNEL,
        "Computer": "ex1",
        "Security": {"UserID": "S-1-5-18"},
    },
    "EventData": DATA,
    "Message": "Process terminated",
}
WINLOGBEAT = {
    "@timestamp": "2026-01-05T02:14:09.123000Z",
    "message": "Process terminated",
    "host": {"name": "ex1"},
    "winlog": {
        "event_id": "5",
        "channel": CHANNEL,
        "computer_name": "ex1",
        "provider_name": SYSMON,
        "record_id": 77,
        "event_data": DATA,
    },
}
WINLOGBEAT_FLAT = {
    "@timestamp": "2026-01-05T02:14:09.123000Z",
    "winlog.event_id": 5,
    "winlog.channel": CHANNEL,
    "winlog.computer_name": "ex1",
    "winlog.provider_name": SYSMON,
    "winlog.record_id": 77,
    **{f"winlog.event_data.{name}": value for name, value in DATA.items()},
}
WINLOGBEAT_6 = {
    "@timestamp": "2026-01-05T02:14:09.123000Z",
    "event_id": 5,
    "log_name": CHANNEL,
    "computer_name": "ex1",
    "source_name": SYSMON,
    "record_number": 77,
    "event_data": DATA,
}
GET_WINEVENT = {
    "Id": 5,
    "LogName": CHANNEL,
    "ProviderName": SYSMON,
    "MachineName": "ex1",
    "RecordId": 77,
    "TimeCreated": "/Date(1767579249123)/",
    "Message": "Process terminated:\r\nUtcTime: 2026-01-05 02:14:09.123\r\nProcessId: 9524\r\n"
    "Image: C:\\x.exe\r\nUser: A\\b",
    "Properties": [{"Value": "2026-01-05 02:14:09.123"}, {"Value": 9524}],
}
EVTXECMD = {
    "EventId": 5,
    "Channel": CHANNEL,
    "Computer": "ex1",
    "Provider": SYSMON,
    "TimeCreated": "2026-01-05T02:14:09.123000Z",
    "RecordNumber": 77,
    "MapDescription": "Process terminated",
    "Payload": json.dumps(
        {"EventData": {"Data": [{"@Name": name, "#text": value} for name, value in DATA.items()]}}
    ),
}
NXLOG = {
    "EventTime": "2026-01-05T02:14:09.123000Z",
    "Hostname": "ex1",
    "EventID": 5,
    "SourceName": SYSMON,
    "Channel": CHANNEL,
    "RecordNumber": 77,
    **DATA,
}
SECURITY_DATASETS = {
    "@timestamp": "2026-01-05T02:14:09.123000Z",
    "EventTime": "2026-01-04 21:14:09",
    "Hostname": "ex1",
    "EventID": 5,
    "SourceName": SYSMON,
    "Channel": CHANNEL,
    "EventRecordID": 77,
    **DATA,
}

LOG_ANALYTICS = {
    "TenantId": "52b1ab41",
    "TimeGenerated": "2026-01-05T02:14:09.123000Z",
    "Computer": "ex1",
    "EventID": 5,
    "EventSourceName": SYSMON,
    "Channel": CHANNEL,
    "EventRecordId": 77,
    **DATA,
}

CASES = {
    "evtx_dump": EVTX_DUMP,
    "separate attributes": SEPARATE_ATTRIBUTES,
    "attributes with @": AT_ATTRIBUTES,
    "velociraptor": VELOCIRAPTOR,
    "winlogbeat": WINLOGBEAT,
    "winlogbeat flat": WINLOGBEAT_FLAT,
    "winlogbeat 6": WINLOGBEAT_6,
    "evtxecmd": EVTXECMD,
    "nxlog": NXLOG,
    "security-datasets": SECURITY_DATASETS,
    "log-analytics": LOG_ANALYTICS,
    "in _source": {"_index": "x", "_source": WINLOGBEAT},
    "in data": {"event_record_id": 77, "data": EVTX_DUMP},
    "in data as text": {"event_record_id": 77, "data": json.dumps(EVTX_DUMP)},
    "in a PowerShell list": {"value": [EVTX_DUMP], "Count": 1},
    "in a search result": {"hits": {"hits": [{"_source": WINLOGBEAT}]}},
}


def fields_of(decoded: object) -> dict[str, object]:
    (record,) = json_shapes.records_of(copy.deepcopy(decoded))
    event = json_shapes.event_of(record)
    assert event is not None
    return windows_fields.flatten(event)


@pytest.mark.parametrize("case", CASES)
def test_every_shape_gives_the_same_fields(case):
    fields = fields_of(CASES[case])
    assert {name: fields.get(name) for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("case", CASES)
def test_every_shape_gives_the_same_type(case):
    (record,) = json_shapes.records_of(CASES[case])
    event = json_shapes.event_of(record)
    assert windows_fields.event_type(event) == ("windows", CHANNEL, 5, SYSMON)


def test_the_table_of_security_events_names_no_channel():
    names = ("Channel", "EventSourceName")
    fields = fields_of({key: one for key, one in LOG_ANALYTICS.items() if key not in names})
    assert (fields["Channel"], fields["Provider_Name"]) == (
        "Security",
        "Microsoft-Windows-Security-Auditing",
    )


def test_powershell_takes_names_from_the_message():
    fields = fields_of(GET_WINEVENT)
    wanted = EXPECTED | {"ProcessId": "9524"}
    assert {name: fields.get(name) for name in wanted} == wanted
    assert fields["Data"] == ["2026-01-05 02:14:09.123", "9524"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("/Date(1767579249123)/", "2026-01-05T02:14:09.123000Z"),
        ("/Date(1767579249123+0100)/", "2026-01-05T02:14:09.123000Z"),
        (
            {"value": "/Date(1767579249123)/", "DateTime": "5 January"},
            "2026-01-05T02:14:09.123000Z",
        ),
        (1767579249.123, "2026-01-05T02:14:09.123000Z"),
        ("2026-01-05T02:14:09+01:00", "2026-01-05T02:14:09+01:00"),
        ("/Date(999999999999999)/", None),
        (10**30, None),
        (None, None),
    ],
)
def test_times(value, text):
    fields = fields_of(GET_WINEVENT | {"TimeCreated": value})
    assert fields.get("TimeCreated") == text


def test_nothing_of_an_export_is_dropped():
    assert fields_of(WINLOGBEAT)["Message"] == "Process terminated"
    assert fields_of(WINLOGBEAT | {"tags": ["a", "b"]})["tags"] == ["a", "b"]
    assert fields_of(VELOCIRAPTOR)["Message"] == "Process terminated"
    assert fields_of(EVTXECMD)["MapDescription"] == "Process terminated"
    assert fields_of(EVTXECMD | {"Payload": "{broken"})["Payload"] == "{broken"


@pytest.mark.parametrize(
    "record",
    [
        None,
        7,
        {},
        {"name": "left-pad", "version": "1.0.0", "dependencies": {}},
        {"log": {"version": "1.2", "entries": []}},
        {"Event": "click", "user": 3},
        {"System": {"cpu": 4}},
        {"winlog": {}},
        {"Id": 3, "Name": "x"},
        {"EventID": 7, "message": "not from Windows"},
    ],
)
def test_other_json_is_no_windows_event(record):
    assert json_shapes.event_of(record) is None


def test_every_shape_has_telltale_texts_that_its_example_holds():
    examples = json.dumps([*CASES.values(), GET_WINEVENT], separators=(",", ":")).encode()
    for shape in json_shapes.SHAPES:
        assert shape.telltale
        assert all(text in examples for text in shape.telltale)
