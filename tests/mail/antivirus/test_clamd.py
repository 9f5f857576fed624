"""ClamAV's daemon: a real one, one that dies, and some that misbehave."""

from __future__ import annotations

import asyncio
import signal

import pytest

from exward.mail.antivirus import pieces
from exward.mail.antivirus.clamd import Clamd, Scan, parse_address
from exward.mail.antivirus.pieces import hidden_pieces, pieces_of
from exward.mail.known import Known
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from tests.mail.antivirus.daemon import CLAMD, MARK, MISSING, NAME, pretended, running
from tests.mail.letters import attached, letter
from tests.mail.mime import hidden_files

real = pytest.mark.skipif(CLAMD is None, reason=MISSING)
INFECTED = attached(b"\0\1" + MARK + bytes(100), "a.bin")


def ask(address, *messages, **limits):
    async def all_of_it():
        clamd = Clamd(parse_address(address), **limits)
        return [await clamd.scan(one) for one in messages]

    return asyncio.run(all_of_it())


@real
class TestReal:
    def test_what_is_known_is_named_and_nothing_else(self, tmp_path):
        with running(tmp_path) as daemon:
            found = ask(daemon.address, INFECTED, letter("Hello\n"), b"", INFECTED)
        names = [one.signature.removesuffix(".UNOFFICIAL") for one in found]
        assert names == [NAME, "", "", NAME]
        assert {one.failed for one in found} == {""}

    def test_many_at_once(self, tmp_path):
        async def act(address):
            clamd = Clamd(parse_address(address))
            large = letter(MARK + b"\n" + b"x" * 300_000)
            return await asyncio.gather(*(clamd.scan(large) for _ in range(40)))

        with running(tmp_path) as daemon:
            found = asyncio.run(act(daemon.address))
        assert all(one.signature.startswith(NAME) for one in found)

    def test_what_is_too_large_for_it_is_no_failure(self, tmp_path):
        with running(tmp_path, stream_mib=1) as daemon:
            found = ask(daemon.address, bytes(3 * 1024 * 1024), INFECTED)
        assert found[0] == Scan(is_too_large=True)
        assert found[1].signature

    def test_it_dies_and_comes_back(self, tmp_path):
        with running(tmp_path) as daemon:

            async def act():
                clamd = Clamd(parse_address(daemon.address), rest_s=0)
                found = [await clamd.scan(INFECTED)]
                daemon.kill()
                found.append(await clamd.scan(INFECTED))
                daemon.start()
                return [*found, await clamd.scan(INFECTED)]

            first, second, third = asyncio.run(act())
        assert first.signature
        assert first == third
        assert (second.signature, bool(second.failed)) == ("", True)

    def test_it_hangs(self, tmp_path):
        with running(tmp_path) as daemon:
            daemon.signal(signal.SIGSTOP)
            (found,) = ask(daemon.address, INFECTED, scan_s=0.3)
            daemon.signal(signal.SIGCONT)
        assert "no answer within 0.3 s" in found.failed


async def _silent(read, write):
    await read.read()


async def _ends(read, write):
    await read.read(1)


async def _talks_nonsense(read, write):
    await read.read(1)
    write.write(b"\xff" * 10_000)
    await write.drain()


async def _refuses_early(read, write):
    await read.read(1)
    write.write(b"INSTREAM size limit exceeded. ERROR\0")
    await write.drain()
    while await read.read(1_000_000):
        pass


@pytest.mark.parametrize(
    ("handler", "failed"),
    [(_silent, "no answer"), (_ends, ""), (_talks_nonsense, "")],
)
def test_whatever_it_does_there_is_an_answer(handler, failed):
    async def act():
        async with pretended(handler) as address:
            clamd = Clamd(parse_address(address), scan_s=0.5)
            return await clamd.scan(b"x" * 1_000_000)

    found = asyncio.run(act())
    assert found.failed.startswith("ClamAV at 127.0.0.1:")
    assert failed in found.failed


def test_a_refusal_while_it_is_still_sent_is_understood():
    async def act():
        async with pretended(_refuses_early) as address:
            return await Clamd(parse_address(address)).scan(bytes(20_000_000))

    assert asyncio.run(act()) == Scan(is_too_large=True)


def test_after_a_failure_it_is_left_alone_for_a_while():
    asked = []

    async def count(read, write):
        asked.append(1)

    async def act(rest_s):
        async with pretended(count) as address:
            clamd = Clamd(parse_address(address), rest_s=rest_s)
            return [await clamd.scan(b"x") for _ in range(3)]

    assert all(one.failed for one in asyncio.run(act(60)))
    assert len(asked) == 1
    asyncio.run(act(0))
    assert len(asked) == 4


def test_pieces_are_those_that_one_reading_does_not_show():
    plain = letter("Hello\n")
    hidden = hidden_files.mixed(b"Content-Type: text/plain\r\n")
    assert hidden_pieces(plain) == ()
    assert hidden_files.EVIL in hidden_pieces(hidden)


def test_their_number_and_size_are_bounded(monkeypatch):
    many = "".join(f"--x\n\npart {number}\n" for number in range(100))
    message = parse(letter(many, Content_Type="multipart/mixed; boundary=x"))
    assert len(pieces_of(message)) == pieces.MAX_PIECES
    monkeypatch.setattr(pieces, "MAX_TOTAL_BYTES", 20)
    assert len(pieces_of(message)) == 2


@pytest.mark.parametrize(
    ("text", "path", "host", "port"),
    [
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl", "", 0),
        ("127.0.0.1:3310", "", "127.0.0.1", 3310),
        ("localhost:3310", "", "localhost", 3310),
        ("[::1]:3310", "", "::1", 3310),
    ],
)
def test_addresses(text, path, host, port):
    found = parse_address(text)
    assert (found.path, found.host, found.port) == (path, host, port)


@pytest.mark.parametrize("text", ["x", "192.0.2.1:3310", "clam.example:3310", "127.0.0.1:0", ":1"])
def test_addresses_that_are_none_or_elsewhere(text):
    with pytest.raises(ValueError, match="must be"):
        parse_address(text)


@pytest.mark.parametrize(
    ("scan", "weight", "words"),
    [
        (Scan(signature="Win.Trojan.X-1"), 20.0, "Win.Trojan.X-1"),
        (Scan(signature="Heuristics.Phishing.Email"), 5.0, "Heuristics"),
        (Scan(failed="gone"), 0.0, "without it"),
        (Scan(is_too_large=True), 0.0, "larger"),
    ],
)
def test_what_it_says_weighs(scan, weight, words):
    judged = judge(parse(letter("Hello\n")), "a", MailSettings(), Known(scan=scan))
    (found,) = [one for one in judged.reasons if one.check == "antivirus"]
    assert found.weight == weight
    assert words in found.why
