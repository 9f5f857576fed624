"""The made-up organisation: its servers and people, and the rows that its logs will hold.

Everything is drawn from one seeded generator, so the same seed gives the same bytes. Names are of
RFC 2606, addresses of RFC 5737 and RFC 1918.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from exward.model.incident import Verdict
from exward.model.stage import Stage

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""µs."""

DOMAIN = "contoso.example"
NETBIOS = "CONTOSO"
DOMAIN_SID = "S-1-5-21-2871544192-1400934327-3158071920"
SYSTEM_SID = "S-1-5-18"
EXCHANGE = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
BUILD = (15, 2, 1118, 7)

PEOPLE = (
    *("a.berg", "b.cruz", "c.diaz", "d.egger", "e.fuchs", "f.gross", "g.haas", "h.ivers"),
    *("i.jung", "j.kern", "k.lang", "l.moser", "m.novak", "n.olsen", "o.petit", "p.quist"),
    *("r.sand", "s.toth", "t.ulm", "u.vogt", "v.wolf", "w.xaver", "x.young", "y.zeman"),
)
ADMIN = "adm.keller"
"""The one who runs Exchange; works from the jump host."""
JUMP_HOST = "10.0.0.20"
BACKUP, BACKUP_HOST = "svc-backup", "10.0.0.40"
CRM, CRM_HOST = "svc-crm", "10.0.0.41"


class Host(NamedTuple):
    """One Exchange server."""

    name: str
    address: str

    @property
    def full_name(self) -> str:
        """With its domain."""
        return f"{self.name}.{DOMAIN}"

    @property
    def account(self) -> str:
        """The computer's account."""
        return f"{self.name}$"


class Row(NamedTuple):
    """One line or event: when (µs UTC), on which server, in which log, and what it says."""

    time: int
    host: Host
    log: str
    data: object


class Process(NamedTuple):
    """A running program, as the parent of others."""

    guid: str
    pid: int
    image: str
    command: str


class Expected(NamedTuple):
    """One step that a scan has to tell."""

    stage: Stage
    time: int
    server: str
    what: str


FULL = "full"
DEFAULT = "default"
_NEEDS_CONFIGURATION = frozenset({"sysmon", "iis-configuration"})
_NEEDS_POLICY = frozenset({4688, 5140, 5145})


@dataclass(slots=True)
class World:
    """What a scenario works with; acts add rows to it."""

    start: int
    """Midnight of the day, µs UTC."""
    hosts: tuple[Host, ...]
    rng: random.Random
    logging: str = FULL
    rows: list[Row] = field(default_factory=list)
    pools: dict[tuple[str, str], int] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """Server name → verdict; a server that is not named is clean."""
    configuration: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = (
        field(default_factory=dict)
    )
    """Server name → foreign modules (name, image) and virtual directories (path, folder)."""
    files: list[tuple[Host, str, str]] = field(default_factory=list)
    """What lies beside the logs: server, path below its folder, text."""
    processes: int = 0

    @property
    def host(self) -> Host:
        """The first server."""
        return self.hosts[0]

    def at(self, clock: str) -> int:
        """µs UTC of `HH:MM:SS` on the day."""
        hours, minutes, seconds = map(int, clock.split(":"))
        return self.start + hours * HOUR + minutes * MINUTE + seconds * SECOND

    def add(self, time: int, host: Host, log: str, data: object) -> None:
        """Add a row, unless the server's logging would not hold it."""
        if self.logging == DEFAULT and (
            log in _NEEDS_CONFIGURATION
            or (log == "security" and isinstance(data, tuple) and data[0] in _NEEDS_POLICY)
        ):
            return
        self.rows.append(Row(time, host, log, data))

    def expect(self, stage: str, time: int, what: str, host: Host | None = None) -> None:
        """Say what a scan has to tell of the rows just added."""
        self.expected.append(Expected(Stage(stage), time, (host or self.host).full_name, what))

    def guid(self) -> str:
        """A random identifier in the usual form."""
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-9{digits[17:20]}-{digits[20:]}"

    def pid(self) -> int:
        """A process id that no other process of the day has."""
        self.processes += 1
        return 4000 + 4 * self.processes

    def pool_pid(self, host: str, process: str) -> int:
        """The id of a worker process, which serves all requests to its pool."""
        return self.pools.setdefault((host, process), 9000 + 4 * len(self.pools))

    def jitter(self, most: int = SECOND) -> int:
        """Some µs, less than `most`."""
        return int(self.rng.random() * most)


def moment(time: int) -> datetime:
    """µs since 1970 as a date in UTC."""
    return datetime.fromtimestamp(time // SECOND, UTC).replace(microsecond=time % SECOND)


def iso(time: int) -> str:
    """`2026-03-03T05:11:09.112Z`, as Exchange's logs write it."""
    return f"{_second(time // SECOND)}.{time % SECOND // 1000:03d}Z"


@lru_cache(maxsize=8192)
def _second(time: int) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S}"


def sid_of(user: str) -> str:
    """The security identifier of an account, the same on every run."""
    return f"{DOMAIN_SID}-{1100 + sum(ord(letter) * (n + 3) for n, letter in enumerate(user))}"
