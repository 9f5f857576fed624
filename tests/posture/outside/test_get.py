"""Answers of any bytes: read, or refused in one message."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.errors import EvidenceError
from exward.posture.outside import get as module
from exward.posture.outside.address import Address
from exward.posture.outside.get import MAX_BODY_BYTES, MAX_VALUE, get
from exward.posture.outside.tls import reading
from exward.posture.outside.visit import Line

PIECES = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 302 \r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/9",
    b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"X: y\r\n", b"Location: //\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n", b"Content-Length: 5\r\n",
    b"5\r\nabcde\r\n", b"-1\r\n", b"-5\r\n", b"0\r\n\r\n", b"ffffffffff\r\n", b"0x5\r\n", b"\xff",
    b"a" * 70_000,
]  # fmt: skip


class Secured:
    """What a `Line` asks of a socket, over bytes."""

    def __init__(self, data):
        self.data = data
        self.sent = b""

    def cipher(self):
        return None

    def version(self):
        return None

    def getpeercert(self, binary_form):
        return None

    def settimeout(self, seconds):
        assert seconds > 0

    def sendall(self, data):
        self.sent += data

    def recv_into(self, buffer):
        count = min(len(buffer), len(self.data))
        buffer[:count] = self.data[:count]
        self.data = self.data[count:]
        return count


class Visited:
    """A visit to a server that sends these bytes."""

    address = Address("mail.example", 443, False)

    def __init__(self, data):
        self.secured: Any = Secured(data)

    def open(self, context):
        return Line(self.secured, 1.0, time.monotonic() + 60)


def got(data):
    visit: Any = Visited(data)
    return get(visit, reading(), "/owa/")[0]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=12), st.booleans())
def test_any_bytes_are_an_answer_or_one_error(pieces, begins_well):
    start = PIECES[0] if begins_well else b""
    try:
        reply = got(start + b"".join(pieces))
    except (EvidenceError, OSError):
        return
    assert len(reply.body) <= MAX_BODY_BYTES
    assert all(len(value) <= MAX_VALUE for _, value in reply.headers)
    assert all(char >= " " for header in reply.headers for text in header for char in text)


@pytest.mark.parametrize("size", [b"-5", b"-1", b"zz", b"f" * 5000, b""])
def test_a_chunk_of_no_size_breaks_the_answer_off(size):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    assert not got(head + size + b"\r\nabc").is_whole


def test_the_request_is_plain():
    visit: Any = Visited(b"HTTP/1.1 200 OK\r\n\r\n")
    get(visit, reading(), "/owa/")
    lines = visit.secured.sent.decode("ascii").split("\r\n")
    assert lines == [
        "GET /owa/ HTTP/1.1", "Host: mail.example", f"User-Agent: {module.USER_AGENT}",
        "Accept: */*", "Connection: close", "", "",
    ]  # fmt: skip
