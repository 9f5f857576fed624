"""The server of pages: what it answers, what it refuses, what it bounds."""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.quarantine import http
from exward.mail.quarantine.http import PageServer, Response
from exward.mail.quarantine.rates import MAX_CLIENTS, Rates


def served(*requests, respond=None):
    """The answers of a server to requests that are sent one after the other."""
    asked = []

    async def usual(request):
        asked.append(request)
        return Response(HTTPStatus.OK, "<p>page</p>", {"X-Own": "1"})

    async def run():
        server = PageServer(respond or usual)
        port = await server.start("127.0.0.1", 0)
        answers = []
        for one in requests:
            read, write = await asyncio.open_connection("127.0.0.1", port)
            write.write(one)
            answers.append(await read.read())
            write.close()
        await server.close()
        return answers

    return asyncio.run(run()), asked


def test_a_page_and_its_headers():
    (answer,), (asked,) = served(b"GET /release/x HTTP/1.1\r\nHost: a\r\n\r\n")
    head, _, body = answer.decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    for line in ("Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Own: 1",
                 "X-Frame-Options: DENY", "X-Content-Type-Options: nosniff",
                 "Content-Type: text/html; charset=utf-8", "Content-Length: 11"):  # fmt: skip
        assert line in head
    assert body == "<p>page</p>"
    assert (asked.method, asked.path, asked.client) == ("GET", "/release/x", "127.0.0.1")


def test_a_head_has_no_body():
    (answer,), _ = served(b"HEAD / HTTP/1.1\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\r\n\r\n", 400), (b"GET\r\n\r\n", 400), (b"GET x HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a/ HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/2\r\n\r\n", 400),
        (b"GET /\x01 HTTP/1.1\r\n\r\n", 400), (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\nX: y\r\n\r\n", 200),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", 200),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n", 431),
    ],
)  # fmt: skip
def test_what_is_refused(request_bytes, status):
    (answer, after), _ = served(request_bytes, b"GET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert after.startswith(b"HTTP/1.1 200 ")


@given(st.binary(max_size=100) | st.text("GET POST/:\r\nHTTP1. Content-Length", max_size=100))
def test_junk_is_refused_and_nothing_else_happens(junk):
    async def read():
        stream = asyncio.StreamReader(limit=http.MAX_HEAD_BYTES)
        stream.feed_data(junk.encode() if isinstance(junk, str) else junk)
        stream.feed_data(b"\r\n\r\n")
        stream.feed_eof()
        with contextlib.suppress(http._RefusedError, asyncio.IncompleteReadError):
            request = await http._read(stream, "127.0.0.1")
            assert request.path.startswith("/")

    asyncio.run(read())


def test_who_says_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(http, "REQUEST_S", 0.05)
    (answer,), _ = served(b"GET / HT")
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_too_many_at_once(monkeypatch):
    monkeypatch.setattr(http, "MAX_CONNECTIONS", 0)
    (answer,), asked = served(b"GET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert asked == []


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"), ("127.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("::1", "2001:db8::1", "2001:db8::1"), ("127.0.0.1", "junk", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"), ("192.0.2.1", "1.2.3.4", "192.0.2.1"), ("", "1.2.3.4", ""),
    ],
)  # fmt: skip
def test_only_a_server_on_this_machine_speaks_for_others(peer, forwarded, client):
    assert http._client(peer, {"x-forwarded-for": forwarded}) == client


class TestRates:
    def test_so_many_at_once_and_so_many_a_minute(self):
        rates = Rates(3, 60)
        assert [rates.takes("a", 0.0) for _ in range(4)] == [True, True, True, False]
        assert rates.takes("b", 0.0)
        assert rates.takes("a", 1.0)
        assert not rates.takes("a", 1.5)
        assert [rates.takes("a", 100.0) for _ in range(4)] == [True, True, True, False]

    def test_a_network_is_one_client(self):
        rates = Rates(1, 1)
        assert rates.takes("2001:db8::1", 0.0)
        assert not rates.takes("2001:db8::ffff:2", 0.0)
        assert rates.takes("2001:db8:0:1::1", 0.0)

    def test_what_is_remembered_is_bounded(self):
        rates = Rates(1, 1)
        for number in range(MAX_CLIENTS + 10):
            rates.takes(str(number), 0.0)
        assert len(rates._left) == MAX_CLIENTS
        assert rates.takes("0", 0.0)
