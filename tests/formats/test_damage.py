"""Whatever an attacker or a broken disk does to a line, the other lines of the log are read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.formats import registry
from tests.formats.memory_source import Reading, read_all
from tests.formats.sample_logs import LOGS

RECORDS = 8
WINDOWS = (
    b'{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},'
    b'"EventID":4624,"EventRecordID":1,"Channel":"Security","Computer":"EX01","TimeCreated":'
    b'{"#attributes":{"SystemTime":"2026-03-03T05:11:09.112Z"}}},"EventData":{"TargetUserName":"a"}}}\n'
)
IIS = (
    b"#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
    b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\n"
    b"2026-03-03 05:11:09 10.0.0.5 GET /owa/ - 203.0.113.9 x 200\n"
)
SAMPLES = {**LOGS, "iis-w3c": IIS, "windows-json": WINDOWS}
MARK = re.compile(r"05:1(\d):09|5:1(\d):09 AM")
"""Where a record says which one it is."""

WHOLE_LINES = [
    b"",
    b"\0" * 5000,
    b"\x80\xff\xfe not text \xc3",
    b'"',
    b'2026-03-03T05:59:59.000Z,"open',
    b'"",""",","",',
    b'{"',
    b'{"Event": {"System": ',
    b"<Event xmlns=",
    b"# no header",
    b"#Date: 2026-03-03T05:11:09.112Z",
    b"#Software: Microsoft Exchange Server",
    b"#Fields:",
    b"#Fields: date time c-ip",
    b"\xef\xbb\xbf#Date: 2026-03-03T05:11:09.112Z",
    b"]",
    b"x" * 70_000,
    b"," * 3_000,
    b"a b c d " * 300,
]


def lines_of(name: str) -> tuple[list[bytes], list[bytes]]:
    """The header lines of a sample, and its record written several times, each with its number."""
    lines = SAMPLES[name].splitlines()
    head = [line for line in lines if line.startswith(b"#")]
    (record,) = [line for line in lines if not line.startswith(b"#")]
    assert b"5:11:09" in record
    return head, [record.replace(b"5:11:09", b"5:1%d:09" % n) for n in range(RECORDS)]


def numbered(reading: Reading) -> dict[str, dict[str, Any]]:
    """Fields of the records by the number that their time shows."""
    found: dict[str, dict[str, Any]] = {}
    for fields in reading.fields:
        mark = MARK.search(str(fields))
        if mark is not None:
            found[mark[1] or mark[2]] = {
                name: value for name, value in fields.items() if name != "EventRecordID"
            }
    return found


def read(name: str, lines: list[bytes], parts: int) -> Reading:
    return read_all(registry.by_name(name), b"\n".join(lines) + b"\n", parts)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40)
@given(
    inserted=st.lists(
        st.tuples(st.integers(0, RECORDS), st.integers(0, len(WHOLE_LINES) - 1)),
        min_size=1,
        max_size=4,
    ),
    parts=st.integers(1, 2),
)
def test_lines_put_between_cost_no_record(
    name: str, inserted: list[tuple[int, int]], parts: int
) -> None:
    head, records = lines_of(name)
    expected = numbered(read(name, head + records, 1))
    assert len(expected) == RECORDS
    body = list(records)
    for place, line in sorted(inserted, reverse=True):
        body.insert(place, WHOLE_LINES[line])
    reading = read(name, head + body, parts)
    found = numbered(reading)
    assert {number: found.get(number) for number in expected} == expected


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40)
@given(
    damaged=st.integers(0, RECORDS - 1),
    at=st.floats(0, 1),
    junk=st.sampled_from([b"", b"\0", b'"', b',"', b"\n", b"\r\n\r\n", b"\xff", b"}}", b" ", b","]),
    cut=st.booleans(),
    parts=st.integers(1, 2),
)
def test_a_damaged_record_costs_itself_alone(
    name: str, damaged: int, at: float, junk: bytes, cut: bool, parts: int
) -> None:
    head, records = lines_of(name)
    expected = numbered(read(name, head + records, 1))
    line = records[damaged]
    place = round(at * len(line))
    records[damaged] = line[:place] + junk + (b"" if cut else line[place:])
    reading = read(name, head + records, parts)
    found = numbered(reading)
    others = {number for number in expected if number != str(damaged)}
    assert {number: found.get(number) for number in others} == {
        number: expected[number] for number in others
    }
    assert reading.records + reading.lost >= RECORDS or len(records[damaged].strip(b"\0\r\n ")) < 3


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_change_nothing(name: str, codec: str) -> None:
    head, records = lines_of(name)
    expected = numbered(read(name, head + records, 1))
    text = b"\r\n".join(head + records).decode()
    assert numbered(read_all(registry.by_name(name), text.encode(codec))) == expected
