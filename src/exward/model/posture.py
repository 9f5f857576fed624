"""Which Exchange a server runs, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """How much of a build is known; AdminDisplayVersion tells only the cumulative update."""

    EXACT = "exact"
    CU_ONLY = "cu-only"
    UNKNOWN = "unknown"


class Support(StrEnum):
    """Who gets security updates for a build; `PAID`: only those who pay for the extension."""

    SUPPORTED = "supported"
    PAID = "paid"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Update:
    """One release; `released` is an ISO day, `kb` may be empty."""

    label: str
    build: str
    released: str
    kb: str = ""


@dataclass(frozen=True, slots=True)
class ServerPosture:
    """One server's build and what is missing, in order of installation.

    Texts are empty where nothing is known. `days_behind` counts from the release of the oldest
    missing update (None: not known). Days are ISO texts.
    """

    server: str
    product: str
    build: str
    label: str
    cu: str
    su: str
    precision: Precision
    listed: bool
    support: Support
    support_end: str
    days_behind: int | None
    missing: tuple[Update, ...]
    read_from: tuple[str, ...]
    facts_as_of: str
