"""Cutting JSON into objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import json_objects
from exward.formats.json_objects import Piece

RECORDS = [
    {"id": n, "text": f'}} {{ "q\\" \n {n}', "in": {"id": n, "l": [{}, []]}} for n in range(9)
]


def blocks_of(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def decoded(pieces: list[Piece]) -> list[Any]:
    return [json.loads(piece.data) for piece in pieces if piece.data is not None]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize(
    "data",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps(RECORDS, indent="\t").replace("\n", "\r\n"),
        "\n".join(json.dumps(one, indent=4) for one in RECORDS),
        "".join(json.dumps(one) for one in RECORDS),
    ],
)
def test_by_brace(data, size):
    pieces = list(json_objects.by_brace(blocks_of(data.encode(), size)))
    assert decoded(pieces) == RECORDS
    assert [piece.number for piece in pieces] == list(range(1, 10))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"in": {', '"in: {', "does not end"),
        ("}", " ", "does not end"),
        ("}", "]", "do not match"),
        ('"text": ', '"text": "', "does not end"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_by_brace_goes_on_behind_a_broken_object(old, new, reason, indent):
    texts = [json.dumps({"id": n, "in": {"text": "x"}}, indent=indent) for n in range(6)]
    assert old in texts[3]
    texts[3] = new.join(texts[3].rsplit(old, 1))
    pieces = list(json_objects.by_brace([("[" + ",\n".join(texts) + "]").encode()]))
    assert [one["id"] for one in decoded(pieces)] == [0, 1, 2, 4, 5]
    (broken,) = [piece for piece in pieces if piece.data is None]
    assert reason in broken.reason


def test_by_brace_drops_an_object_that_is_too_large(monkeypatch):
    monkeypatch.setattr(json_objects, "MAX_OBJECT_BYTES", 1000)
    data = b'{"a":1}\n{"a":"' + b"x" * 5000 + b'"}\n{"a":3}'
    pieces = list(json_objects.by_brace(blocks_of(data, 100)))
    assert decoded(pieces) == [{"a": 1}, {"a": 3}]
    assert [piece.reason for piece in pieces if piece.data is None] == ["object longer than 16 MiB"]


def test_by_line_numbers_and_limits(monkeypatch):
    monkeypatch.setattr(json_objects, "MAX_OBJECT_BYTES", 50)
    data = b'[\n{"a":1},\n\n{"a":' + b"9" * 200 + b'},\n{"a":3}\n]\n{"torn"'
    lines = json_objects.numbered_lines(blocks_of(data, 10))
    pieces = list(json_objects.by_line(lines))
    assert [(one.number, one.data) for one in pieces] == [
        (2, b'{"a":1}'),
        (4, None),
        (5, b'{"a":3}'),
        (7, b'{"torn"'),
    ]


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b'{"a":1}\n{"a":2}\n', True),
        (b'broken\n{"a":2}\n', True),
        (b'[\n{"a":1},\n{"a":2}\n]', True),
        (b'{\n  "a": 1\n}', False),
        (b'[{"a": {\n "b": 1}}]', False),
        (b'"text"\n', False),
        (b"", False),
    ],
)
def test_is_by_line(head, answer):
    assert json_objects.is_by_line(head) is answer


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b'{"a":1}', [{"a": 1}]),
        (b'{"a":1},{"a":2}', [{"a": 1}, {"a": 2}]),
        (b'{"a":"\x01\t"}', [{"a": "\x01\t"}]),
        (rb'{"a":"\ud83d\ude00 \ud800 \udc00 \\ud800"}', [{"a": "😀 � � \\ud800"}]),
        (b'{"a":"\xff"}', [{"a": "�"}]),
        (
            b'{"a":123456789012345678901234567890,"b":"\x02"}',
            [{"a": 1.2345678901234568e29, "b": "\x02"}],
        ),
    ],
)
def test_parse(data, values):
    assert json_objects.parse(data) == values


@pytest.mark.parametrize("data", [b"{", b'{"a"', b"[" * 5000, b"{" * 5000, b'{"a":' * 5000])
def test_parse_broken(data):
    with pytest.raises(ValueError, match=r"."):
        json_objects.parse(data)


@given(data=st.binary() | st.text('{}[]"\\,:\n ab1').map(str.encode), size=st.integers(1, 40))
def test_by_brace_never_raises(data, size):
    for piece in json_objects.by_brace(blocks_of(data, size)):
        assert (piece.data is None) == bool(piece.reason)
        assert piece.data is None or (piece.data[:1] == b"{" and piece.data[-1:] == b"}")


def test_by_brace_tells_a_torn_end():
    whole, torn = json_objects.by_brace([b'[{"a":1},{"a":2'])
    assert whole == Piece(1, b'{"a":1}')
    assert torn == Piece(2, None, "the file ends inside this object")
