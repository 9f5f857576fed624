"""Windows events as CSV."""

from __future__ import annotations

import csv
import io
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import registry, windows_csv
from exward.model.records import EventType
from tests.formats.memory_source import read_all

COLUMNS = [
    "RecordNumber",
    "EventRecordId",
    "TimeCreated",
    "EventId",
    "Level",
    "Provider",
    "Channel",
    "ProcessId",
    "ThreadId",
    "Computer",
    "ChunkNumber",
    "UserId",
    "MapDescription",
    "UserName",
    "RemoteHost",
    "PayloadData1",
    "ExecutableInfo",
    "HiddenRecord",
    "SourceFile",
    "Keywords",
    "ExtraDataOffset",
    "Payload",
]
NAMED = {"EventData": {"Data": [{"@Name": "TargetUserName", "#text": "ceo"}]}}
CMDLET = {"EventData": {"Data": 'Set-User, -Name "x, y", contoso.example/Users/A', "Binary": ""}}


def row(number: int, payload: dict, **other: str) -> dict[str, str]:
    known = {
        "RecordNumber": str(number),
        "EventRecordId": str(100 + number),
        "TimeCreated": "2026-01-05 02:14:09.1234567",
        "EventId": "4625",
        "Level": "Info",
        "Provider": "Microsoft-Windows-Security-Auditing",
        "Channel": "Security",
        "Computer": "EX01.contoso.example",
        "Payload": json.dumps(payload),
    }
    return dict.fromkeys(COLUMNS, "") | known | other


def written(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


ROWS = [row(n, NAMED) for n in range(1, 6)]


def test_events():
    data = written(*ROWS)
    found = registry.identify(data)
    assert found is not None
    assert found.NAME == "windows-csv"
    reading = read_all(windows_csv, data)
    assert not reading.skipped
    assert reading.positions == [101, 102, 103, 104, 105]
    (batch,) = reading.batches
    fields = batch.fields(0)
    assert (fields["TargetUserName"], fields["EventID"]) == ("ceo", 4625)
    assert batch.server(0) == fields["Computer"] == "EX01.contoso.example"
    assert batch.time(0) == 1_767_579_249_123_456
    kind = EventType("windows", "Security", 4625, "Microsoft-Windows-Security-Auditing")
    assert batch.types[0] == kind
    assert all(orjson.dumps(value).decode() in batch.texts[0] for value in fields.values())


def test_cmdlets():
    event = row(1, CMDLET, Provider="MSExchange CmdletLogs", Channel="MSExchange Management")
    (fields,) = read_all(windows_csv, written(event | {"EventId": "1"})).fields
    assert fields["Cmdlet"] == "Set-User"
    assert fields["Parameter.Name"] == "x, y"
    assert fields["Caller"] == "contoso.example/Users/A"
    assert fields["Succeeded"] == "true"


def test_damage_costs_rows():
    lines = written(*ROWS).split(b"\r\n")
    lines[2] = b'"' + lines[2]
    lines[4] = b"torn,row"
    reading = read_all(windows_csv, b"\r\n".join(lines)[:-20])
    assert reading.positions == [101, 103]
    assert [one.position for one in reading.skipped] == [3, 5, 6]


def test_a_payload_that_is_no_json_is_kept():
    reading = read_all(windows_csv, written(row(1, {}, Payload="{broken", EventRecordId="")))
    assert reading.positions == [1]
    assert "{broken" in reading.fields[0].values()


@pytest.mark.parametrize("head", [b"a,b\nPayload,x", b"EventId,Payload\n", b"Payload"])
def test_is_none(head):
    assert not windows_csv.recognises(head)


@given(
    st.lists(st.sampled_from(['"', ",", "\n", "{", "4625", "Security"]), max_size=40).map("".join)
)
def test_never_raises(text):
    header = ",".join(COLUMNS)
    reading = read_all(windows_csv, f"{header}\n{text}\n".encode())
    assert reading.records == 0
    assert bool(reading.lost) == bool(text.strip())
