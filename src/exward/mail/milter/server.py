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
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from exward.mail.antivirus.clamd import Clamd, Scan
from exward.mail.antivirus.pieces import hidden_pieces
from exward.mail.authentication.resolver import KeepingResolver, NetworkResolver, Resolver
from exward.mail.file_rules import FileRules
from exward.mail.history.store import History
from exward.mail.known import Known
from exward.mail.milter import packets
from exward.mail.milter.decision import Decision, FilterOptions, decide
from exward.mail.milter.keeping import Keeper
from exward.mail.milter.packets import Packet, ProtocolError
from exward.mail.milter.session import Closed, Letter, Session
from exward.mail.settings import MailSettings

READ_BYTES = 256 * 1024
T = TypeVar("T")
IDLE_S = 600.0
"""A server that says nothing for so long is gone; Postfix itself waits 300 s for a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How the filter runs. `judge_s` bounds the judgement of one message."""

    host: str
    port: int
    workers: int
    use_dns: bool
    judge_s: float = 60.0
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
    resolver = KeepingResolver(NetworkResolver()) if serving.use_dns else None
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
        self._setup = (settings, filtering, serving)
        self._clamd = Clamd(settings.clamd) if settings.clamd is not None else None
        self._pool = self._new_pool()
        # Who waits for a worker waits here: the time of a judgement begins with it, and a pool
        # that is replaced has nobody in its queue.
        self._turns = asyncio.Semaphore(serving.workers)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen and return the port; raises OSError."""
        self._server = await asyncio.start_server(
            self._connection, self._serving.host, self._serving.port, limit=READ_BYTES
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, let what is being judged be answered, and end the workers."""
        if self._server is not None:
            self._server.close()
            await asyncio.sleep(0)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._serving.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=self._setup,
        )

    async def _connection(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        session = Session()
        try:
            while data := await asyncio.wait_for(read.read(READ_BYTES), IDLE_S):
                for found in session.receive(data):
                    if isinstance(found, Closed):
                        return
                    answer = await self._answer(found) if isinstance(found, Letter) else [found]
                    write.writelines(map(packets.encode, answer))
                await asyncio.wait_for(write.drain(), IDLE_S)
        except (ProtocolError, TimeoutError, OSError) as error:
            self._note("", None, f"a connection ended: {error or type(error).__name__}")
        finally:
            write.close()

    async def _answer(self, letter: Letter) -> list[Packet]:
        try:
            scan = None if self._clamd is None else await self._scan(letter, self._clamd)
            if scan is not None and scan.failed and not self._serving.fail_open:
                self._note(letter.queue_id, None, scan.failed)
                return [Packet(packets.TEMPFAIL)]
            decision = await self._judged(letter, Known(scan=scan))
        except TimeoutError:
            return self._not_judged(letter, "the judgement took too long")
        except Exception as error:  # noqa: BLE001 - whatever failed, the settings name the answer
            return self._not_judged(letter, f"{type(error).__name__}: {error}")
        self._note(letter.queue_id, decision, "")
        return self._answer_of(decision)

    async def _judged(self, letter: Letter, known: Known) -> Decision:
        """The decision; asked for once more where another letter took the workers with it."""
        try:
            return await self._in_worker(_judge, letter, known)
        except BrokenProcessPool:
            return await self._in_worker(_judge, letter, known)

    def _not_judged(self, letter: Letter, why: str) -> list[Packet]:
        self._note(letter.queue_id, None, why)
        return [Packet(packets.ACCEPT if self._serving.fail_open else packets.TEMPFAIL)]

    async def _scan(self, letter: Letter, clamd: Clamd) -> Scan:
        """Ask ClamAV from here: a daemon that hangs must not hold a process that judges.

        Of a message with several readings it is also asked what it may not see by its own.
        """
        scan = await clamd.scan(letter.raw)
        if scan.signature or scan.failed:
            return scan
        others = await clamd.scan_all(await self._in_worker(hidden_pieces, letter.raw))
        return scan if others == Scan() else others

    async def _in_worker(self, act: Callable[..., T], *given: object) -> T:
        """What a worker gives; raises where it hangs or died, and the next gets a new pool."""
        async with self._turns:
            pool = self._pool
            try:
                working = asyncio.get_running_loop().run_in_executor(pool, act, *given)
                return await asyncio.wait_for(working, self._serving.judge_s)
            except (TimeoutError, BrokenProcessPool, RuntimeError):
                if pool is self._pool:
                    self._replace_pool(pool)
                raise

    def _answer_of(self, decision: Decision) -> list[Packet]:
        """The answer; where the quarantine failed, what the settings name instead of holding."""
        if not decision.failed or not decision.is_held:
            return list(decision.answer)
        if not self._serving.fail_open:
            return [Packet(packets.TEMPFAIL)]
        return [one for one in decision.answer if one.command != packets.HOLD]

    def _replace_pool(self, broken: ProcessPoolExecutor) -> None:
        """A worker that hangs or died takes its pool with it; the next letter gets a new one."""
        self._pool = self._new_pool()
        for process in list((broken._processes or {}).values()):
            process.kill()
        broken.shutdown(wait=False, cancel_futures=True)
