"""A real Postfix in a folder of its own, a sink behind it, and the filter beside it.

Everything listens on loopback, on ports that were free; the system's own Postfix is not touched.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import smtplib
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = gateway.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{sink}
default_transport = smtp
message_size_limit = 36700160
smtpd_client_connection_count_limit = 0
smtpd_milters = inet:127.0.0.1:{filter}
milter_protocol = 6
milter_default_action = tempfail
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{nobody@target.example=REJECT}}
smtp_tls_security_level = none
smtp_host_lookup = native
smtpd_error_sleep_time = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""
MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
START_S = 60


def is_possible() -> bool:
    """Whether Postfix is here and may be started: it wants to be root."""
    return shutil.which("postfix") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses, and that the system gives to no outgoing connection."""
    found: list[int] = []
    for port in random.SystemRandom().sample(range(20_000, 32_000), 500):
        with contextlib.suppress(OSError), socket.socket() as one:
            one.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found


def wait_for_port(port: int) -> None:
    """Return when somebody listens; raises TimeoutError."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


class Sink:
    """Takes all mail, as Exchange would, and keeps it: envelopes and messages."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[tuple[str, tuple[str, ...], bytes]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        wait_for_port(port)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        served = asyncio.start_server(self._session, "127.0.0.1", self.port, limit=2**26)
        server = self._loop.run_until_complete(served)
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _session(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        sender, recipients = "", list[str]()
        write.write(b"220 sink ESMTP\r\n")
        with (
            contextlib.closing(write),
            contextlib.suppress(OSError, EOFError, asyncio.CancelledError),
        ):
            while line := await read.readline():
                word = line.split(None, 1)[0].upper() if line.split() else b""
                answer = b"250 OK\r\n"
                if word == b"EHLO":
                    answer = b"250-sink\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n"
                elif word == b"MAIL":
                    sender, recipients = line.decode().strip()[len("MAIL FROM:") :], []
                elif word == b"RCPT":
                    recipients.append(line.decode().strip()[len("RCPT TO:") :])
                elif word == b"DATA":
                    write.write(b"354 go\r\n")
                    raw = (await read.readuntil(b"\r\n.\r\n"))[: -len(b".\r\n")]
                    raw = raw.replace(b"\r\n..", b"\r\n.")
                    self.taken.append((sender, tuple(recipients), raw))
                elif word == b"QUIT":
                    write.write(b"221 bye\r\n")
                    break
                write.write(answer)
                await write.drain()


class Gateway:
    """Postfix, filter and sink; `started` makes one and takes it down."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options = folder, options
        self.smtp, self.sink_port, self.filter = free_ports(3)
        self.log = folder / "mail.log"
        self.filter_log = folder / "exward.log"
        self.sink = Sink(self.sink_port)
        self.filter_process: subprocess.Popen[bytes] | None = None
        ports = {"smtp": self.smtp, "sink": self.sink_port, "filter": self.filter}
        for name in ("etc", "spool", "data"):
            (folder / name).mkdir()
        (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, **ports))
        (folder / "etc" / "master.cf").write_text(MASTER.format(**ports))
        shutil.chown(folder / "data", "postfix")

    def start_filter(self, *, waits: bool = True) -> None:
        command = [sys.executable, "-m", "exward", "mail", "serve", "--no-dns", "--workers", "1",
                   "--listen", f"127.0.0.1:{self.filter}", *self.options]  # fmt: skip
        with self.filter_log.open("ab") as log:
            self.filter_process = subprocess.Popen(command, stderr=log, start_new_session=True)
        if waits:
            wait_for_port(self.filter)

    def kill_filter(self) -> None:
        """As a power cut would: at once."""
        if self.filter_process is not None:
            self.filter_process.kill()
            self.filter_process.wait()
            self.filter_process = None

    def start_postfix(self) -> None:
        """Without `postfix start`, whose examination of everything takes ten times as long."""
        self.kill_postfix()
        if not (self.folder / "spool" / "pid").is_dir():
            self._call("postfix", "-c", str(self.folder / "etc"), "check")
        self._call(self._daemons() + "/master", "-w", "-c", str(self.folder / "etc"))
        wait_for_port(self.smtp)

    def kill_postfix(self) -> None:
        """Kill the master and everything it started."""
        pid_file = self.folder / "spool" / "pid" / "master.pid"
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int(pid_file.read_text()), signal.SIGKILL)

    def waiting(self) -> int:
        """How many messages Postfix still has to deliver.

        One that it had not taken when it was killed lies in its queue without the mode that makes
        it whole (`MAIL_QUEUE_STAT_READY` of Postfix's mail_queue.h).
        """
        count = 0
        for place in ("incoming", "active", "deferred"):
            for path in (self.folder / "spool" / place).rglob("*"):
                with contextlib.suppress(OSError):
                    count += path.is_file() and bool(path.stat().st_mode & stat.S_IXUSR)
        return count

    def _call(self, *command: str) -> str:
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if ended.returncode:
            raise RuntimeError(f"{command}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def _daemons(self) -> str:
        return self._call(
            "postconf", "-c", str(self.folder / "etc"), "-h", "daemon_directory"
        ).strip()

    def send(
        self, raw: bytes, recipients: tuple[str, ...] = ("bob@target.example",),
        sender: str = "ann@source.example",
    ) -> dict[str, tuple[int, bytes]]:  # fmt: skip
        """Hand a message to Postfix; raises smtplib.SMTPException, OSError. Refused recipients."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=60) as smtp:
            return smtp.sendmail(sender, list(recipients), raw)

    def wait_for(self, count: int, seconds: float = 60) -> int:
        """Wait until the sink has so many messages, or the time is up; how many it has."""
        deadline = time.monotonic() + seconds
        while len(self.sink.taken) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return len(self.sink.taken)

    def close(self) -> None:
        self.kill_postfix()
        self.kill_filter()
        self.sink.close()


@contextlib.contextmanager
def started(*options: str) -> Iterator[Gateway]:
    """A gateway that runs, in a folder that Postfix may enter after it dropped its rights."""
    with tempfile.TemporaryDirectory(prefix="gateway-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        gateway = Gateway(folder, *options)
        try:
            gateway.start_filter()
            gateway.start_postfix()
            yield gateway
        finally:
            gateway.close()
