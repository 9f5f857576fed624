"""One block of web log lines: fields under their names, and every way to read a URL."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import iis_w3c, url_readings
from exward.model.records import LineBatch
from tests.formats.memory_source import read_all
from tests.formats.test_w3c_blocks import HEADER, line


def only(data: str) -> LineBatch:
    reading = read_all(iis_w3c, data.encode())
    assert not reading.skipped
    (batch,) = reading.batches
    return batch


def test_one_request():
    batch = only(HEADER + line(query="a=1") + "\n")
    fields = batch.fields(0)
    assert batch.type == iis_w3c.IIS
    assert (len(batch), batch.position(0), batch.server(0)) == (1, 5, "10.0.0.5")
    assert batch.time(0) == 1_767_579_249_000_000
    wanted = {
        "cs-method": "POST",
        "cs-uri-stem": ["/owa/auth/x1.aspx"],
        "c-uri": ["/owa/auth/x1.aspx?a=1"],
        "cs-uri-query": ["a=1", "/owa/auth/x1.aspx?a=1"],
        "c-uri-query": ["a=1"],
        "c-uri-extension": "aspx",
        "cs-username": "A\\bob",
        "c-useragent": ["python-requests/2.31 (x)", "python-requests/2.31+(x)"],
        "cs-user-agent": ["python-requests/2.31 (x)", "python-requests/2.31+(x)"],
        "cs-referer": ["-", "", None],
        "sc-status": 200,
        "time-taken": 412,
        "src_ip": "203.0.113.20",
    }
    assert {name: fields[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("stem", "query", "readings"),
    [
        ("/a", "x=%27+or", {"x=%27+or", "x='+or", "x=' or", "/a?x=' or"}),
        ("/a", "x=%2527", {"x=%2527", "x=%27", "x='", "/a?x='"}),
        ("/a", "x=%0d%0ay", {"x=  y"}),
        ("/a", "x=%zz%4", {"x=%zz%4"}),
        ("/a%2f..", "-", {"-", "", None, "/a%2f..", "/a/.."}),
    ],
)
def test_readings_of_a_query(stem, query, readings):
    fields = only(HEADER + line(stem, query)).fields(0)
    assert readings <= set(fields["cs-uri-query"])  # type: ignore[call-overload]


def test_other_software_is_a_proxy():
    head = "#Software: SGOS 6.5\n#Fields: date time c-ip cs-method cs-host sc-status\n"
    batch = only(head + "2026-01-05 02:14:09 10.0.0.1 GET example.com 200\n")
    assert batch.type == iis_w3c.PROXY
    assert batch.fields(0)["r-dns"] == "example.com"


@given(
    data=st.lists(
        st.sampled_from([b"%", b"%41", b"%0A", b"%25", b"%zz", b"\\", b"x", b"\xff", b"4"])
    )
)
def test_decoding_is_url_decoding(data):
    joined = b"".join(data)
    expected = unquote_to_bytes(re.sub(rb"%0[aAdD]", b" ", joined))
    assert url_readings.decoded(joined) == expected


VALUE = st.text(st.characters(codec="utf-8", exclude_characters=" \n\r\0"), min_size=1, max_size=9)
ENCODED = st.lists(
    st.sampled_from(["%41", "%2541", "%0a", "+", "a", "/", "%C3%A9", "%"]), min_size=1
)


@given(stem=VALUE, query=ENCODED.map("".join))
def test_every_value_stands_in_its_line_of_the_haystack(stem, query):
    batch = only(HEADER + line() + "\n" + line("/" + stem, query) + "\n" + line() + "\n")
    lines = batch.haystack().split(b"\n")
    assert len(lines) == 3
    text = lines[1].decode("utf-8", "replace")
    for value in batch.fields(1).values():
        for one in value if isinstance(value, list) else [value]:
            pieces = re.split(r"[ +?\x00-\x1f\x80-\U0010ffff]+", str(one or ""))
            assert all(piece in text for piece in pieces)
    assert batch.text(1)[0] == line("/" + stem, query)
