"""The whole way with a real Postfix: taken, stored, listed, released, delivered. Counted."""

from __future__ import annotations

import json
import re
import smtplib
import subprocess
import sys
from email import message_from_bytes, policy
from urllib.request import urlopen

import psutil
import pytest

from tests.mail import postfix
from tests.mail.letters import attached, letter

pytestmark = pytest.mark.skipif(not postfix.is_possible(), reason="needs Postfix and root")
SETTINGS = """
own-domains = ["target.example"]
[[rules]]
name = "win"
place = "subject"
pattern = "winner"
weight = 9.0
"""
BAD = attached(b"MZ" + bytes(64), "a.exe", Subject="Invoice")


@pytest.fixture
def gateway(tmp_path):
    settings = tmp_path / "mail.toml"
    settings.write_text(SETTINGS)
    held = str(tmp_path / "held")
    with postfix.started("--quarantine", held, "--mail-settings", str(settings)) as one:
        yield one


@pytest.fixture
def quarantine(gateway, tmp_path):
    def call(*args):
        return subprocess.run(
            [sys.executable, "-m", "exward", "mail", "quarantine", *map(str, args),
             "--quarantine", str(tmp_path / "held")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return call


def listed(quarantine, *args):
    lines = quarantine("list", "--format", "jsonl", *args).stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_one_message_is_held_and_released_once(gateway, quarantine):
    gateway.send(letter("Hello\n"))
    refused = gateway.send(
        BAD, ("bob@target.example", "nobody@target.example", "Eve@Other.example")
    )
    assert list(refused) == ["nobody@target.example"]
    assert gateway.wait_for(1) == 1
    (held,) = listed(quarantine)
    assert held["state"] == "held"
    assert held["recipients"] == ["bob@target.example", "Eve@Other.example"]
    assert (held["mail_from"], held["client"]) == ("ann@source.example", "127.0.0.1")

    smtp = f"127.0.0.1:{gateway.smtp}"
    ended = quarantine("release", held["id"][:8], "--smtp", smtp, "--why", "it is ours", "--learn")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert gateway.wait_for(2) == 2
    sender, recipients, raw = gateway.sink.taken[1]
    assert sender.split()[0] == "<ann@source.example>"
    assert {one.split()[0] for one in recipients} == {"<bob@target.example>", "<Eve@Other.example>"}
    assert b"X-Exward-Verdict: released" in raw
    assert b"X-Exward-Pass" not in raw
    assert raw.endswith(BAD.partition(b"\r\n\r\n")[2])
    assert BAD.partition(b"\r\n\r\n")[0] in raw

    (held,) = listed(quarantine, "--state", "released")
    assert all(one["queue_id"] and one["is_done"] for one in held["deliveries"])
    again = quarantine("release", held["id"], "--smtp", smtp)
    assert (again.returncode, "released or deleted already" in again.stderr) == (3, True)
    trail = quarantine("audit", "--format", "jsonl")
    words = [json.loads(line)["what"] for line in trail.stdout.splitlines()]
    assert words == ["release-begun", "seen-by-filter", "released", "learned"]
    assert "chain of their digests is whole" in trail.stderr


def test_a_user_is_told_and_asks_for_a_message(gateway, quarantine, tmp_path):
    gateway.send(letter("Hello\n", From="Win <win@casino.example>", Subject="a winner"))
    assert len(listed(quarantine)) == 1
    smtp = f"127.0.0.1:{gateway.smtp}"
    (port,) = postfix.free_ports(1)
    ended = quarantine(
        "digest", "--send", "--smtp", smtp, "--mail-settings", tmp_path / "mail.toml",
        "--base-url", f"http://127.0.0.1:{port}", "--sender", "quarantine@target.example",
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (0, "1 digests sent\n")
    assert gateway.wait_for(1) == 1
    _, recipients, raw = gateway.sink.taken[0]
    assert recipients[0].split()[0] == "<bob@target.example>"
    assert b"X-Exward-Verdict: digest" in raw
    text = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert text is not None
    (link,) = re.findall(r"http://\S+", text.get_content())
    command = [sys.executable, "-m", "exward", "mail", "quarantine", "serve", "--listen",
               f"127.0.0.1:{port}", "--smtp", smtp, "--quarantine", str(tmp_path / "held"),
               "--admin-only", "malware"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as served:
        try:
            postfix.wait_for_port(port)
            with urlopen(link) as page:
                assert b"Release it to me" in page.read()
            assert gateway.wait_for(2, seconds=1) == 1
            with urlopen(link, data=b"") as page:
                assert b"on its way" in page.read()
        finally:
            served.terminate()
    assert gateway.wait_for(2) == 2
    assert b"X-Exward-Verdict: released" in gateway.sink.taken[1][2]


def test_the_filter_s_processes_end_with_it(gateway, quarantine):
    gateway.send(BAD)
    assert gateway.filter_process is not None
    children = psutil.Process(gateway.filter_process.pid).children(recursive=True)
    assert children
    gateway.kill_filter()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []


def test_a_forged_pass_is_judged_and_taken_out(gateway, quarantine):
    gateway.send(b"X-Exward-Pass: " + b"A" * 60 + b"." + b"B" * 43 + b"\r\n" + BAD)
    assert len(listed(quarantine)) == 1
    gateway.send(b"X-Exward-Pass: " + b"A" * 60 + b"." + b"B" * 43 + b"\r\n" + letter("Hello\n"))
    assert gateway.wait_for(1) == 1
    assert b"Pass" not in gateway.sink.taken[0][2]


def test_a_sender_that_tries_again_is_held_once(gateway, quarantine):
    gateway.send(BAD)
    gateway.send(BAD)
    gateway.send(BAD, ("other@target.example",))
    assert len(listed(quarantine)) == 2


def test_what_cannot_be_stored_stays_with_the_sender(gateway, quarantine, tmp_path):
    assert listed(quarantine) == []
    (tmp_path / "held" / "held").rmdir()
    (tmp_path / "held" / "held").write_text("no folder")
    with pytest.raises(smtplib.SMTPDataError) as refused:
        gateway.send(BAD)
    assert refused.value.smtp_code == 451
    (tmp_path / "held" / "held").unlink()
    (tmp_path / "held" / "held").mkdir()
    gateway.send(BAD)
    assert len(listed(quarantine)) == 1
