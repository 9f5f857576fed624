"""Servers that mean harm: each costs a bounded time and says one clear thing."""

import datetime
import socket
import time
from itertools import count, repeat

import pytest

from exward.model.errors import EvidenceError
from exward.posture.outside.address import parse
from exward.posture.outside.ask import MAX_FAILED, ask
from exward.posture.outside.get import MAX_BODY_BYTES, MAX_VALUE
from exward.posture.outside.visit import Manners
from tests.posture.outside.server import HASTY, Exchange, reply, serving

DAY = datetime.date(2026, 11, 1)
SE = Exchange("15.2.2562.46", "15.2.2562")
OK = b"HTTP/1.1 200 OK\r\n"
HEADED = OK + b"Content-Type: text/html\r\n\r\n"


def visited(answer, **how):
    with serving(answer, **how) as served:
        seen, skipped = ask(parse(served.url), HASTY, lambda: False, DAY)
    return seen, skipped, served


def only_owa(pieces):
    return lambda path: pieces() if path == "/owa/" else SE(path)


def dripping(start, piece):
    def drip():
        yield start
        while True:
            time.sleep(0.05)
            yield piece

    return drip


def endless_headers():
    yield OK
    for number in count():
        yield b"X-%d: y\r\n" % number


def silent():
    time.sleep(3)
    yield b""


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        (endless_headers, "more than 100 headers"),
        (lambda: [OK, b"X-Long: ", *repeat(b"a" * 65536, 160)], "a line longer than 64 KiB"),
        (lambda: [b"a" * 200_000], "a line longer than 64 KiB"),
        (lambda: [b"SSH-2.0-x\r\n\r\n"], "does not answer in HTTP"),
        (lambda: [b""], "closes the connection without an answer"),
        (lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), "sends more than 512 KiB"),
        (dripping(b"HTTP/1.1 200", b" "), "sends its answer too slowly"),
        (dripping(OK, b"X"), "sends its answer too slowly"),
        (silent, "does not answer in time"),
    ],
)
def test_an_answer_that_is_none_is_one_loss_and_the_rest_is_read(pieces, reason):
    seen, skipped, served = visited(only_owa(pieces))
    assert [one.source for one in skipped] == [f"{served.url}/owa/"]
    assert reason in skipped[0].reason
    assert seen.replies["owa"] == ()
    assert seen.builds


@pytest.mark.parametrize(
    ("pieces", "reason", "size"),
    [
        (lambda: [HEADED, *repeat(b"a" * 65536, 100)], "too long", MAX_BODY_BYTES),
        (lambda: [OK + b"Content-Length: 99\r\n\r\nabc"], "breaks off", 3),
        (lambda: [OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ"], "breaks off", None),
        (lambda: [OK + b"Content-Length: 9999999999999\r\n\r\n", b"a" * 10], "breaks off", 10),
        (dripping(HEADED, b"a"), "breaks off", None),
    ],
)
def test_of_a_body_without_end_the_beginning_is_kept(pieces, reason, size):
    seen, skipped, _ = visited(only_owa(pieces))
    assert len(skipped) == 1
    assert skipped[0].reason.startswith(reason)
    (kept,) = seen.replies["owa"]
    assert not kept.is_whole
    assert size is None or len(kept.body) == size


@pytest.mark.parametrize(
    ("places", "reason", "asked"),
    [
        (("/owa/",), "leads in a circle", 1),
        (("/owa/b", "/owa/"), "leads in a circle", 2),
        (("/owa/1", "/owa/2", "/owa/3", "/owa/4", "/owa/5"), "leads on 3 times and more", 4),
    ],
)
def test_redirections_end(places, reason, asked):
    following = dict(zip(("/owa/", *places), places, strict=False))

    def lead(path):
        to = following.get(path)
        return SE(path) if to is None else [reply("302 Found", f"Location: {to}")]

    _, skipped, served = visited(lead)
    assert [one.reason.split(":")[0] for one in skipped] == [reason]
    assert sum(path.startswith("/owa/") for path in served.paths) == asked


@pytest.mark.parametrize(
    "place",
    [
        "https://127.0.0.1:1/owa/x", "http://127.0.0.1/owa/x", "//evil.example/owa/", "file:///x",
        "https://evil.example/", "https://[::", "\x00", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_nothing_is_followed_to_another_host(place):
    away = [reply("302 Found", f"Location: {place}")]
    _, _, served = visited(lambda path: away if path == "/owa/" else SE(path))
    assert len(served.requests) == 8


def test_a_place_on_the_server_cannot_add_to_the_request():
    to = "/owa/x y\tHTTP/1.1\x0bX-Evil: 1 é"
    away = [reply("302 Found", f"Location: {to}")]
    _, _, served = visited(lambda path: away if path == "/owa/" else SE(path))
    assert all("X-Evil:" not in line for one in served.requests for line in one.splitlines()[1:])
    assert all(request.count("\r\n") == 6 for request in served.requests)


def test_headers_are_one_line_each_and_short():
    lines = b"X-FEServer: EX01\x1b[2J\x00\r\n X-OWA-Version: 15.0.1.1\r\nX-L: " + b"a" * 9000
    answer = OK + lines + b"\r\nContent-Length: 0\r\n\r\n"
    seen, _, _ = visited(lambda path: [answer] if path == "/owa/" else SE(path))
    (one,) = seen.replies["owa"]
    assert all(char >= " " for _, value in one.headers for char in value)
    assert len(one.value("X-L")) == MAX_VALUE
    assert "15.0.1.1" not in {str(found.build) for found in seen.builds}


def test_a_server_that_keeps_failing_is_left_in_peace():
    answer = SE
    failing = {"/ecp/", "/EWS/Exchange.asmx", "/Autodiscover/Autodiscover.xml"}
    _, skipped, served = visited(lambda path: [b"x"] if path in failing else answer(path))
    assert any("nothing more was asked" in one.reason for one in skipped)
    assert len(served.requests) == 2 + MAX_FAILED


def test_all_of_a_visit_has_an_end():
    with pytest.raises(EvidenceError, match="too slowly"):
        visited(lambda path: dripping(OK, b"X")())


def test_the_patience_for_one_server_ends():
    with serving(SE) as served, pytest.raises(EvidenceError, match="took longer than 0 s in all"):
        ask(parse(served.url), Manners(pause_s=0, total_s=0), lambda: False, DAY)


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_closed_port_is_said():
    port = closed_port()
    with pytest.raises(EvidenceError, match=f"nothing listens on port {port}"):
        ask(parse(f"https://127.0.0.1:{port}"), HASTY, lambda: False, DAY)


def test_a_name_that_is_none_is_said(monkeypatch):
    def unknown_name(*args, **more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    with pytest.raises(EvidenceError, match="the name is not known"):
        ask(parse("https://mail.invalid"), HASTY, lambda: False, DAY)


def test_a_port_without_tls_is_said():
    with pytest.raises(EvidenceError, match="does not speak TLS"):
        visited(lambda path: SE(path), pem=None)


def test_a_port_that_says_nothing_is_said():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(EvidenceError, match="does not answer in time"):
            ask(parse(url), HASTY, lambda: False, DAY)
