"""W3C logs cut into blocks: headers anywhere, every encoding, damage, shares."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import iis_w3c
from tests.formats.memory_source import MemorySource, read_all

SOFTWARE = "#Software: Microsoft Internet Information Services 10.0"
FIELDS = (
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip"
    " cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
)
SHORT_FIELDS = "#Fields: date time c-ip cs-method cs-uri-stem sc-status"
HEADER = f"{SOFTWARE}\n#Version: 1.0\n#Date: 2026-01-05 00:00:00\n{FIELDS}\n"
SHORT = "2026-01-05 02:14:09 203.0.113.20 GET /x 404"


def line(stem: str = "/owa/auth/x1.aspx", query: str = "-", second: int = 9) -> str:
    return (
        f"2026-01-05 02:14:{second:02} 10.0.0.5 POST {stem} {query} 443 A\\bob 203.0.113.20"
        " python-requests/2.31+(x) - 200 0 0 412"
    )


def test_columns_change_in_the_middle():
    text = HEADER + line() + "\n" + SHORT_FIELDS + "\n" + SHORT + "\n" + HEADER + line() + "\n"
    reading = read_all(iis_w3c, text.encode())
    assert reading.positions == [5, 7, 12]
    assert [len(batch) for batch in reading.batches] == [1, 1, 1]
    assert [fields.get("sc-substatus") for fields in reading.fields] == [0, None, 0]
    assert not reading.skipped


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + line() + "\n" + line()).replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + (HEADER + line() + "\n" + line() + "\n").encode(),
        codecs.BOM_UTF16_LE + (HEADER + line() + "\n" + line()).encode("utf-16-le"),
        (HEADER + line() + "\n" + line() + "\n").encode() + bytes(70_000),
        (HEADER + line() + "\n").encode() + bytes(500) + (line() + "\n").encode(),
        (HEADER + line() + "\n\n\n" + line() + "\n").encode(),
        (line() + "\n" + line() + "\n").encode(),
        ("torn start of\n" + HEADER + line() + "\n" + line()).encode(),
    ],
    ids=[
        "CRLF",
        "mark",
        "UTF-16",
        "NULs at the end",
        "NULs between",
        "blank",
        "bare",
        "torn start",
    ],
)
def test_forms(data):
    assert iis_w3c.recognises(data[:65_536])
    reading = read_all(iis_w3c, data)
    assert reading.records == 2
    assert [fields["sc-status"] for fields in reading.fields] == [200, 200]
    assert [one.position for one in reading.skipped] == ([1] if data[:4] == b"torn" else [])


class TestDamage:
    def test_lines_that_do_not_fit_are_told(self):
        text = HEADER + "\n".join([line(), "x y", line() + " z", line(), "2026-01-05 02:"])
        reading = read_all(iis_w3c, text.encode())
        assert reading.positions == [5, 8]
        assert [one.position for one in reading.skipped] == [6, 7, 9]

    def test_one_value_more_does_not_hide_one_less(self):
        text = HEADER + "\n".join([line(), line() + " more", line().removesuffix(" 412"), line()])
        reading = read_all(iis_w3c, text.encode())
        assert reading.positions == [5, 8]
        assert [one.position for one in reading.skipped] == [6, 7]

    def test_bytes_that_are_no_utf8(self):
        data = HEADER.encode() + line(query="x=GR").encode().replace(b"GR", b"\xfc\xff") + b"\n"
        (fields,) = read_all(iis_w3c, data).fields
        assert "x=üÿ" in fields["cs-uri-query"]  # type: ignore[operator]


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_shares_give_the_whole(count, mark):
    rows = [
        f"{SHORT_FIELDS}\n{SHORT}" if n % 7 == 3 else f"{HEADER}{line(f'/{n}')}" for n in range(40)
    ]
    data = mark + "\n".join(rows).encode()
    whole, shares = read_all(iis_w3c, data), read_all(iis_w3c, data, count)
    assert shares.positions == whole.positions
    assert shares.fields == whole.fields
    assert not shares.skipped
    assert not whole.skipped


def test_parts():
    source = MemorySource(HEADER.encode())
    assert iis_w3c.parts(source, 4) == 1
    source.size_bytes = 1 << 30
    assert iis_w3c.parts(source, 4) == 4
    source.seekable = False
    assert iis_w3c.parts(source, 4) == 1
    source.size_bytes = None
    assert iis_w3c.parts(source, 4) == 1


LINES = st.sampled_from(
    [line(), line(query="%41"), SHORT, "bad", "", "#Date: x", FIELDS, SHORT_FIELDS]
)


@given(lines=st.lists(LINES | st.text(max_size=5)), count=st.integers(1, 3))
def test_never_raises_and_accounts_for_every_line(lines, count):
    data = (HEADER + "\n".join(lines)).encode("utf-8", "replace")
    rest = [one for one in data.translate(None, b"\r\0").split(b"\n") if one.strip()]
    requests = [one for one in rest if not one.startswith(b"#")]
    reading = read_all(iis_w3c, data, count)
    assert reading.records + reading.lost == len(requests)
    assert all(isinstance(fields, dict) for fields in reading.fields)
