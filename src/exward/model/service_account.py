"""What is known of one service account: since when, when and from where it signs in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """One value of an account's sign-ins: `what` it is, since when, and in what share, per cent.

    `what`: `source_host`, `address`, `target`, `type`, `package`, `process` or `client`. `first`
    and `last` are µs since 1970-01-01 UTC, to the hour.
    """

    what: str
    value: str
    first: int
    last: int
    share: int


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """One service account. `first` and `last` are µs since 1970-01-01 UTC, to the hour.

    `account_kind` is `managed` (gMSA, sMSA) or `service`; `told_by` says what shows it.
    `window`: the normal hours in words, on the clock of `zone`. `sources` and `targets`: the
    most frequent, at most ten. `week`: share of the remembered weeks with a sign-in in the hour,
    in per cent, 168 numbers from Sunday 00:00. `learning`: too young for alarms. `anomalies`:
    how many findings are about it. `directory`: what a directory says of it that makes it worth an
    attack. `seen`: the most frequent values of its sign-ins, at most ten of each kind. `slight`:
    what was unusual and too little for a finding, by day.
    """

    account: str
    account_kind: str
    told_by: tuple[str, ...]
    first: int
    last: int
    sign_ins: int
    learning: bool
    zone: str
    window: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    week: tuple[int, ...]
    anomalies: int
    directory: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    slight: tuple[str, ...] = ()
