"""The processes that judge: one turn each, bounded in time, replaced where they hang or die."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

T = TypeVar("T")
MIN_ACT_S = 1.0
"""Who has less time left is not begun: its worker would be ended, and others with it."""
NO_TURN = "no worker was free in time"
TOO_LONG = "the judgement took too long"


class Workers:
    """A pool that outlives what breaks it; belongs to one event loop."""

    def __init__(
        self, count: int, start: Callable[..., object], given: tuple[object, ...], act_s: float
    ) -> None:
        """`start(*given)` is called in each new process; `act_s` bounds one act."""
        self._count, self._start, self._given, self._act_s = count, start, given, act_s
        self._pool = self._new_pool(count)
        # Who waits for a worker waits here: the time of an act begins with it, and a pool that
        # is replaced has nobody in its queue.
        self._turns = asyncio.Semaphore(count)
        self._alone = asyncio.Lock()

    def close(self) -> None:
        """End them; what they are doing is finished."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, act: Callable[..., T], *given: object, until: float) -> T:
        """What a worker gives; `until` is a time of the loop's clock.

        Raises TimeoutError where none was free or the act took too long, BrokenProcessPool where
        it killed its process, and whatever it raises. One that lost its worker is done again in a
        process of its own: so the one that kills is the one that fails, and no other.
        """
        try:
            return await self._together(act, given, until)
        except BrokenProcessPool:
            async with self._alone:
                pool = self._new_pool(1)
                try:
                    return await self._in(pool, act, given, until)
                finally:
                    _end(pool)

    async def _together(self, act: Callable[..., T], given: tuple[object, ...], until: float) -> T:
        try:
            async with asyncio.timeout_at(until - MIN_ACT_S):
                await self._turns.acquire()
        except TimeoutError as error:
            raise TimeoutError(NO_TURN) from error
        pool = self._pool
        try:
            return await self._in(pool, act, given, until)
        except (TimeoutError, BrokenProcessPool):
            if pool is self._pool:
                self._pool = self._new_pool(self._count)
                _end(pool)
            raise
        finally:
            self._turns.release()

    async def _in(
        self, pool: ProcessPoolExecutor, act: Callable[..., T], given: tuple[object, ...],
        until: float,
    ) -> T:  # fmt: skip
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(pool, act, *given)
        try:
            return await asyncio.wait_for(working, min(self._act_s, until - loop.time()))
        except TimeoutError as error:
            raise TimeoutError(TOO_LONG) from error

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=self._start,
            initargs=self._given,
        )


def _end(pool: ProcessPoolExecutor) -> None:
    """At once: a worker that hangs would never end."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)
