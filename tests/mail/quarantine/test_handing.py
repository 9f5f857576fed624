"""Handing over by SMTP: what goes over the wire, and what is certain afterwards."""

from __future__ import annotations

import socket
import threading

import pytest

from exward.mail.quarantine import handing
from exward.mail.quarantine.handing import Handed, MailServer, Outgoing, hand_over
from tests.mail.postfix import Sink, free_ports

LETTER = Outgoing("ann@a.example", ("bob@b.example",), b"Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n")


@pytest.fixture
def sink():
    (port,) = free_ports(1)
    one = Sink(port)
    yield one
    one.close()


def test_every_byte_arrives(sink):
    handed = hand_over(MailServer("127.0.0.1", sink.port), LETTER)
    assert handed == Handed(("bob@b.example",), {}, True, "250 OK")
    assert sink.taken == [("<ann@a.example>", ("<bob@b.example>",), LETTER.data)]


def test_parameters_go_on_if_the_server_knows_them(sink):
    letter = Outgoing("jö@a.example", ("bob@b.example",), b"x: y\r\n\r\nno line end",
                      ("SIZE=9", "BODY=8BITMIME", "SMTPUTF8", "AUTH=x", "XYZ=1"),
                      (("NOTIFY=NEVER", "ORCPT=rfc822;b"),))  # fmt: skip
    hand_over(MailServer("127.0.0.1", sink.port), letter)
    (taken,) = sink.taken
    assert taken[0] == "<jö@a.example> BODY=8BITMIME SMTPUTF8"
    assert taken[1] == ("<bob@b.example> NOTIFY=NEVER ORCPT=rfc822;b",)
    assert taken[2] == b"x: y\r\n\r\nno line end\r\n"


def served(*answers):
    """A server that gives these answers, one for each line, and then hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        client, _ = server.accept()
        with client, server:
            reader = client.makefile("rb")
            for answer in answers:
                client.sendall(answer)
                if answer.startswith(b"354"):
                    while (line := reader.readline()) and line != b".\r\n":
                        pass
                elif not reader.readline():
                    return

    threading.Thread(target=run, daemon=True).start()
    return MailServer("127.0.0.1", server.getsockname()[1])


HELLO = (b"220 x\r\n", b"250 x\r\n")


@pytest.mark.parametrize(
    ("answers", "is_certain", "said"),
    [
        ((b"554 go away\r\n",), True, "554 go away"),
        ((*HELLO, b"550 no\r\n"), True, "550 no"),
        ((*HELLO, b"250 x\r\n", b"451 later\r\n"), True, "451 later"),
        ((*HELLO, b"250 x\r\n", b"250 x\r\n", b"451 later\r\n"), True, "451 later"),
        ((*HELLO, b"250 x\r\n"), True, "Connection unexpectedly closed"),
        ((*HELLO, b"250 x\r\n", b"250 x\r\n", b"354 go\r\n", b"451 filter\r\n"), True, "451"),
        ((*HELLO, b"250 x\r\n", b"250 x\r\n", b"354 go\r\n"), False, "the connection broke"),
    ],
)
def test_what_is_certain(answers, is_certain, said):
    handed = hand_over(served(*answers), LETTER)
    assert handed.is_certain == is_certain
    assert said in handed.said
    assert bool(handed.accepted) != is_certain


def test_nobody_there():
    (port,) = free_ports(1)
    handed = hand_over(MailServer("127.0.0.1", port), LETTER)
    assert (handed.accepted, handed.is_certain) == ((), True)
    assert "cannot be reached" in handed.refused["bob@b.example"]


def test_a_server_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(handing, "TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        handed = hand_over(MailServer("127.0.0.1", silent.getsockname()[1]), LETTER)
    assert (handed.accepted, handed.is_certain) == ((), True)


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<x@y.example", "a\n@b"])
def test_an_address_cannot_become_a_command(sink, address):
    handed = hand_over(MailServer("127.0.0.1", sink.port), Outgoing("", (address,), b"x\r\n"))
    assert (handed.accepted, handed.is_certain) == ((), True)
    assert sink.taken == []
