"""Counts what happens to mail while the filter and Postfix are killed at random moments.

    python benchmarks/mail_soak.py [--messages N] [--seed N] [--write]

Needs Postfix and root, and clamd for the last part. Senders hand over N messages, every second one
of which goes to the quarantine, and try again until they have an answer. Meanwhile the filter, its
workers, Postfix and clamd are killed (SIGKILL) and started again. Then everything in the quarantine
is released under the same conditions. Fails if one message is lost or misjudged, or is there twice
for another reason than SMTP itself: where an answer is lost on its way, the side that waited for it
sends again (RFC 5321, 4.2.5). `--write` writes MAIL_SOAK.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import random
import re
import smtplib
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from exward.mail.quarantine import decisions
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.handing import MailServer
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.store import Quarantine
from exward.model.quarantine import Kept, State
from measured import machine

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tests.mail.antivirus import daemon
from tests.mail.letters import letter
from tests.mail.postfix import Gateway, started

RESULTS = Path(__file__).parent / "MAIL_SOAK.md"
SENDERS = 4
PAUSE_S = 0.1
QUIET_S = 5.0
LINES = 500
CLAMD_PART = 4
"""With clamd there are so many times fewer messages: after a failure the filter leaves it alone for
a while, and mail waits."""
CLAMD_PAUSE_S = 25.0
BAD = "harmful"
RULE = f"""
[[rules]]
name = "harmful"
place = "subject"
pattern = "{BAD}"
weight = 10.0
"""
LIMITS = """
[thresholds]
reject = 1000.0
"""
_NUMBER = re.compile(rb"^X-Number: (\d+)\r$", re.MULTILINE)
_QUEUED = re.compile(rb"by gateway\.example \(Postfix\) with \S+ id (\w+)")


@dataclass(slots=True)
class Count:
    """What happened in one part of the run."""

    what: str
    messages: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    lost: list[int] = field(default_factory=list)
    held_twice: int = 0
    repeated_by_postfix: int = 0
    """Postfix was killed after the sink had the message and before it had noted so."""
    repeated_by_sender: int = 0
    """The sender had no answer to the end of its message, and sent again."""
    unexplained: list[int] = field(default_factory=list)
    misjudged: list[int] = field(default_factory=list)
    """Bad and delivered, or good and held."""
    unknown: int = 0
    """Releases whose end nobody knows: they are not repeated by themselves."""
    unknown_delivered: int = 0

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing there twice for no reason."""
        return not (self.lost or self.unexplained or self.misjudged or self.held_twice)


@dataclass(slots=True)
class Sending:
    """What the senders know."""

    accepted: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)


def main() -> int:
    """Run both parts with the filter killed, then with Postfix killed as well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    counts = []
    for kills in (("filter", "worker"), ("filter", "worker", "Postfix")):
        counts += soak(given.messages, random.Random(given.seed), kills)
    if daemon.CLAMD is not None:
        kills = ("filter", "worker", "Postfix", "clamd")
        counts += soak(given.messages // CLAMD_PART, random.Random(given.seed), kills)
    lines = report(counts)
    print("\n".join(lines))
    if given.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 0 if all(one.is_right for one in counts) else 1


def soak(messages: int, chance: random.Random, kills: tuple[str, ...]) -> list[Count]:
    """Take mail in and release what is held, with these things killed."""
    words = f"{', '.join(kills[:-1])} and {kills[-1]} killed"
    with tempfile.TemporaryDirectory(prefix="soak-") as name, contextlib.ExitStack() as stack:
        folder, settings = Path(name) / "held", Path(name) / "mail.toml"
        clamd = None
        if "clamd" in kills:
            clamd = stack.enter_context(daemon.running(Path(name)))
        settings.write_text(
            LIMITS + RULE if clamd is None else f'clamd = "{clamd.address}"{LIMITS}'
        )
        options = ("--quarantine", str(folder), "--mail-settings", str(settings))
        gateway = stack.enter_context(started(*options))
        killer = Killer(gateway, chance, kills, clamd)
        taken = Count(f"taking in; {words}", messages)
        sending = Sending()
        with killer.at_work(taken):
            send_all(gateway, messages, sending)
        settle(gateway)
        count_taken(gateway, folder, sending, taken)
        before = len(gateway.sink.taken)
        released = Count(f"releasing; {words}")
        with killer.at_work(released):
            kept = release_all(gateway, folder)
        settle(gateway)
        count_released(gateway.sink.taken[before:], kept, released)
    return [taken, released]


def message(number: int) -> bytes:
    """A message that says which it is; every second one is bad."""
    subject = BAD if number % 2 else "Minutes"
    mark = daemon.MARK.decode() if number % 2 else ""
    return letter(f"Number {number}.\n" * LINES + mark, Subject=subject, X_Number=str(number),
                  Message_ID=f"<{number}@soak.example>")  # fmt: skip


def send_all(gateway: Gateway, messages: int, sending: Sending) -> None:
    """Hand over every message, from several threads, until each is accepted."""
    numbers = iter(range(messages))
    turn = threading.Lock()

    def send() -> None:
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            while not send_one(gateway, number, sending):
                time.sleep(PAUSE_S)

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send_one(gateway: Gateway, number: int, sending: Sending) -> bool:
    """Whether it was accepted; notes where the answer to its end never came."""
    content = False
    try:
        with smtplib.SMTP("127.0.0.1", gateway.smtp, timeout=60) as smtp:
            smtp.ehlo()
            smtp.mail("ann@source.example")
            if smtp.rcpt(f"user{number}@target.example")[0] != 250:
                return False
            content = True
            code, _ = smtp.data(message(number))
            content = False
            if code == 250:
                sending.accepted.add(number)
            return code == 250
    except smtplib.SMTPDataError:
        return False
    except (OSError, smtplib.SMTPException):
        if content:
            sending.unsure.add(number)
        return number in sending.accepted


@dataclass(slots=True)
class Killer:
    """Kills one thing after the other, at random moments, and starts it again."""

    gateway: Gateway
    chance: random.Random
    kills: tuple[str, ...]
    clamd: daemon.Daemon | None
    clamd_at: float = 0.0

    @contextlib.contextmanager
    def at_work(self, count: Count) -> Iterator[None]:
        """While inside, things are killed."""
        ended = threading.Event()

        def run() -> None:
            while not ended.wait(self.chance.uniform(0.1, 2.0)):
                self.kill(count)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def kill(self, count: Count) -> None:
        """One of them."""
        what = self.chance.choice(self.kills)
        is_early = time.monotonic() - self.clamd_at < CLAMD_PAUSE_S
        what = "worker" if what == "clamd" and is_early else what
        count.killed[what] += 1
        if what == "Postfix":
            self.gateway.kill_postfix()
            time.sleep(self.chance.uniform(0, 0.3))
            self.gateway.start_postfix()
        elif what == "filter":
            self.gateway.kill_filter()
            self.gateway.start_filter()
        elif what == "clamd" and self.clamd is not None:
            self.clamd_at = time.monotonic()
            self.clamd.kill()
            self.clamd.start()
        else:
            kill_worker(self.gateway, self.chance)


def kill_worker(gateway: Gateway, chance: random.Random) -> None:
    """Kill one of the filter's processes, if it has any by now."""
    with contextlib.suppress(psutil.Error):
        if gateway.filter_process is not None:
            children = psutil.Process(gateway.filter_process.pid).children()
            if children:
                chance.choice(children).kill()


def settle(gateway: Gateway) -> None:
    """Wait until Postfix has nothing left to deliver."""
    quiet_since, last = time.monotonic(), -1
    while time.monotonic() - quiet_since < QUIET_S:
        now = len(gateway.sink.taken)
        if now != last or gateway.waiting():
            quiet_since, last = time.monotonic(), now
        time.sleep(PAUSE_S)


def deliveries(taken: list[tuple[str, tuple[str, ...], bytes]]) -> dict[int, list[bytes]]:
    """The queue ids under which each message came to the sink."""
    found: dict[int, list[bytes]] = {}
    for _, _, raw in taken:
        number, queued = _NUMBER.search(raw), _QUEUED.search(raw)
        if number is None or queued is None:
            raise ValueError("a message that nobody sent")
        found.setdefault(int(number[1]), []).append(queued[1])
    return found


def count_taken(gateway: Gateway, folder: Path, sending: Sending, count: Count) -> None:
    """Compare what was accepted with what came through and what is held."""
    found = deliveries(gateway.sink.taken)
    with Quarantine(folder) as quarantine:
        kept = quarantine.index.find(Query(limit=1_000_000))
    numbers = Counter(map(number_of, kept))
    count.held_twice = sum(times - 1 for times in numbers.values())
    count.lost = sorted(sending.accepted - set(found) - set(numbers))
    count.misjudged = sorted({one for one in found if one % 2} | {one for one in numbers
                                                                 if one % 2 == 0})  # fmt: skip
    for number, queued in found.items():
        is_both = number in numbers
        count.repeated_by_postfix += len(queued) - len(set(queued))
        if len(set(queued)) > 1 or is_both:
            if number in sending.unsure and not is_both:
                count.repeated_by_sender += len(set(queued)) - 1
            else:
                count.unexplained.append(number)


def number_of(kept: Kept) -> int:
    """Which message it is."""
    return int(kept.holding.recipients[0].partition("@")[0].removeprefix("user"))


def release_all(gateway: Gateway, folder: Path) -> list[Kept]:
    """Release until nothing waits but what nobody knows; how every message stands then."""
    server = MailServer("127.0.0.1", gateway.smtp)
    with Quarantine(folder) as quarantine:
        while waiting := quarantine.index.find(Query(states=(State.HELD,), limit=1_000_000)):
            for kept in waiting:
                decisions.release(quarantine, kept, Order(who="soak"), server)
            time.sleep(PAUSE_S)
        return quarantine.index.find(Query(limit=1_000_000))


def count_released(
    taken: list[tuple[str, tuple[str, ...], bytes]], kept: list[Kept], count: Count
) -> None:
    """Compare what was released with what came through."""
    states = {number_of(one): one.state for one in kept}
    seen = {number_of(one) for one in kept if any(each.queue_id for each in one.deliveries)}
    found = deliveries(taken)
    count.messages = len(states)
    for number, state in states.items():
        queued = found.get(number, [])
        count.repeated_by_postfix += len(queued) - len(set(queued))
        if len(set(queued)) > 1:
            count.unexplained.append(number)
        if state is State.RELEASED and not queued:
            count.lost.append(number)
        if state is State.RELEASING:
            count.unknown += 1
            count.unknown_delivered += bool(queued)
            if queued and number not in seen:
                count.unexplained.append(number)  # it would be taken for not delivered


def report(counts: list[Count]) -> list[str]:
    """The page."""
    day = datetime.datetime.now(datetime.UTC).date()
    lines = [
        "# Mail while things are killed", "",
        f"{machine()}, {day}. {SENDERS} senders, every second message bad (by a rule; in "
        "the last part by clamd); SIGKILL at random moments, 0.1 to 2 s apart.", "",
        "| what | messages | kills | lost | misjudged | held twice | "
        "delivered twice without reason | repeated by Postfix | repeated by the sender | "
        "end unknown (arrived) |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for one in counts:
        kills = ", ".join(f"{name} {times}" for name, times in sorted(one.killed.items()))
        lines.append(
            f"| {one.what} | {one.messages:,} | {kills or 'none'} | {len(one.lost)} | "
            f"{len(one.misjudged)} | {one.held_twice} | {len(one.unexplained)} | "
            f"{one.repeated_by_postfix} | {one.repeated_by_sender} | "
            f"{one.unknown} ({one.unknown_delivered}) |"
        )
    lines += [
        "",
        "Repeated by Postfix: it was killed after the next server had the message and before it",
        "had noted so. Repeated by the sender: Postfix was killed after it had the message and",
        "before the sender had the answer. Both belong to SMTP (RFC 5321, 4.2.5) and come to pass",
        "without exward as well. End unknown: a release was cut off after its last byte; exward",
        "says so, and repeats it after 15 minutes if the filter has not seen it, else only when",
        "it is told to.",
    ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
