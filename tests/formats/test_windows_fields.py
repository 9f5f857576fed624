"""Events as flat fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import evtx, windows_fields
from exward.model.records import EventType, Part
from tests.formats.memory_source import MemorySource

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM = {
    "Provider": {"#attributes": {"Name": "P", "Guid": "G", "EventSourceName": "S"}},
    "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 1040},
    "Version": 2,
    "Level": 4,
    "Task": 13,
    "Opcode": 0,
    "Keywords": "0x80",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T06:29:01.086253Z"}},
    "EventRecordID": 74886,
    "Correlation": {"#attributes": {"ActivityID": "A"}},
    "Execution": {"#attributes": {"ProcessID": 3636, "ThreadID": 4340}},
    "Channel": "C",
    "Computer": "ex1",
    "Security": {"#attributes": {"UserID": "S-1-5-18"}},
}


def flatten(**sections):
    return windows_fields.flatten({"System": SYSTEM, **sections})


def test_system():
    assert flatten(EventData=None) == {
        "EventID": 1040,
        "EventID_Qualifiers": 16384,
        "Channel": "C",
        "Computer": "ex1",
        "Provider_Name": "P",
        "Provider_Guid": "G",
        "Provider_EventSourceName": "S",
        "Version": 2,
        "Level": 4,
        "Task": 13,
        "Opcode": 0,
        "Keywords": "0x80",
        "TimeCreated": "2026-01-05T06:29:01.086253Z",
        "EventRecordID": 74886,
        "ActivityID": "A",
        "ProcessID": 3636,
        "ThreadID": 4340,
        "UserID": "S-1-5-18",
    }


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        (
            {"EventData": {"Image": "x", "Zero": 0, "No": None}},
            {"Image": "x", "Zero": 0, "No": None},
        ),
        ({"EventData": {"A": {"#attributes": {"b": 1}, "#text": "t"}}}, {"A": "t", "A.b": 1}),
        ({"EventData": {"#attributes": {"Name": "N"}, "A": 1}}, {"EventData.Name": "N", "A": 1}),
        ({"EventData": {"Level": "high"}}, {"Level": "high", "System.Level": 4}),
        ({"EventData": {"Channel": "x"}}, {"Channel": "C", "EventData.Channel": "x"}),
        ({"EventData": {"Data": "one"}}, {"Data": ["one"], "Data[0]": "one"}),
        (
            {"EventData": {"Data": {"#text": ["a", "b", 3]}, "Binary": "00"}},
            {
                "Data": ["a", "b", "3"],
                "Data[0]": "a",
                "Data[1]": "b",
                "Data[2]": "3",
                "Binary": "00",
            },
        ),
        ({"EventData": {"Data": ["a", None]}}, {"Data": ["a", ""], "Data[1]": ""}),
        (
            {"EventData": {"Data": "<string>New-X</string>\n<string>-A &lt;b&gt; &quot;</string>"}},
            {"Data": ["New-X", '-A <b> "'], "Data[1]": '-A <b> "'},
        ),
        (
            {"EventData": {"Data": {"#attributes": {"Name": "Image"}, "#text": "x"}}},
            {"Image": "x"},
        ),
        (
            {
                "UserData": {
                    "LogFileCleared": {"#attributes": {"xmlns": "u"}, "SubjectUserName": "a"}
                }
            },
            {"SubjectUserName": "a"},
        ),
        ({"UserData": {"E": {"In": {"Deep": 1}}}}, {"In.Deep": 1, "Deep": 1}),
        ({"UserData": {"E": {"A": [1, 2]}}}, {"A": [1, 2]}),
        ({"EventData": {"A": {"B": "x"}, "B": "own"}}, {"A.B": "x", "B": "own"}),
        (
            {"RenderingInfo": {"Level": "Information", "Message": "m"}},
            {"Level": 4, "RenderingInfo.Level": "Information", "Message": "m"},
        ),
        ({"EventData": "text"}, {"EventData": "text"}),
    ],
)
def test_data(sections, wanted):
    fields = flatten(**sections)
    assert {name: fields.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("provider", "channel"),
    [
        ("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"),
        ("MSExchange CmdletLogs", "MSExchange Management"),
        ("microsoft-windows-security-auditing", "Security"),
        ("Unheard-Of", ""),
    ],
)
def test_channel_is_derived_from_the_provider(provider, channel):
    event = {"System": {"Provider": {"#attributes": {"Name": provider}}, "Channel": None}}
    assert windows_fields.flatten(event)["Channel"] == channel
    assert windows_fields.event_type(event) == EventType("windows", channel, -1, provider)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01 00:00:01", 1_000_000),
        ("2026-01-05T06:29:01.086253Z", 1_767_594_541_086_253),
        ("2026-01-05T06:29:01.0862539Z", 1_767_594_541_086_253),
        ("2026-01-05T07:29:01.086253+01:00", 1_767_594_541_086_253),
        ("1601-01-01T00:00:00Z", -11_644_473_600_000_000),
        ("yesterday", None),
        ("", None),
    ],
)
def test_time(text, microseconds):
    assert windows_fields.parse_time(text) == microseconds


@pytest.mark.parametrize("event", [None, 3, [], {}, {"System": None}, {"System": "x"}])
def test_no_event_is_a_value_error(event):
    with pytest.raises(ValueError, match="System"):
        windows_fields.flatten(event)
    assert windows_fields.event_type(event).channel == ""


def test_deep_nesting_is_kept_as_text():
    value: object = "bottom"
    for _ in range(400):
        value = {"a": value}
    fields = flatten(EventData={"x": value})
    assert any(isinstance(one, str) and "nested" in one for one in fields.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Data", "#text", "#attributes", "Name", "a"]), inner)
    ),
)


@given(event=JSON, system=JSON)
def test_never_raises_anything_else(event, system):
    for one in (event, {"System": system, "EventData": event, "UserData": event, "X": event}):
        windows_fields.event_type(one)
        if isinstance(one, dict) and isinstance(one.get("System"), dict):
            fields = windows_fields.flatten(one)
            assert all(isinstance(name, str) for name in fields)


def test_the_quick_way_gives_what_the_thorough_way_gives(corpora: Path) -> None:
    systems = [
        orjson.loads(text)["Event"]["System"]
        for path in sorted((corpora / "evtx-dev").rglob("*.evtx"))[::7]
        for batch in evtx.read(MemorySource(path.read_bytes()), Part())
        if isinstance(batch, evtx.EvtxBatch)
        for text in batch.texts
    ]
    quick = [windows_fields._usual_system(system) for system in systems]
    assert sum(one is not None for one in quick) > 0.9 * len(systems) > 500
    for system, fields in zip(systems, quick, strict=True):
        assert fields is None or fields == windows_fields._system_fields(system)


def test_defender_names_are_given_without_blanks_too() -> None:
    event = {
        "System": {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Windows Defender"}}},
        "EventData": {"New Value": "x", "Path": "y"},
    }
    fields = windows_fields.flatten(event)
    assert fields["New Value"] == fields["NewValue"] == "x"
