"""Ports: what accepts a connection, and what is written of it."""

import datetime
import socket

from exward.posture.outside.address import parse
from exward.posture.outside.area import documents
from exward.posture.outside.ask import ask
from exward.posture.outside.seen import Reply, Seen
from exward.posture.row import rows
from tests.posture.outside.server import NO_PAUSE, Exchange, serving

DAY = datetime.date(2026, 11, 1)
NOW = "2026-11-01T12:00:00+00:00"
OLD = Exchange("15.2.1118.20", "15.2.1118", blocked=("/ecp",))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def seen(*replies, server="mail.example"):
    return Seen(server, f"https://{server}", True, DAY, None, {"owa": replies})


def test_a_port_that_accepts_a_connection_is_open_and_one_that_refuses_is_not():
    closed = closed_port()
    with serving(OLD) as served:
        found, _ = ask(parse(served.url), NO_PAUSE, lambda: False, DAY, (served.port, closed))
        asked = len(served.requests)
    assert found.ports == {served.port: True, closed: False}
    assert asked == len([*found.every_reply()])  # nothing was sent to a port


def test_ports_that_could_not_be_tried_are_not_known():
    answers = iter([False] * 40)
    with serving(OLD) as served:
        found, _ = ask(parse(served.url), NO_PAUSE, lambda: next(answers, True), DAY, (*range(60),))
    assert found.ports[59] is None


def test_services_stand_beside_the_port_that_was_asked():
    with serving(OLD) as served:
        found, _ = ask(parse(served.url), NO_PAUSE, lambda: False, DAY, (81,))
    ((name, content),) = documents(found, NOW)
    assert name == "outside-EX01.json"
    assert (content["server"], content["collected"]) == ("EX01", NOW)
    first, second = rows(content["data"])
    assert (first.number("Port"), first.truth("Open")) == (served.port, True)
    assert "/owa/" in (first.texts("Reached") or ())
    assert first.texts("Refused") == ("/ecp/",)
    assert (second.number("Port"), second.truth("Open"), "Reached" in second) == (81, False, False)


def test_every_server_that_answers_at_an_address_has_a_file():
    both = seen(
        Reply("https://mail.example/owa/", 200, (("X-FEServer", "ex02"),)),
        Reply("https://mail.example/owa/", 200, (("X-FEServer", "EX01"),)),
    )
    assert [one.name for one in documents(both, NOW)] == ["outside-EX01.json", "outside-EX02.json"]


def test_names_from_answers_are_no_paths():
    evil = seen(
        Reply("https://x/owa/", 200, (("X-FEServer", "../../etc/cron.d/x"),)),
        server="mail.example:8443",
    )
    ((name, content),) = documents(evil, NOW)
    assert (name, content["server"]) == ("outside-mail.example_8443.json", "")
