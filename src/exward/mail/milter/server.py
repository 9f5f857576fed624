"""Speaks with mail servers: many connections at once, judging in processes of its own.

Until the answer is sent, the message is the server's; only the quarantine, if there is one, keeps
anything. Whatever fails, the server gets the answer that the settings name, and by default tries
again later.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from exward.mail.antivirus.clamd import Clamd, Scan
from exward.mail.antivirus.pieces import hidden_pieces
from exward.mail.authentication.resolver import Resolver, network_resolver
from exward.mail.file_rules import FileRules
from exward.mail.history.store import History
from exward.mail.known import Known
from exward.mail.milter import packets
from exward.mail.milter.decision import Decision, FilterOptions, decide, unjudged
from exward.mail.milter.keeping import Keeper
from exward.mail.milter.memory import Memory, Share
from exward.mail.milter.packets import Packet, ProtocolError
from exward.mail.milter.session import Closed, Letter, Session
from exward.mail.milter.workers import Workers
from exward.mail.settings import MailSettings

READ_BYTES = 256 * 1024
IDLE_S = 600.0
"""A server that says nothing for so long is gone; Postfix itself waits 300 s for a filter."""
MAX_CONNECTIONS = 1000
"""Postfix has 100 at most, as it comes."""
END_S = 30.0
"""So long is waited for answers when the filter ends: systemd kills after 90 s."""
_PAUSE_S = 0.02
NO_MEMORY = "no memory left for it: the server is asked to try again later"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How the filter runs.

    `judge_s` bounds the judgement of one message, `answer_s` all that happens to it from its last
    byte to the answer; the server has to wait longer than that.
    """

    host: str
    port: int
    workers: int
    use_dns: bool
    judge_s: float = 60.0
    answer_s: float = 120.0
    memory_bytes: int = 512 * 1024 * 1024
    """Of messages that come in or wait, over all connections; with less than MAX_LETTER_BYTES
    the largest message would never come in."""
    fail_open: bool = False
    """What fails is delivered unjudged; otherwise the server is asked to try again later."""
    make_rules: Callable[[], FileRules] | None = None
    """Makes the user's rules for files in each process that judges."""
    history: str = ""
    """File with the history of senders; empty: there is none."""
    quarantine: str = ""
    """Folder that keeps what would be put on hold; empty: the server holds it."""


Note = Callable[[str, Decision | None, str], None]
"""Told of every letter: its queue id, the decision or None, and what failed."""


@dataclass(slots=True)
class _Worker:
    settings: MailSettings
    filtering: FilterOptions
    resolver: Resolver | None
    rules: FileRules | None
    history: History | None
    keeper: Keeper | None


_WORKER: list[_Worker] = []


def _start_worker(settings: MailSettings, filtering: FilterOptions, serving: ServeOptions) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resolver = network_resolver() if serving.use_dns else None
    rules = serving.make_rules() if serving.make_rules is not None else None
    history = History(serving.history, learns=True) if serving.history else None
    folder = serving.quarantine
    keeper = Keeper(Path(folder), settings, filtering) if folder else None
    _WORKER[:] = [_Worker(settings, filtering, resolver, rules, history, keeper)]


def _end_with_parent() -> None:
    """A worker waits for work for ever: if its parent was killed, nobody would end it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge(letter: Letter, known: Known) -> Decision:
    worker = _WORKER[0]
    known = replace(known, rules=worker.rules, history=worker.history)
    if worker.keeper is None:
        return decide(letter, worker.settings, worker.filtering, worker.resolver, known)
    passed = worker.keeper.passed(letter)
    if passed is not None:
        return passed
    decision = decide(letter, worker.keeper.settings(), worker.filtering, worker.resolver, known)
    return worker.keeper.keep(letter, decision)


class FilterServer:
    """The listening filter; `start`, then `close`."""

    def __init__(
        self, serving: ServeOptions, settings: MailSettings, filtering: FilterOptions, note: Note
    ) -> None:
        """Nothing runs before `start`."""
        self._serving, self._note = serving, note
        self._clamd = Clamd(settings.clamd) if settings.clamd is not None else None
        setup = (settings, filtering, serving)
        self._workers = Workers(serving.workers, _start_worker, setup, serving.judge_s)
        self._memory = Memory(serving.memory_bytes)
        self._connections = 0
        self._waiting: set[asyncio.StreamWriter] = set()
        """Connections whose next words are the server's."""
        self._is_ending = False
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen and return the port; raises OSError."""
        self._server = await asyncio.start_server(
            self._connection, self._serving.host, self._serving.port, limit=READ_BYTES
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, let what is being judged be answered, and end the workers."""
        self._is_ending = True
        if self._server is not None:
            self._server.close()
        for write in tuple(self._waiting):
            write.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + END_S
        while self._connections and loop.time() < until:
            await asyncio.sleep(_PAUSE_S)
        self._workers.close()

    async def _connection(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        self._connections += 1
        share = self._memory.share()
        try:
            if self._connections > MAX_CONNECTIONS:
                raise ProtocolError(f"there are {MAX_CONNECTIONS:,} others")
            await self._converse(read, write, share)
        except (ProtocolError, TimeoutError, OSError) as error:
            self._note("", None, f"a connection ended: {error or type(error).__name__}")
        finally:
            self._connections -= 1
            share.resize(0)
            write.close()

    async def _converse(
        self, read: asyncio.StreamReader, write: asyncio.StreamWriter, share: Share
    ) -> None:
        session = Session()
        while not self._is_ending and (data := await self._next(read, write)):
            found = session.receive(data)
            letters = [one for one in found if isinstance(one, Letter)]
            has_room = share.resize(session.size + sum(len(one.raw) for one in letters))
            if not has_room:
                session.drop()
            for one in found:
                if isinstance(one, Closed):
                    return
                answer = await self._answer(one, has_room) if isinstance(one, Letter) else [one]
                write.writelines(map(packets.encode, answer))
            await asyncio.wait_for(write.drain(), IDLE_S)
            share.resize(session.size)

    async def _next(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> bytes:
        self._waiting.add(write)
        try:
            return await asyncio.wait_for(read.read(READ_BYTES), IDLE_S)
        finally:
            self._waiting.discard(write)

    async def _answer(self, letter: Letter, has_room: bool) -> list[Packet]:
        if letter.is_dropped or not has_room:
            # Whatever the settings say: it passes soon, and who sends much must not open the door.
            self._note(letter.queue_id, None, NO_MEMORY)
            return [Packet(packets.TEMPFAIL)]
        until = asyncio.get_running_loop().time() + self._serving.answer_s
        try:
            scan = None if self._clamd is None else await self._scan(letter, self._clamd, until)
            if scan is not None and scan.failed and not self._serving.fail_open:
                self._note(letter.queue_id, None, scan.failed)
                return [Packet(packets.TEMPFAIL)]
            decision = await self._workers.run(_judge, letter, Known(scan=scan), until=until)
        except Exception as error:  # noqa: BLE001 - whatever failed, the settings name the answer
            why = str(error) if isinstance(error, TimeoutError) else ""
            return self._not_judged(letter, why or f"{type(error).__name__}: {error}")
        self._note(letter.queue_id, decision, "")
        return self._answer_of(decision)

    def _not_judged(self, letter: Letter, why: str) -> list[Packet]:
        what = "delivered" if self._serving.fail_open else "the server is asked to try again later"
        self._note(letter.queue_id, None, f"not judged: {why}; {what}")
        return list(unjudged(letter)) if self._serving.fail_open else [Packet(packets.TEMPFAIL)]

    async def _scan(self, letter: Letter, clamd: Clamd, until: float) -> Scan:
        """Ask ClamAV from here: a daemon that hangs must not hold a process that judges.

        Of a message with several readings it is also asked what it may not see by its own.
        """
        scan = await clamd.scan(letter.raw)
        if scan.signature or scan.failed:
            return scan
        pieces = await self._workers.run(hidden_pieces, letter.raw, until=until)
        others = await clamd.scan_all(pieces)
        return scan if others == Scan() else others

    def _answer_of(self, decision: Decision) -> list[Packet]:
        """The answer; where the quarantine failed, what the settings name instead of holding."""
        if not decision.failed or not decision.is_held:
            return list(decision.answer)
        if not self._serving.fail_open:
            return [Packet(packets.TEMPFAIL)]
        return [one for one in decision.answer if one.command != packets.HOLD]
