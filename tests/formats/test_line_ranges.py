"""Shares of a text file."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import line_ranges


def lines_of(data: bytes, index: int, count: int) -> tuple[int, list[bytes]]:
    """The number of the first line of a share, and its lines."""
    start, end = line_ranges.share(len(data), index, count)
    stream = io.BytesIO(data)
    offset, number = line_ranges.first_line(stream, start)
    return number, b"".join(line_ranges.blocks(stream, offset, end)).splitlines(keepends=True)


@given(
    text=st.text(alphabet="ab\n", max_size=60),
    count=st.integers(1, 9),
    block=st.integers(1, 5),
)
def test_shares_give_each_line_once(text, count, block):
    data = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_ranges, "BLOCK_BYTES", block)
        shares = [lines_of(data, index, count) for index in range(count)]
    assert b"".join(line for _, lines in shares for line in lines) == data
    expected = 1
    for number, lines in shares:
        if lines:
            assert number == expected
        expected += len(lines)
