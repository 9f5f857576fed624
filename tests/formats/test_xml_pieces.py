"""Cutting XML files into elements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import xml_pieces
from exward.formats.xml_pieces import elements

E = b'<Event a="x>y"><EventData>t</EventData></Event>'


def pieces(data: bytes, size: int = 1 << 20) -> list[bytes | str]:
    blocks = [data[i : i + size] for i in range(0, len(data), size)]
    return [
        piece.reason if piece.data is None else piece.data for piece in elements(blocks, "Event")
    ]


@pytest.mark.parametrize("size", [1, 3, 7, 1 << 20])
@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (E, [E]),
        (E + E, [E, E]),
        (b"<?xml version='1.0'?>\n<Events>\n" + E + b"\r\n" + E + b"</Events>", [E, E]),
        (b"<Event/>" + E + b'<Event b="/"/>', [b"<Event/>", E, b'<Event b="/"/>']),
        (b"<Event b='>'></Event >", [b"<Event b='>'></Event >"]),
        (E[:20] + E, ["this element does not end", E]),
        (E + E[:30], [E, "the file ends inside this element"]),
        (E + b"<Eve", [E, "text that is no whole element"]),
        (b"junk" + E + b"vent></Event>" + E, ["text that is no whole element", E] * 2),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + E, ["text that is no whole element", E]),
    ],
)
def test_pieces(data, wanted, size):
    assert pieces(data, size) == wanted


def test_an_element_that_never_ends(monkeypatch):
    monkeypatch.setattr(xml_pieces, "MAX_ELEMENT_BYTES", 1000)
    long = b"<Event>" + b"x" * 5000 + b"</Event>"
    assert pieces(E + long + E, 100) == [E, "element longer than 16 MiB", E]


def test_a_tag_that_never_ends(monkeypatch):
    monkeypatch.setattr(xml_pieces, "MAX_TAG_BYTES", 1000)
    long = b"<Event a='" + b"x" * 5000 + b"'></Event>"
    assert pieces(E + long + E, 100) == [E, "tag longer than 2 MiB", E]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 40])
def test_shares_give_the_whole(count):
    data = b"<Events>" + E * 7 + b"junk" + b"\n" * 90 + E * 5 + b"more junk</Events>"
    found: list[xml_pieces.Piece] = []
    for index in range(count):
        start, end = len(data) * index // count, len(data) * (index + 1) // count
        found += elements([data[start:]], "Event", start, end)
    whole = list(elements([data], "Event"))
    assert [(p.offset, p.data, p.reason) for p in found] == [
        (p.offset, p.data, p.reason) for p in whole
    ]
    assert sum(p.data == E for p in whole) == 12


PARTS = st.sampled_from(
    [E, b"<Event>", b"</Event>", b"<Event", b" ", b"<Events>", b'"', b">", b"x", b"/>"]
)


@given(st.lists(PARTS, max_size=12).map(b"".join), st.integers(1, 9))
def test_blocks_do_not_matter_and_nothing_is_lost(data, size):
    found = list(elements([data[i : i + size] for i in range(0, len(data), size)], "Event"))
    assert pieces(data, size) == pieces(data)
    rest = data
    for piece in found:
        if piece.data is not None:
            assert data[piece.offset : piece.offset + len(piece.data)] == piece.data
            rest = rest.replace(piece.data, b"", 1)
    broken = any(piece.data is None for piece in found)
    assert broken or not xml_pieces._AROUND.sub(b"", rest)
