"""QR codes on the pages of PDFs, read in a process of its own.

What draws pages takes minutes on files made for that, cannot be interrupted, and is not written in
a language that keeps it from its neighbours' memory. The process stays from one file to the next;
one that takes too long is killed, and a new one is started when there is a next file.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import msgspec

from exward.mail.files.images import codes_in
from exward.mail.files.pdf_pages import draw_pages

ANSWER_S = 5.0
START_S = 30.0
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_CODES = 20
_READY = b"ready"


class PageReader:
    """The process; nothing runs before the first file."""

    def __init__(self) -> None:
        """Belongs to one thread."""
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._owner = 0

    def read(self, documents: Iterable[bytes]) -> list[str]:
        """What the codes on the first pages say; ends at a document that takes too long."""
        found: list[str] = []
        for data in documents:
            try:
                found += self._ask(data)
            except (OSError, EOFError, msgspec.DecodeError):
                self.close()
                break
        return found

    def _ask(self, data: bytes) -> list[str]:
        if self._owner != os.getpid():  # a copy of this process was made: it is that one's
            self._process = self._pipe = None
        pipe = self._pipe if self._pipe is not None else self._start()
        pipe.send_bytes(data)
        if not pipe.poll(ANSWER_S):
            raise TimeoutError
        return msgspec.json.decode(pipe.recv_bytes(), type=list[str])

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._owner = os.getpid()
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        if not self._pipe.poll(START_S) or self._pipe.recv_bytes() != _READY:
            raise TimeoutError
        return self._pipe

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


READER = PageReader()
"""The one of this process."""


def _serve(pipe: Connection) -> None:
    """Answer until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side decides when to end
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bound_memory()
    with suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            data = pipe.recv_bytes()
            texts = [text for page in draw_pages(data) for text in codes_in(page)]
            pipe.send_bytes(msgspec.json.encode(texts[:MAX_CODES]))


def _end_with_parent() -> None:
    """Who draws does not see that the other side was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time alone is bounded
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
