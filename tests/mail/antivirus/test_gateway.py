"""Real Postfix, the filter and real clamd: what is delivered, and that no death loses mail."""

from __future__ import annotations

import re
import smtplib
import threading
import time

import pytest

from tests.mail import postfix
from tests.mail.antivirus.daemon import CLAMD, MARK, MISSING, running
from tests.mail.letters import attached, letter

pytestmark = [
    pytest.mark.skipif(CLAMD is None, reason=MISSING),
    pytest.mark.skipif(not postfix.is_possible(), reason="needs Postfix and root"),
]
SETTINGS = """
clamd = "{address}"
[thresholds]
tag = 3.0
quarantine = 15.0
[banner]
text = "CAREFUL: this message looks doubtful."
[[rules]]
name = "doubt"
place = "subject"
pattern = "doubtful"
weight = 6.5
"""


@pytest.fixture
def parts(tmp_path):
    """A gateway that asks a daemon, and the daemon."""
    settings = tmp_path / "mail.toml"
    with running(tmp_path) as daemon:
        settings.write_text(SETTINGS.format(address=daemon.address))
        with postfix.started("--mail-settings", str(settings)) as gateway:
            yield gateway, daemon


def test_what_clamav_knows_is_refused_and_doubtful_mail_carries_the_banner(parts):
    gateway, _ = parts
    with pytest.raises(smtplib.SMTPDataError) as refused:
        gateway.send(attached(b"\0" + MARK, "a.bin"))
    assert refused.value.smtp_code == 550
    sent = attached(bytes(range(256)) * 300, "a.bin", Subject="A doubtful thing")
    gateway.send(sent)
    gateway.send(letter("Hello\n"))
    assert gateway.wait_for(2) == 2
    bodies = {b"doubtful" in raw: raw.partition(b"\r\n\r\n")[2] for _, _, raw in gateway.sink.taken}
    warning = b"CAREFUL: this message looks doubtful.\r\n\r\n"
    assert bodies[False] == b"Hello\r\n"
    assert bodies[True].count(warning) == 1
    assert bodies[True].replace(warning, b"") == sent.partition(b"\r\n\r\n")[2]


def test_the_daemon_is_killed_under_load_and_nothing_is_lost_or_there_twice(parts):
    """Each message is sent until Postfix has taken it, as any mail server does."""
    gateway, daemon = parts
    waiting = [f"number {number}." for number in range(40)]
    lock = threading.Lock()
    refusals: set[int] = set()

    def send_all():
        while True:
            with lock:
                if not waiting:
                    return
                name = waiting.pop(0)
            try:
                gateway.send(letter(f"{name}\n", Message_ID=f"<{name.split()[1]}@x.example>"))
            except smtplib.SMTPResponseException as error:
                with lock:
                    waiting.append(name)
                    refusals.add(error.smtp_code // 100)
                time.sleep(0.5)

    senders = [threading.Thread(target=send_all) for _ in range(4)]
    for sender in senders:
        sender.start()
    for _ in range(2):
        daemon.kill()
        time.sleep(0.3)
        daemon.start()
        time.sleep(0.5)
    for sender in senders:
        sender.join()
    gateway.wait_for(40)
    names = [re.search(rb"number \d+\.", raw)[0] for _, _, raw in gateway.sink.taken]  # type: ignore[index]
    assert sorted(names) == sorted(f"number {number}.".encode() for number in range(40))
    assert gateway.waiting() == 0
    assert refusals <= {4}
