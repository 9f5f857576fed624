"""What may hang or break its process is done in one of its own: drawing PDFs, unpacking RAR.

The libraries for it cannot be interrupted, and are not written in a language that keeps them from
their neighbours' memory. The process stays from one file to the next; one that takes too long is
killed, and a new one is started when there is a next file.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic

from exward.mail.files.pdf_read import read_pages
from exward.mail.files.unpacking import read_archive

ANSWER_S = 5.0
"""For all answers on one file."""
START_S = 30.0
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
PAGES, ARCHIVE = b"p", b"a"
_ACTS: dict[bytes, Callable[[bytes], Iterator[bytes]]] = {PAGES: read_pages, ARCHIVE: read_archive}
_READY, _MORE, _END = b"ready", b"+", b"."


class Aside:
    """The process; nothing runs before the first file."""

    def __init__(self) -> None:
        """Belongs to one thread."""
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._owner = 0

    def ask(self, act: bytes, data: bytes) -> Iterator[bytes]:
        """Yield the answers on a file; raises OSError or EOFError where it takes too long."""
        if self._owner != os.getpid():  # a copy of this process was made: it is that one's
            self._process = self._pipe = None
        is_done = False
        try:
            pipe = self._pipe if self._pipe is not None else self._start()
            pipe.send_bytes(act + data)
            until = monotonic() + ANSWER_S
            while True:
                if not pipe.poll(max(0.0, until - monotonic())):
                    raise TimeoutError
                answer = pipe.recv_bytes()
                if answer == _END:
                    is_done = True
                    return
                yield answer[1:]
        finally:
            if not is_done:  # what it would still say is about a file that nobody asks for
                self.close()

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
        if self._process is not None and self._process.pid is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


ASIDE = Aside()
"""The one of this process."""


def _serve(pipe: Connection) -> None:
    """Answer until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side decides when to end
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bound_memory()
    with suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            asked = pipe.recv_bytes()
            for answer in _ACTS[asked[:1]](asked[1:]):
                pipe.send_bytes(_MORE + answer)
            pipe.send_bytes(_END)


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
