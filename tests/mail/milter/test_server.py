"""The filter as it runs: over a socket, with workers, and against miltertest."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
import time
from functools import partial

import pytest

from exward.mail.addresses import Mailbox
from exward.mail.antivirus.clamd import Clamd, Scan, parse_address
from exward.mail.banner import Banner
from exward.mail.history.store import History
from exward.mail.milter import server
from exward.mail.milter.decision import FilterOptions, decide
from exward.mail.milter.packets import Packet, encode
from exward.mail.milter.server import FilterServer, ServeOptions
from exward.mail.settings import MailSettings, Rule
from exward.scan.mail_rules import YaraRules
from exward.yara.loading import load
from tests.mail.antivirus.daemon import CLAMD, MARK, MISSING, pretended, running
from tests.mail.letters import attached, letter
from tests.mail.milter.test_session import CONNECT, ENVELOPE, MACROS, OPTIONS, RAW, wire

MESSAGE = OPTIONS + CONNECT + MACROS + ENVELOPE + wire(RAW)
SCRIPT = """
conn = mt.connect("inet:" .. port .. "@127.0.0.1")
if conn == nil then error("no connection") end
if mt.conninfo(conn, "mx.example", "192.0.2.1") ~= nil then error("conninfo") end
if mt.helo(conn, "mx.example") ~= nil then error("helo") end
if mt.mailfrom(conn, "<a@bad.example>") ~= nil then error("mailfrom") end
if mt.rcptto(conn, "<c@d.example>") ~= nil then error("rcptto") end
if mt.header(conn, "From", "Ann <a@" .. domain .. ">") ~= nil then error("header") end
if mt.header(conn, "Subject", "Hello") ~= nil then error("header") end
if mt.eoh(conn) ~= nil then error("eoh") end
if mt.bodystring(conn, "Hello\\r\\n") ~= nil then error("body") end
if mt.eom(conn) ~= nil then error("eom") end
if domain == "bad.example" then
  if mt.getreply(conn) ~= SMFIR_REPLYCODE then error("not refused") end
else
  if mt.getreply(conn) ~= SMFIR_CONTINUE then error("not continued") end
  local changed = mt.eom_check(conn, MT_BODYCHANGE)
  if changed ~= (domain == "doubtful.example") then error("banner") end
  if not mt.eom_check(conn, MT_HDRINSERT, "X-Exward-Verdict") then error("no header") end
end
mt.disconnect(conn)
"""


DOUBT = Rule(name="doubt", place="from", pattern="doubtful", weight=6.0)


def options(**given):
    return ServeOptions(**{"host": "127.0.0.1", "port": 0, "workers": 1, "use_dns": False, **given})


def run(act, serving=None, clamd=""):
    """Run a filter, `act` with its port and itself, and give what it noted."""
    noted = []

    async def all_of_it():
        address = parse_address(clamd) if clamd else None
        settings = MailSettings(
            block=frozenset({"bad.example"}),
            clamd=address,
            banner=Banner("Careful"),
            rules=(DOUBT,),
        )
        filtering = FilterOptions(server_name="mx")
        one = FilterServer(
            serving or options(), settings, filtering, lambda *said: noted.append(said)
        )
        port = await one.start()
        try:
            return await act(port, one)
        finally:
            await one.close()

    return asyncio.run(all_of_it()), noted


async def talk(port, data):
    """Send, and give all that is answered until the filter ends the connection."""
    read, write = await asyncio.open_connection("127.0.0.1", port)
    write.write(data + encode(Packet(b"Q")))
    answer = await read.read()
    write.close()
    return answer


def test_several_at_once_are_answered():
    async def act(port, one):
        return await asyncio.gather(*(talk(port, MESSAGE) for _ in range(5)))

    answers, noted = run(act)
    assert all(answer.endswith(encode(Packet(b"c"))) for answer in answers)
    assert [decision.verdict.verdict.value for _, decision, _ in noted] == ["deliver"] * 5


@pytest.mark.parametrize("fails", ["_die", "_raise"])
@pytest.mark.parametrize(("fail_open", "answer"), [(False, b"t"), (True, b"c")])
def test_a_worker_that_dies_or_fails_loses_nothing(fail_open, answer, fails, monkeypatch):
    async def act(port, one):
        first = await talk(port, MESSAGE)
        monkeypatch.undo()
        return first, await talk(port, MESSAGE)

    monkeypatch.setattr(server, "_judge", {"_die": _die, "_raise": _raise}[fails])
    (first, second), noted = run(act, options(fail_open=fail_open))
    assert first.endswith(encode(Packet(answer)))
    assert (b"X-Exward-Verdict\0 not-judged" in first) is fail_open
    assert noted[0][2].startswith("not judged: ")
    assert second.endswith(encode(Packet(b"c")))
    assert [decision is None for _, decision, _ in noted] == [True, False]


@pytest.mark.parametrize("fail_open", [False, True])
def test_a_letter_whose_worker_was_taken_by_another_is_judged_after_all(
    fail_open, monkeypatch, tmp_path
):
    monkeypatch.setenv("EXWARD_TEST_DIED", str(tmp_path / "died"))
    monkeypatch.setattr(server, "_judge", _die_once)

    async def act(port, one):
        return await asyncio.gather(*(talk(port, MESSAGE) for _ in range(3)))

    answers, noted = run(act, options(fail_open=fail_open))
    assert all(answer.endswith(encode(Packet(b"c"))) for answer in answers)
    assert [decision.verdict.verdict.value for _, decision, _ in noted] == ["deliver"] * 3


def test_who_waits_behind_a_letter_that_hangs_is_judged(monkeypatch, tmp_path):
    monkeypatch.setenv("EXWARD_TEST_DIED", str(tmp_path / "died"))
    monkeypatch.setattr(server, "_judge", _hang_once)

    async def act(port, one):
        return await asyncio.gather(*(talk(port, MESSAGE) for _ in range(3)))

    answers, noted = run(act, options(judge_s=10.0))
    assert sorted(answer[-1:] for answer in answers) == [b"c", b"c", b"t"]
    assert [failed for _, _, failed in noted if failed] == [
        "not judged: the judgement took too long; the server is asked to try again later"
    ]


def test_who_waits_for_a_worker_too_long_is_answered_as_the_settings_say(monkeypatch):
    monkeypatch.setattr(server, "_judge", _hang)

    async def act(port, one):
        return await asyncio.gather(*(talk(port, MESSAGE) for _ in range(2)))

    answers, noted = run(act, options(judge_s=60.0, answer_s=3.0, fail_open=True))
    assert all(answer.endswith(encode(Packet(b"c"))) for answer in answers)
    assert all(b"X-Exward-Verdict\0 not-judged" in answer for answer in answers)
    assert {failed for _, _, failed in noted} >= {
        "not judged: no worker was free in time; delivered"
    }


def test_a_letter_that_kills_its_worker_takes_no_other_with_it(monkeypatch):
    """Two at a time, one of them deadly, over and over: only the deadly ones are not judged."""
    monkeypatch.setattr(server, "_judge", _die_if_deadly)
    deadly = OPTIONS + CONNECT + ENVELOPE + wire(RAW + b"deadly")

    async def act(port, one):
        return await asyncio.gather(*(talk(port, said) for said in [deadly, MESSAGE] * 2))

    answers, noted = run(act, options(workers=2, fail_open=True))
    left_out = [b"X-Exward-Verdict\0 not-judged" in answer for answer in answers]
    assert left_out == [True, False] * 2
    assert len(noted) == 4


class TestMemory:
    """What does not fit is sent again later, whatever the settings say of failures."""

    def test_what_there_is_no_room_for_comes_later(self):
        large = OPTIONS + CONNECT + MACROS + ENVELOPE + wire(RAW + b"x" * 50_000)

        async def act(port, one):
            return [await talk(port, said) for said in (large, MESSAGE, large + MESSAGE)]

        (first, second, both), noted = run(act, options(memory_bytes=30_000, fail_open=True))
        assert first.endswith(encode(Packet(b"t")))
        assert second.endswith(encode(Packet(b"c")))
        assert encode(Packet(b"t")) in both
        assert noted[0] == ("4ABC", None, server.NO_MEMORY)

    def test_what_comes_in_on_one_connection_is_missing_on_the_others(self):
        begun = OPTIONS + CONNECT + ENVELOPE + wire(RAW + b"x" * 20_000)[:-5]

        async def act(port, one):
            _, write = await asyncio.open_connection("127.0.0.1", port)
            write.write(begun)
            while one._memory._held < 20_000:
                await asyncio.sleep(0.01)
            while_it_waits = await talk(port, begun + encode(Packet(b"E")))
            write.close()
            while one._memory._held:
                await asyncio.sleep(0.01)
            return while_it_waits, await talk(port, begun + encode(Packet(b"E")))

        (first, second), _ = run(act, options(memory_bytes=30_000))
        assert first.endswith(encode(Packet(b"t")))
        assert second.endswith(encode(Packet(b"c")))

    def test_connections_are_bounded(self, monkeypatch):
        monkeypatch.setattr(server, "MAX_CONNECTIONS", 1)

        async def act(port, one):
            _, write = await asyncio.open_connection("127.0.0.1", port)
            while not one._connections:
                await asyncio.sleep(0.01)
            read, other = await asyncio.open_connection("127.0.0.1", port)
            refused = await read.read()
            other.close()
            write.close()
            while one._connections:
                await asyncio.sleep(0.01)
            return refused, await talk(port, MESSAGE)

        (first, second), noted = run(act)
        assert first == b""
        assert second.endswith(encode(Packet(b"c")))
        assert noted[0][2] == "a connection ended: there are 1 others"


def _hang_once(letter, known):
    try:
        os.close(os.open(os.environ["EXWARD_TEST_DIED"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return server._judge(letter, known)
    return threading.Event().wait()


def _hang(letter, known):
    return threading.Event().wait()


def _die_if_deadly(letter, known):
    return _die(letter, known) if b"deadly" in letter.raw else server._judge(letter, known)


def _die_once(letter, known):
    try:
        os.close(os.open(os.environ["EXWARD_TEST_DIED"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return server._judge(letter, known)
    os._exit(1)


def _die(letter, known):
    os._exit(1)


def _raise(letter, known):
    raise KeyError("something nobody thought of")


class TestAntivirus:
    """A daemon that is away or hangs costs what the settings say, and nobody else anything."""

    @pytest.mark.skipif(CLAMD is None, reason=MISSING)
    def test_what_it_finds_is_refused(self, tmp_path):
        async def act(port, one):
            return await talk(port, OPTIONS + CONNECT + ENVELOPE + wire(attached(MARK, "a.bin")))

        with running(tmp_path) as daemon:
            answer, noted = run(act, clamd=daemon.address)
        assert b"550 5.7.1" in answer
        assert noted[0][1].verdict.classes == ("malware",)

    @pytest.mark.skipif(CLAMD is None, reason=MISSING)
    def test_what_it_does_not_see_by_itself_is_shown_to_it(self, tmp_path):
        """A file as yEnc: ClamAV has no reading of it, some mail programs have."""
        coded = bytes((byte + 42) % 256 for byte in MARK)
        raw = letter(b"=ybegin line=128 size=62 name=a.bin\n" + coded + b"\n=yend size=62\n")

        async def act(port, one):
            return await talk(port, OPTIONS + CONNECT + ENVELOPE + wire(raw))

        with running(tmp_path) as daemon:
            alone = asyncio.run(Clamd(parse_address(daemon.address)).scan(raw))
            _, noted = run(act, clamd=daemon.address)
        assert alone == Scan()
        found = {one.check: one.weight for one in noted[0][1].verdict.reasons}
        assert found["antivirus"] == 20.0

    @pytest.mark.skipif(CLAMD is None, reason=MISSING)
    def test_it_is_killed_under_load_and_comes_back(self, tmp_path):
        """Every message is answered once: judged with its word, or to be sent again."""
        with running(tmp_path) as daemon:

            async def act(port, one):
                one._clamd = Clamd(parse_address(daemon.address), rest_s=0)
                load = [asyncio.ensure_future(talk(port, MESSAGE)) for _ in range(30)]
                await asyncio.wait(load, return_when=asyncio.FIRST_COMPLETED)
                daemon.kill()
                answers = await asyncio.gather(*load)
                away = await talk(port, MESSAGE)
                await asyncio.to_thread(daemon.start)
                return answers, away, await talk(port, MESSAGE)

            (answers, away, back), noted = run(act, clamd=daemon.address)
        ends = [answer[-5:] for answer in answers]
        assert set(ends) <= {encode(Packet(b"c")), encode(Packet(b"t"))}
        assert ends.count(encode(Packet(b"c"))) >= 1
        assert away.endswith(encode(Packet(b"t")))
        assert back.endswith(encode(Packet(b"c")))
        assert len(noted) == 32

    @pytest.mark.parametrize(("fail_open", "answer"), [(False, b"t"), (True, b"c")])
    def test_it_hangs(self, fail_open, answer):
        async def silent(read, write):
            await read.read()
            await asyncio.sleep(60)

        async def both(port, one):
            async with pretended(silent) as address:
                one._clamd = Clamd(parse_address(address), scan_s=0.5)
                return await asyncio.gather(talk(port, MESSAGE), talk(port, MESSAGE))

        answers, noted = run(both, options(fail_open=fail_open))
        assert all(one.endswith(encode(Packet(answer))) for one in answers)
        assert [decision is None for _, decision, _ in noted] == [not fail_open] * 2


def test_it_ends_without_complaint_and_answers_what_it_judges(monkeypatch):
    monkeypatch.setattr(server, "_judge", _judge_slowly)
    complaints = []

    async def act(port, one):
        asyncio.get_running_loop().set_exception_handler(lambda _, said: complaints.append(said))
        idle, held = await asyncio.open_connection("127.0.0.1", port)
        judged = asyncio.create_task(talk(port, MESSAGE))
        while one._connections < 2 or len(one._waiting) > 1:
            await asyncio.sleep(0.01)
        await one.close()
        ended = await idle.read(), one._connections, await judged
        held.close()
        return ended

    (silent, left, answer), _ = run(act)
    assert (silent, left) == (b"", 0)
    assert answer.endswith(encode(Packet(b"c")))
    assert complaints == []


def _judge_slowly(letter, known):
    time.sleep(0.5)
    return decide(letter, MailSettings(), FilterOptions(server_name="mx"), None)


def test_junk_ends_the_connection_only():
    async def act(port, one):
        await talk(port, b"\xff" * 9)
        return await talk(port, MESSAGE)

    answer, noted = run(act)
    assert answer.endswith(encode(Packet(b"c")))
    assert "a connection ended" in noted[0][2]


@pytest.mark.skipif(shutil.which("miltertest") is None, reason="miltertest is not installed")
@pytest.mark.parametrize("domain", ["good.example", "doubtful.example", "bad.example"])
def test_miltertest_agrees(domain, tmp_path):
    script = tmp_path / "test.lua"
    script.write_text(SCRIPT)

    async def act(port, one):
        command = ["miltertest", "-D", f"port={port}", "-D", f"domain={domain}", "-s", str(script)]
        return await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, check=False
        )

    ended, _ = run(act)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_rules_of_the_user_are_made_in_the_workers(tmp_path):
    (tmp_path / "a.yar").write_text('rule A { strings: $a = "Hello" condition: $a }')
    compiled = load([str(tmp_path)]).compiled

    async def act(port, one):
        return await talk(port, MESSAGE)

    _, noted = run(act, options(make_rules=partial(YaraRules, compiled)))
    assert "yara-rules" in {one.check for one in noted[0][1].verdict.reasons}


def test_a_history_is_kept_by_the_workers(tmp_path):
    path = str(tmp_path / "h.sqlite")

    async def act(port, one):
        return await talk(port, MESSAGE)

    run(act, options(history=path))
    history = History(path, learns=False)
    assert history.ask(Mailbox("", "a@b.example"), ["c@d.example"]).days == 1
    history.close()
