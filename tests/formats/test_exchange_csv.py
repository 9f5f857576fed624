"""The core of Exchange's text logs: records, headers and losses add up, whatever the bytes."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exward.formats import (
    exchange_csv,
    exchange_csv_blocks,
    exchange_csv_joins,
    exchange_csv_values,
)
from exward.formats.exchange_csv_batch import CsvBatch, Layout, iso_time
from exward.formats.exchange_csv_values import split
from exward.model.records import EventType, LineBatch, Part
from exward.model.skipped import Skipped
from tests.formats.memory_source import MemorySource

NAMES = "DateTime,A,B,C"
BLOCK = "#Software: Microsoft Exchange Server\n#Version: 15.01.2375.007\n#Log-type: T\n"
HEADER = f"{BLOCK}#Date: 2026-01-11T16:00:11.478Z\n#Fields: {NAMES}\n"
TIME = "2026-01-11T16:00:11.478Z"
read = exchange_csv.reader(Layout(EventType("exchange.test")))


def _read(text: str | bytes, parts: int = 1) -> list[CsvBatch | Skipped]:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    source = MemorySource(data)
    return [item for index in range(parts) for item in read(source, Part(index, parts))]


def _rows(text: str | bytes, parts: int = 1) -> list[tuple[int, list[object]]]:
    return [
        (item.position(index), list(item.fields(index).values()))
        for item in _read(text, parts)
        if isinstance(item, CsvBatch)
        for index in range(len(item))
    ]


def _lost(text: str | bytes) -> list[int | None]:
    return [item.position for item in _read(text) if isinstance(item, Skipped)]


def _a(text: str | bytes) -> list[object]:
    """Column A of every record."""
    return [values[1] for _, values in _rows(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEADER}{TIME},1,2,3\n", ["1"]),
        (f"{HEADER}{TIME},1,2,3", ["1"]),
        (f"{HEADER}{TIME},1,2,3\r\n", ["1"]),
        (f"\ufeff{HEADER}{TIME},1,2,3\n", ["1"]),
        (f"\ufeff{NAMES}\n{HEADER}{TIME},1,2,3\n", ["1"]),
        (f"{NAMES}\n{TIME},1,2,3\n{NAMES}\n{TIME},4,5,6\n", ["1", "4"]),
        (f'{HEADER}{TIME},"a, ""b""",2,3\n', ['a, "b"']),
        (f'{HEADER}{TIME},"a\nb\n\nc, d",2,3\n{TIME},x,y,z\n', ["a b  c, d", "x"]),
        (f'{HEADER}{TIME},a"b,2,3\n', ['a"b']),
        (f"{HEADER}{TIME},ö,2,3\n", ["ö"]),
        (f"{HEADER}{TIME},1,2,3\n{BLOCK}#Fields: DateTime,X,A\n{TIME},7,8\n", ["1", "7"]),
    ],
)
def test_reads(text, expected):
    assert _a(text) == expected
    assert _lost(text) == []


def test_reads_utf_16_and_lines_that_are_not_utf_8():
    assert _a(f"{HEADER}{TIME},ö,2,3\n".encode("utf-16")) == ["ö"]
    assert _a(HEADER.encode() + TIME.encode() + b",\xf6,2,3\n") == ["ö"]


def test_an_empty_column_is_what_a_rule_calls_absent():
    ((_, values),) = _rows(f"{HEADER}{TIME},,2,3\n")
    assert values[1] == ["-", "", None]


@pytest.mark.parametrize(
    ("text", "kept", "lost"),
    [
        # A quotation mark that nothing closes does not take the next line with it.
        (f'{HEADER}{TIME},"x,2,3\n{TIME},next,2,3\n', ['"x', "next"], []),
        (f'{HEADER}{TIME},"x,2,3\n{TIME},y,2",3\n{TIME},z,2,3\n', ['"x', "y", "z"], []),
        # A line that cannot be read is counted, the others are read.
        (f'{HEADER}{TIME},1,2\n{TIME},"x\n{TIME},y,2,3\n', ["y"], [6, 7]),
        (f"{HEADER}{TIME},1,2,3,4\n{TIME},y,2,3\n", ["y"], [6]),
        # A line of a value that looks like a header or a record changes nothing.
        (f'{HEADER}{TIME},"x\n#Fields: p,q\ny",2,3\n{TIME},z,2,3\n', ["x #Fields: p,q y", "z"], []),
        (f'{HEADER}{TIME},"x\nDateTime,A,B\ny",2,3\n{TIME},z,2,3\n', ["x DateTime,A,B y", "z"], []),
        (f'{HEADER}{TIME},"x\n{TIME},false,2,3\ny",2,3\n{TIME},z,2,3\n', ["false", "z"], [6, 8]),
        # A value that holds a whole header block, with as many columns as there are.
        (
            f'{HEADER}{TIME},"x\n#Log-type: x\n#Fields: p,q,r,s\n",2,3\n{TIME},z,2,3\n',
            ["x #Log-type: x #Fields: p,q,r,s ", "z"],
            [],
        ),
        # A record that was torn before the next start of the service.
        (f'{HEADER}{TIME},"x\n{HEADER}{TIME},z,2,3\n', ["z"], [6]),
        # A torn last line.
        (f"{HEADER}{TIME},1,2,3\n{TIME},4,", ["1"], [7]),
        # Room that was not written yet, in a copy of an open log.
        (f"{HEADER}{TIME},1,2,3\n" + "\0" * 50, ["1"], []),
        (f"{TIME},1,2,3\n", [], [1]),
        # Logs that were put together into one file.
        (f"{HEADER}{TIME},1,2,3\n\ufeff{HEADER}{TIME},4,2,3\n", ["1", "4"], []),
        # Two marks of two values: as many commas outside of them as the columns need.
        (f'{HEADER}{TIME},"x,2,3"\n{TIME},y,2,3\n', ["y"], [6]),
    ],
)
def test_what_is_odd_costs_no_other_line(text, kept, lost):
    assert _a(text) == kept
    assert _lost(text) == lost


def test_a_forged_header_does_not_blind_the_rest():
    forged = f'{TIME},"x\n#Date: 1\n#Fields: p,q\ny",2,3\n'
    lines = "".join(f"{TIME},{number},2,3\n" for number in range(50))
    assert _a(HEADER + forged + lines)[-50:] == [str(number) for number in range(50)]


def test_many_bad_lines_are_summed_up():
    losses = [one for one in _read(HEADER + f"{TIME},1\n" * 500) if isinstance(one, Skipped)]
    assert len(losses) == exchange_csv_blocks.MAX_LISTED + 1
    assert sum(one.count for one in losses) == 500


@pytest.mark.parametrize("value", ['"x', '"x' + ',y""z' * 20, '"x",1,"y', 'x",1,"y'])
def test_opened_quotation_marks_cost_no_more_than_lines(value, monkeypatch):
    looked = Counter[str]()

    def ended(line: str, inside: bool = False) -> tuple[int, bool]:
        looked[line] += 1
        return exchange_csv_values.ended(line, inside)

    monkeypatch.setattr(exchange_csv_joins, "ended", ended)
    lines = [f"{TIME},{number}{value}" for number in range(3 * exchange_csv_joins.MAX_SPAN_LINES)]
    found = list(_read(HEADER + "\n".join(lines) + "\n"))
    assert sum(one.count if isinstance(one, Skipped) else len(one) for one in found) == len(lines)
    assert max(looked.values()) <= 4  # as a first line and inside, once more in the next block


def test_a_line_without_end_is_given_up():
    long = "x" * (3 * exchange_csv_blocks.MAX_LINE_BYTES)
    text = f"{HEADER}{TIME},{long},2,3\n{TIME},y,2,3\n"
    assert _a(text) == ["y"]
    assert len(_lost(text)) == 1


def test_a_record_over_two_blocks_is_one():
    pad = f"{TIME},pad,2,3\n"
    fill = (exchange_csv_blocks.BLOCK_BYTES - len(HEADER)) // len(pad)
    text = HEADER + pad * fill + f'{TIME},"a\nb\nc",2,3\n' + pad
    rows = _rows(text)
    assert rows[fill] == (6 + fill, [TIME, "a b c", "2", "3"])
    assert rows[-1][0] == 9 + fill


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12),
            min_size=3,
            max_size=3,
        ),
        max_size=20,
    ),
    st.integers(1, 4),
)
def test_a_well_formed_log_reads_as_pythons_csv_reads_it(rows, parts):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([TIME, *row] for row in rows)
    found = [
        [values[0], *map(_text, values[1:])] for _, values in _rows(HEADER + out.getvalue(), parts)
    ]
    assert found == [[TIME, *(value.replace("\n", " ") for value in row)] for row in rows]


def _text(value: object) -> object:
    return "" if isinstance(value, list) else value


_LINES = [
    f"{TIME},1,2,3", f'{TIME},"a', 'b",2,3', f'{TIME},"a",2,3', "", '"', f"{TIME},1",
    f'{TIME},"x"y,2,3', "x,y,z", "\ufeff", '""', f'{TIME},1,2,"', f'{TIME},"",2,""""',
]  # fmt: skip
_HEADERS = ["#Fields: a,b", NAMES, "#Date: x", "#Fields: DateTime,A,B,C", "#", "#!"]
_LINE = st.one_of(
    st.sampled_from(_LINES), st.text(st.sampled_from('",aZ5 \udcff%\x00'), max_size=20)
)
_ANY = st.one_of(_LINE, st.sampled_from(_HEADERS))


@settings(max_examples=300)
@example([',"5"5,,"'], True, 1)
@given(st.lists(_ANY, max_size=25), st.booleans(), st.integers(1, 3))
def test_never_raises_and_values_stand_where_they_are_looked_for(lines, headed, parts):
    for item in _read((HEADER if headed else "") + "\n".join(lines), parts):
        if isinstance(item, Skipped):
            assert item.count > 0
            continue
        assert isinstance(item, LineBatch)
        haystack = item.haystack().split(b"\n")
        assert len(haystack) == len(item)
        for index in range(len(item)):
            item.time(index)
            item.server(index)
            try:
                fields = item.fields(index)
            except ValueError:  # counted by whoever asks
                continue
            for value in fields.values():
                if isinstance(value, str) and value.isascii():
                    assert all(part.encode() in haystack[index] for part in value.split('"'))


@settings(max_examples=300)
@given(st.lists(_LINE, max_size=25), st.integers(1, 3))
def test_a_whole_line_is_always_a_record_and_every_other_accounted_for(lines, parts):
    text = HEADER + "\n".join(lines)
    plain = [line.replace("\0", "") for line in text.split("\n")]
    whole = {
        number
        for number, line in enumerate(plain, start=1)
        if line.startswith(TIME) and len(split(line)) == 4
    }
    items = _read(text, parts)
    records = [
        item.position(index)
        for item in items
        if isinstance(item, CsvBatch)
        for index in range(len(item))
    ]
    assert whole <= set(records)
    assert len(records) == len(set(records))
    lost = {item.position for item in items if isinstance(item, Skipped)}
    texts = "\n".join(
        text
        for item in items
        if isinstance(item, CsvBatch)
        for index in range(len(item))
        for text in item.text(index)
    )
    for number, line in enumerate(plain, start=1):
        if line.startswith(TIME):
            absorbed = line.replace('""', '"') in texts
            assert number in records or number in lost or absorbed


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-01-11T16:00:11.478Z", 1_768_147_211_478_000),
        ("2026-01-11T16:00:11.478", 1_768_147_211_478_000),
        ("2026-01-11T17:00:11.478+01:00", 1_768_147_211_478_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text, micros):
    assert iso_time(text) == micros
