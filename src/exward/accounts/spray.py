"""One source that fails with many accounts: no single account shows it, so it has its own count."""

from __future__ import annotations

from dataclasses import dataclass, field

from exward.accounts.clock import HOUR_US
from exward.accounts.logon import Logon

MIN_ACCOUNTS = 8
"""Different accounts that fail from one source within an hour."""
MAX_SOURCES = 10_000
MAX_ACCOUNTS = 1_000
MAX_SPRAYS = 1_000


@dataclass(slots=True)
class Spray:
    """One run of failures: `accounts` by when they last failed. Times are µs UTC."""

    source: str
    first: int
    last: int
    accounts: dict[str, int]
    places: list[Logon] = field(default_factory=list)
    count: int = 0
    is_kept: bool = False


@dataclass(slots=True)
class Sprays:
    """Failures of the last hour by source, and the sprays that were found."""

    found: list[Spray] = field(default_factory=list)
    left_out: int = 0
    _recent: dict[str, Spray] = field(default_factory=dict)

    def take(self, logon: Logon) -> None:
        """Count one failed sign-in; they come in order of time."""
        source = logon.address or logon.source_host
        # People who mistype in Outlook on the web fail on the server, by the server's own name.
        if not source or source == logon.target:
            return
        one = self._recent.get(source)
        if one is None or logon.time - one.last > HOUR_US:
            one = self._begin(source, logon.time)
        one.last = logon.time
        one.count += 1
        if logon.account in one.accounts or len(one.accounts) < MAX_ACCOUNTS:
            if logon.account not in one.accounts and len(one.places) < MIN_ACCOUNTS:
                one.places.append(logon)
            one.accounts[logon.account] = logon.time
        if not one.is_kept and _is_spray(one):
            self._keep(one)

    def _begin(self, source: str, time: int) -> Spray:
        if len(self._recent) >= MAX_SOURCES:
            del self._recent[next(iter(self._recent))]
        self._recent.pop(source, None)
        one = self._recent[source] = Spray(source, time, time, {})
        return one

    def _keep(self, one: Spray) -> None:
        one.is_kept = True
        if len(self.found) < MAX_SPRAYS:
            self.found.append(one)
        else:
            self.left_out += 1


def _is_spray(one: Spray) -> bool:
    if len(one.accounts) < MIN_ACCOUNTS:
        return False
    return sum(one.last - time <= HOUR_US for time in one.accounts.values()) >= MIN_ACCOUNTS
