"""Other mail filters, as Debian packages them, on loopback and without network services."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_S = 300
"""Rspamd compiles its expressions first."""
_DARK = 'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.01s; retransmits = 0; }\n'
"""Nobody answers on the discard port, so every question fails at once."""
_OFF = ("rbl", "surbl", "fuzzy_check", "phishing", "asn", "dcc", "greylist", "ratelimit", "spf",
        "dkim", "dmarc", "arc", "mx_check", "url_redirector", "neural", "history_redis",
        "reputation", "replies", "bimi")  # fmt: skip
"""What asks others, or keeps what it learns."""
_PERL = r"""
use Mail::SpamAssassin;
my $sa = Mail::SpamAssassin->new({local_tests_only => 1, dont_copy_prefs => 1,
    userprefs_filename => "/dev/null",
    post_config_text => "use_bayes 0\nuse_auto_whitelist 0\n"});
$sa->init(1);
$| = 1;
while (my $name = <STDIN>) {
    chomp $name;
    open(my $held, "<:raw", $name) or die;
    local $/;
    my $mail = $sa->parse(scalar(<$held>));
    my $status = $sa->check($mail);
    print $status->get_score(), "\n";
    $status->finish();
    $mail->finish();
    $/ = "\n";
}
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A filter: its name, its command, and what gives a score for each of some files."""

    title: str
    command: str
    judge: Callable[[list[Path]], list[float]]


def scores_of(program: Program, messages: list[bytes]) -> list[float]:
    """A score for each message; empty if the program is not installed."""
    if shutil.which(program.command) is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.eml" for number in range(len(messages))]
        for path, raw in zip(paths, messages, strict=True):
            path.write_bytes(raw)
        return program.judge(paths)


def _spamassassin(paths: list[Path]) -> list[float]:
    """One process for all: it starts slower than it judges."""
    names = "".join(f"{path}\n" for path in paths)
    ended = subprocess.run(
        ["perl", "-e", _PERL], input=names, capture_output=True, text=True, check=True
    )
    return [float(line) for line in ended.stdout.split()]


def _rspamd(paths: list[Path]) -> list[float]:
    with tempfile.TemporaryDirectory() as folder, _rspamd_running(Path(folder)) as port:
        return [_asked(port, path.read_bytes()) for path in paths]


@contextmanager
def _rspamd_running(folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = int(held.getsockname()[1])
    local, override = folder / "local.d", folder / "override.d"
    local.mkdir()
    override.mkdir()
    for name in _OFF:
        (local / f"{name}.conf").write_text("enabled = false;\n", "utf-8")
    (local / "options.inc").write_text(_DARK, "utf-8")
    (override / "worker-normal.inc").write_text(f'bind_socket = "127.0.0.1:{port}";\n', "utf-8")
    for name in ("proxy", "controller", "fuzzy"):
        (override / f"worker-{name}.inc").write_text("enabled = false;\ncount = 0;\n", "utf-8")
    (local / "logging.inc").write_text('level = "error";\n', "utf-8")
    places = {"LOCAL_CONFDIR": folder, "DBDIR": folder, "RUNDIR": folder, "LOGDIR": folder}
    variables = [f"--var={name}={place}" for name, place in places.items()]
    with subprocess.Popen(["rspamd", "-f", "-i", "-u", "root", "-g", "root", *variables]) as run:
        try:
            _wait(port)
            yield port
        finally:
            run.terminate()


def _wait(port: int) -> None:
    for _ in range(START_S * 10):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"Rspamd does not answer on port {port}")


def _asked(port: int, raw: bytes) -> float:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/checkv2", raw)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return float(json.load(answer)["score"])


PROGRAMS = (
    Program("SpamAssassin", "spamassassin", _spamassassin),
    Program("Rspamd", "rspamd", _rspamd),
)
