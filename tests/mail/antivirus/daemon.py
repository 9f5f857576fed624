"""A real clamd for tests, with one signature of our own, and daemons that misbehave."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

CLAMD = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "clamd is not installed (scripts/install_test_parts.sh)"
MARK = b"exward: this text is what the signature of the tests looks for"
NAME = "Exward.Test"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Daemon:
    """clamd in a folder of its own; `address` is what the settings take."""

    def __init__(self, folder: Path, *, stream_mib: int = 25) -> None:
        """Write its configuration and signature; nothing runs yet."""
        self.address = str(folder / "clamd.sock")
        self._config = folder / "clamd.conf"
        database = folder / "db"
        database.mkdir()
        # NDB: name, any type of file, any offset, hexadecimal.
        (database / "own.ndb").write_text(f"{NAME}:0:*:{MARK.hex()}\n")
        self._config.write_text(
            f"Foreground yes\nLocalSocket {self.address}\nDatabaseDirectory {database}\n"
            f"TemporaryDirectory {folder}\nStreamMaxLength {stream_mib}M\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert CLAMD is not None
        command = [CLAMD, "--config-file", str(self._config)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        raise AssertionError("clamd does not start")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as one:
            try:
                one.connect(self.address)
                one.sendall(b"zPING\0")
                return one.recv(10) == b"PONG\0"
            except OSError:
                return False

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as kill -9 does; the socket's file stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(folder: Path, *, stream_mib: int = 25) -> Iterator[Daemon]:
    """A daemon that runs."""
    one = Daemon(folder, stream_mib=stream_mib)
    one.start()
    try:
        yield one
    finally:
        one.kill()


@asynccontextmanager
async def pretended(handler: Handler) -> AsyncIterator[str]:
    """A daemon on a port that does what the handler does; gives its address."""

    async def connection(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        try:
            await handler(read, write)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            write.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
