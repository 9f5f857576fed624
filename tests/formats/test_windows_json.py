"""JSON exports as files: encodings, forms, damage."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import record_batch, windows_json
from exward.model.records import Part
from tests.formats.memory_source import MemorySource, read_all
from tests.formats.test_json_shapes import EVTX_DUMP, GET_WINEVENT, VELOCIRAPTOR, WINLOGBEAT


def event(number: int) -> dict[str, object]:
    system = EVTX_DUMP["Event"]["System"] | {"EventRecordID": number}
    return {"Event": EVTX_DUMP["Event"] | {"System": system}}


EVENTS = [event(n) for n in range(100, 150)]
LINES = "\n".join(map(json.dumps, EVENTS))
POSITIONS = list(range(100, 150))
FORMS = {
    "lines": LINES.encode(),
    "lines CRLF": LINES.replace("\n", "\r\n").encode(),
    "lines with mark": ("\ufeff" + LINES).encode(),
    "lines UTF-16 LE": ("\ufeff" + LINES).encode("utf-16-le"),
    "lines UTF-16 BE": ("\ufeff" + LINES).encode("utf-16-be"),
    "array": json.dumps(EVENTS).encode(),
    "array with lines": f"[\n{LINES.replace(chr(10), ',' + chr(10))}\n]".encode(),
    "array indented": json.dumps(EVENTS, indent=4).encode(),
    "array indented UTF-16": ("\ufeff" + json.dumps(EVENTS, indent=1)).encode("utf-16-le"),
    "objects indented": "\n".join(json.dumps(one, indent=2) for one in EVENTS).encode(),
    "PowerShell list": json.dumps({"value": EVENTS, "Count": len(EVENTS)}).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form):
    data = FORMS[form]
    assert windows_json.recognises(data[:65_536])
    reading = read_all(windows_json, data)
    assert reading.positions == POSITIONS
    assert not reading.skipped


def test_every_json_file_of_the_corpus(corpora: Path):
    paths = sorted((corpora / "evtx-dev").rglob("*.json"))
    assert len(paths) == 100
    for path in paths:
        data = path.read_bytes()
        assert windows_json.recognises(data[:65_536])
        reading = read_all(windows_json, data)
        assert reading.records
        assert not reading.skipped


def test_batch_answers_like_its_fields():
    (batch,) = read_all(windows_json, FORMS["lines"]).batches
    for index in range(len(batch)):
        fields = batch.fields(index)
        assert batch.server(index) == fields["Computer"] == "ex1"
        assert batch.position(index) == fields["EventRecordID"]
        assert batch.time(index) == 1_767_579_249_123_000
        assert batch.types[index] is batch.types[0]
        text = batch.texts[index]
        assert all(orjson.dumps(value).decode() in text for value in fields.values())


@pytest.mark.parametrize("count", [2, 3, 7])
def test_shares_give_the_whole(count):
    assert read_all(windows_json, FORMS["lines"], count).positions == POSITIONS


def test_parts():
    source = MemorySource(FORMS["lines"])
    assert windows_json.parts(source, 4) == 1
    source.size_bytes = 1 << 30
    assert windows_json.parts(source, 4) == 4
    source.seekable = False
    assert windows_json.parts(source, 4) == 1
    for form in ("lines UTF-16 LE", "array indented"):
        source = MemorySource(FORMS[form])
        source.size_bytes = 1 << 30
        assert windows_json.parts(source, 4) == 1


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        *((json.dumps(one).encode(), True) for one in (EVTX_DUMP, VELOCIRAPTOR, WINLOGBEAT)),
        (json.dumps(EVTX_DUMP)[:250].encode(), True),
        (json.dumps([GET_WINEVENT], indent=4)[:200].encode(), True),
        (json.dumps({"name": "left-pad", "scripts": {"test": "x"}}).encode(), False),
        (json.dumps({"log": {"entries": [{"request": {}}]}}).encode(), False),
        (b'{"name": "cut', False),
        (b'not json {"Event":{"System":{"Provider":1}}}', False),
        (b"[1, 2, 3]", False),
        (b"", False),
    ],
)
def test_recognises(head, answer):
    assert windows_json.recognises(head) is answer


class TestDamage:
    def test_broken_lines_are_told_and_the_rest_is_read(self):
        lines = LINES.split("\n")
        lines[3], lines[7] = lines[3][:-5], "nonsense"
        reading = read_all(windows_json, "\n".join(lines).encode())
        assert reading.positions == [n for n in POSITIONS if n not in {103, 107}]
        assert [one.position for one in reading.skipped] == [4, 8]

    def test_torn_last_line(self):
        reading = read_all(windows_json, FORMS["lines"][:-30])
        assert reading.positions == POSITIONS[:-1]
        assert [(one.position, one.count) for one in reading.skipped] == [(50, 1)]

    def test_broken_object_in_an_indented_array(self):
        texts = [json.dumps(one, indent=2) for one in EVENTS]
        texts[5] = texts[5].replace('"System"', '"System', 1)
        reading = read_all(windows_json, ("[" + ",\n".join(texts) + "]").encode())
        assert reading.positions == [n for n in POSITIONS if n != 105]
        assert [one.position for one in reading.skipped] == [6]

    def test_other_records_are_counted_once(self):
        lines = '{"index":{}}\n' + LINES.replace("\n", '\n{"other":1}\n')
        reading = read_all(windows_json, lines.encode())
        assert reading.positions == POSITIONS
        assert [(one.position, one.count) for one in reading.skipped] == [(1, 50)]

    def test_many_broken_lines_are_summed_up(self):
        reading = read_all(windows_json, (LINES + "\n{broken" * 1000).encode())
        assert reading.records == 50
        assert reading.lost == 1000
        assert len(reading.skipped) == record_batch.MAX_LISTED + 1

    @pytest.mark.parametrize(
        "record",
        [
            {
                "System": {"EventID": {"Value": {"a": 1}}, "Provider": [1]},
                "EventData": [1, {"a": 2}],
            },
            {"EventID": None, "Hostname": "x", "Channel": 7},
            {
                "Id": [],
                "LogName": {},
                "ProviderName": None,
                "Properties": [[], {"Value": {"Value": []}}],
            },
            {"EventId": "x", "Channel": None, "Provider": 1, "Payload": "[1]"},
            {"winlog": {"event_id": {}, "event_data": "x", "user_data": {"a": {"b": [1]}}}},
            {"event_id": 1, "log_name": [], "event_data.x": 1, "user_data": 3},
            {"Event": {"System": {"EventID": 1, "Provider_attributes": {"Name": 3}}}},
        ],
    )
    def test_odd_values_never_raise(self, record):
        reading = read_all(windows_json, json.dumps(record).encode() + b"\n" + LINES.encode())
        assert reading.records + reading.lost == 51
        assert all(isinstance(one, dict) for one in reading.fields)

    @given(lines=st.lists(st.text(alphabet='{}[]",:\\ aE1\t') | st.just(json.dumps(EVTX_DUMP))))
    def test_never_raises_and_accounts_for_every_line(self, lines):
        data = "\n".join([LINES, *lines]).encode()
        filled = [line for line in lines if line.strip(" \t\r,[]")]
        reading = read_all(windows_json, data)
        assert reading.records + reading.lost >= len(EVENTS) + len(filled)

    def test_bad_offset_raises_nothing(self):
        reading = read_all(windows_json, b"\0" * 100)
        assert not reading.batches
        assert list(windows_json.read(MemorySource(b""), Part())) == []
