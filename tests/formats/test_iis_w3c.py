"""W3C logs: every line is a record, a header or counted as skipped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.formats import iis_w3c, w3c_blocks
from exward.formats.w3c_batch import W3cBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from tests.formats.memory_source import MemorySource

HEADER = b"#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
FIELDS = (
    b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\n"
)
LINE = (
    b"2026-01-05 02:14:09 10.0.0.5 GET /owa/x%2Easpx a=1%2541&b=c+d"
    b" 203.0.113.9 Mozilla/5.0+(X11) 200\n"
)


def read(data: bytes, parts: int = 1) -> tuple[list[W3cBatch], list[Skipped]]:
    source = MemorySource(data)
    items = [item for n in range(parts) for item in iis_w3c.read(source, Part(n, parts))]
    batches = [item for item in items if isinstance(item, W3cBatch)]
    return batches, [item for item in items if isinstance(item, Skipped)]


def positions(batches: list[W3cBatch]) -> list[int]:
    return [batch.position(index) for batch in batches for index in range(len(batch))]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEADER + FIELDS, True),
        (b"\xef\xbb\xbf" + HEADER + FIELDS, True),
        ((HEADER + FIELDS).decode().encode("utf-16"), True),
        (LINE * 3 + FIELDS, True),
        (b"#Software: SGOS 6.7\n#Fields: date time c-ip cs-uri\n", True),
        (b"#Software: Microsoft HTTP API 2.0\n#Fields: date time c-ip cs-uri\n", False),
        (b"#Software: Microsoft Exchange Server\n#Fields: date-time,client-ip\n", False),
        (b"#Fields: date time c-ip cs-method sc-status s-siteid s-reason\n", False),
        (b"", False),
        (b"\0" * 100, False),
        (b"hello\n", False),
    ],
)
def test_recognised_by_content(head: bytes, expected: bool) -> None:
    assert iis_w3c.recognises(head) is expected


def test_a_default_log_without_header_is_recognised_and_read() -> None:
    line = b"2026-01-05 02:14:09 10.0.0.5 GET /a - 443 - 203.0.113.9 UA - 200 0 0 15\r\n"
    assert iis_w3c.recognises(line)
    batches, skipped = read(line * 2)
    assert skipped == []
    assert batches[0].fields(0)["sc-status"] == 200


def test_fields_of_a_request() -> None:
    (batch,), skipped = read(HEADER + FIELDS + LINE)
    assert skipped == []
    fields = batch.fields(0)
    assert fields["cs-method"] == "GET"
    assert fields["sc-status"] == 200
    assert fields["c-ip"] == fields["src_ip"] == "203.0.113.9"
    assert fields["cs-user-agent"] == ["Mozilla/5.0 (X11)", "Mozilla/5.0+(X11)"]
    query = fields["cs-uri-query"]
    assert isinstance(query, list)
    assert {"a=1%2541&b=c+d", "a=1%41&b=c+d", "a=1A&b=c+d", "a=1A&b=c d"} <= set(query)
    assert "/owa/x.aspx?a=1A&b=c d" in query
    assert "/owa/x.aspx" in fields["cs-uri-stem"]  # type: ignore[operator]
    assert batch.server(0) == "10.0.0.5"
    assert batch.position(0) == 4
    assert batch.time(0) == 1767579249_000000
    assert "/owa/x.aspx?a=1A&b=c d" in batch.text(0)


def test_an_empty_column_is_dash_empty_and_null() -> None:
    (batch,), _ = read(HEADER + FIELDS + LINE.replace(b"a=1%2541&b=c+d", b"-"))
    query = batch.fields(0)["cs-uri-query"]
    assert isinstance(query, list)
    assert query[:3] == ["-", "", None]
    assert "/owa/x.aspx" in query


def test_every_value_stands_in_the_haystack() -> None:
    (batch,), _ = read(HEADER + FIELDS + LINE * 2 + LINE.replace(b"%2541", "é".encode()))
    lines = batch.haystack().split(b"\n")
    assert len(lines) == len(batch) == 3
    for index, line in enumerate(lines):
        for value in batch.fields(index).values():
            for one in value if isinstance(value, list) else [value]:
                text = "" if one is None else str(one)
                for run in text.replace("?", " ").replace("+", " ").split():
                    assert run.encode() in line


def test_an_encoded_line_break_does_not_break_the_line() -> None:
    (batch,), _ = read(HEADER + FIELDS + LINE.replace(b"a=1", b"a=1%0aX%0D%250a") * 3)
    assert batch.haystack().count(b"\n") == 2


def test_columns_are_bound_again_at_every_header() -> None:
    other = b"#Fields: date time c-ip cs-method\n2026-01-05 02:14:10 203.0.113.9 POST\n"
    batches, skipped = read(HEADER + FIELDS + LINE + other + FIELDS + LINE)
    assert skipped == []
    assert [batch.fields(0)["cs-method"] for batch in batches] == ["GET", "POST", "GET"]
    assert positions(batches) == [4, 6, 8]


@pytest.mark.parametrize(
    ("body", "records", "reason"),
    [
        (LINE + b"2026-01-05 02:14\n" + LINE, [4, 6], "2 values for 9 columns"),
        (LINE + LINE[:40], [4], "values for 9 columns"),
        (LINE + b"\n\n" + LINE, [4, 7], None),
        (LINE + b"\0" * 5000, [4], None),
        (LINE.replace(b"\n", b"\r\n") * 2, [4, 5], None),
        (LINE + b"x" * (3 << 20) + b"\n" + LINE, [4, 6], "longer than"),
    ],
)
def test_damage_costs_only_the_damaged_line(
    body: bytes, records: list[int], reason: str | None
) -> None:
    batches, skipped = read(HEADER + FIELDS + body)
    assert positions(batches) == records
    assert [loss.reason for loss in skipped] == [] if reason is None else skipped
    if reason is not None:
        assert reason in skipped[0].reason


def test_many_bad_lines_are_summed_up() -> None:
    _, skipped = read(HEADER + FIELDS + b"bad line\n" * 500)
    assert len(skipped) == w3c_blocks.MAX_LISTED + 1
    assert sum(loss.count for loss in skipped) == 500


def test_lines_before_any_header_are_counted() -> None:
    batches, skipped = read(b"a b c\n" + HEADER + FIELDS + LINE)
    assert len(positions(batches)) == 1
    assert "no #Fields" in skipped[0].reason


def test_a_line_in_another_encoding_is_read() -> None:
    (batch,), _ = read(HEADER + FIELDS + LINE.replace(b"a=1", b"a=\xe9"))
    assert any("é" in str(value) for value in batch.fields(0)["cs-uri-query"])  # type: ignore[attr-defined]


_PIECES = st.sampled_from(
    [LINE, LINE.replace(b"\n", b"\r\n"), FIELDS, HEADER, b"\n", b"#Date: x\n", b"bad\n", b"# \n"]
)


_MARKS = re.compile(rb"^(?:\xef\xbb\xbf)+")


@settings(max_examples=120)
@given(st.lists(st.one_of(_PIECES, st.binary(max_size=60)), max_size=30), st.integers(1, 4))
def test_every_line_is_accounted_for(pieces: list[bytes], parts: int) -> None:
    data = b"".join(pieces)
    batches, skipped = read(data, parts)
    lines = data.split(b"\n" if parts > 1 or b"\n" in data else b"\r")
    texts = [_MARKS.sub(b"", line.translate(None, b"\r\0")) for line in lines]
    content = [text for text in texts if text.strip()]
    headers = [text for text in content if text.startswith(b"#")]
    counted = sum(map(len, batches)) + sum(loss.count for loss in skipped)
    assert counted == len(content) - len(headers)


@settings(max_examples=60)
@given(st.integers(1, 400), st.integers(2, 5))
def test_shares_are_the_whole(count: int, parts: int) -> None:
    lines = b"".join(LINE.replace(b"x%2E", b"%d." % n) for n in range(count))
    data = HEADER + FIELDS + lines
    whole, _ = read(data)
    shared, skipped = read(data, parts)
    assert skipped == []
    assert positions(shared) == positions(whole)
    assert b"\n".join(b.haystack() for b in shared) == b"\n".join(b.haystack() for b in whole)


def test_lone_carriage_returns_end_lines() -> None:
    batches, skipped = read((HEADER + FIELDS + LINE * 3).replace(b"\n", b"\r"))
    assert (sum(map(len, batches)), skipped) == (3, [])
