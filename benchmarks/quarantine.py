"""Measures the quarantine's commands on very many messages, while the filter puts more in.

    python benchmarks/quarantine.py [--messages N] [--write]

Fills a folder as the filter does, but without waiting for the disk, runs each command once, and
once more while another process holds a message every 20 ms. `--write` writes QUARANTINE.md.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from exward.mail.quarantine import files
from exward.mail.quarantine.index import FILE, Index, Query
from exward.mail.quarantine.store import Quarantine
from exward.model.message import Disposal, Reason
from exward.model.quarantine import Holding, State
from measured import Cost, machine, measure

RESULTS = Path(__file__).parent / "QUARANTINE.md"
START_US = 1_767_600_000_000_000
"""2026-01-05 08:00 UTC."""
STEP_US = 20 * 1_000_000
SENDERS, RECIPIENTS = 3_000, 500
PORT = 18_925
PAUSE_S = 0.02
WORDS = ("invoice", "parcel", "password", "account", "meeting", "offer", "payment", "voicemail")


def holding(number: int) -> tuple[Holding, bytes]:
    """A message as the filter would keep it, of about 8 KB."""
    chance = random.Random(number)
    sender = f"user{chance.randrange(SENDERS)}@source{chance.randrange(200)}.example"
    recipient = f"user{chance.randrange(RECIPIENTS)}@contoso.example"
    subject = f"Your {chance.choice(WORDS)} {number}"
    raw = (f"From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\n\r\n"
           + "Please look at https://a.example/1 today.\r\n" * 180).encode()  # fmt: skip
    reasons = tuple(Reason(f"check-{n}", 1.5, f"This is reason {n} of it.", "words of the message")
                    for n in range(6))  # fmt: skip
    return Holding(
        id=files.identity(sender, (recipient,), raw),
        held_at=START_US + number * STEP_US,
        mail_from=sender,
        recipients=(recipient,),
        client="192.0.2.1",
        helo="mx.source.example",
        queue_id=f"4{number:X}",
        server="gateway.example",
        sender=f"Ann <{sender}>",
        sender_address=sender,
        subject=subject,
        verdict=Disposal.QUARANTINE,
        score=9.0,
        classes=(chance.choice(("spam", "phishing", "bec")),),
        reasons=reasons,
        size_bytes=len(raw),
    ), raw


def fill(folder: Path, messages: int) -> list[str]:
    """Put so many messages in; their ids."""
    files.make_folder(folder)
    ids = []
    for number in range(messages):
        held, raw = holding(number)
        path = files.path_of(folder, files.HELD, held.id)
        path.write_bytes(files.head_of(held) + raw)
        ids.append(held.id)
    return ids


def hold_more(folder: Path, begin: int, ended: multiprocessing.synchronize.Event) -> None:
    """Put one in after the other, as the filter's workers do, until `ended`."""
    number = begin
    while not ended.is_set():
        held, raw = holding(number)
        files.write_message(folder, held, raw)
        index = Index(folder / FILE, checked=False)
        index.add(held, is_open=True)
        index.close()
        number += 1
        ended.wait(PAUSE_S)


async def take_mail(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
    """A mail server that takes everything."""
    write.write(b"220 sink ESMTP\r\n")
    is_data = False
    while line := await read.readline():
        if is_data:
            if line == b".\r\n":
                is_data = False
                write.write(b"250 2.0.0 Ok: queued as 4XYZ\r\n")
            continue
        verb = line[:4].upper()
        is_data = verb == b"DATA"
        answer = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n",
                  b"QUIT": b"221 bye\r\n"}.get(verb, b"250 2.1.0 Ok\r\n")  # fmt: skip
        write.write(answer)
        if verb == b"QUIT":
            break
    write.close()


def serve_mail() -> None:
    """Run that server until the process ends."""

    async def run() -> None:
        server = await asyncio.start_server(take_mail, "127.0.0.1", PORT, limit=2**20)
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    time.sleep(0.5)


def commands(ids: list[str]) -> list[tuple[str, list[str]]]:
    """What is measured, in order: name and arguments."""
    middle = len(ids) // 2
    some = ids[middle : middle + 10]
    return [
        ("list", ["list"]),
        ("list --limit 10000 --format jsonl", ["list", "--limit", "10000", "--format", "jsonl"]),
        ("search --subject (one of all)", ["search", "--subject", f"invoice {middle}"]),
        ("search --from (nobody)", ["search", "--from", "nobody@nowhere.example"]),
        ("search --reason phishing --since", ["search", "--reason", "phishing", "--since",
                                              "2026-01-10"]),
        ("show", ["show", ids[middle][:12]]),
        ("release, 10 messages", ["release", *some, "--smtp", f"127.0.0.1:{PORT}"]),
        ("delete", ["delete", ids[3]]),
        ("audit", ["audit"]),
    ]  # fmt: skip


def timed(folder: Path, arguments: list[str]) -> Cost:
    """One command."""
    return measure([sys.executable, "-m", "exward", "mail", "quarantine", *arguments,
                    "--quarantine", str(folder)])  # fmt: skip


def row(name: str, cost: Cost) -> str:
    """A line of the table."""
    return (f"| {name} | {cost.seconds:.1f} | {cost.core_seconds:.1f} | {cost.peak_mib:.0f} "
            f"| {cost.exit_code} |")  # fmt: skip


def measured_rows(folder: Path, messages: int) -> Iterator[str]:
    """Fill the folder and measure everything in it."""
    ids = fill(folder, messages)
    yield row("the first command: makes the index", timed(folder, ["list"]))
    for name, given in commands(ids):
        yield row(name, timed(folder, given))
    ended = multiprocessing.Event()
    writer = multiprocessing.Process(target=hold_more, args=(folder, messages, ended))
    writer.start()
    try:
        for name, given in commands(ids[100:]):
            yield row(f"{name}; more come in", timed(folder, given))
    finally:
        ended.set()
        writer.join()
    age_us = time.time() * 1_000_000 - START_US - messages // 20 * STEP_US
    days = int(age_us // (24 * 3600 * 1_000_000))
    yield row("expire, the oldest of them", timed(folder, ["expire", "--days", str(days)]))
    with Quarantine(folder) as quarantine:
        known = quarantine.index.count(Query(states=(State.HELD, State.RELEASING)))
        there = sum(1 for _ in files.ids_in(folder, files.HELD))
    yield f"\nHeld after all that: {known:,} in the index, {there:,} in the folder."


def main() -> int:
    """Print the table, and write it if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    serve_mail()
    lines = [
        "# Quarantine with many messages",
        "",
        f"{machine()}. {given.messages:,} messages of 8 KB. Load of the machine before: "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        "| command | s | core s | MiB | exit code |",
        "| --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="quarantine-") as name:
        for line in measured_rows(Path(name) / "held", given.messages):
            print(line, flush=True)
            lines.append(line)
    if given.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
