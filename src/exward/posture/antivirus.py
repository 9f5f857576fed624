"""Who watches a server: Microsoft Defender, or another product that is known by its services."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.row import Row

READS = ("defender", "services")


class Watcher(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program by its service; `kind` says what it does."""

    service: str
    product: str
    kind: Literal["antivirus", "sensor", "forwarder"]
    source: str


@cache
def watchers() -> tuple[Watcher, ...]:
    """Every program that is known (`content/hardening/watchers.yml`)."""
    data = files("exward") / "content" / "hardening" / "watchers.yml"
    return msgspec.convert(yaml.safe_load(data.read_bytes()), tuple[Watcher, ...])


def running(inventory: Inventory, *kinds: str) -> tuple[str, ...] | None:
    """Products of these kinds whose service runs; None if services were not collected."""
    services = inventory.data("services")
    active = None if services is None else services.once(_active)
    if active is None:
        return None
    return tuple(
        one.product for one in watchers() if one.kind in kinds and one.service.lower() in active
    )


def _active(services: Data) -> frozenset[str] | None:
    """Names of services that run, in lower case."""
    found = services.objects
    if found is None:
        return None
    running = (row for row in found if (row.text("State") or "").lower() == "running")
    return frozenset((row.text("Name") or "").lower() for row in running)


def status(inventory: Inventory) -> Row | None:
    """What Get-MpComputerStatus said; None if it was not collected."""
    defender = inventory.row("defender")
    return None if defender is None else defender.row("Status")


def preference(inventory: Inventory) -> Row | None:
    """What Get-MpPreference said; None if it was not collected."""
    defender = inventory.row("defender")
    return None if defender is None else defender.row("Preference")


def elsewhere(inventory: Inventory) -> str | None:
    """The sentence for a server that another product watches; None if none is known to run."""
    others = running(inventory, "antivirus")
    if not others:
        return None
    return f"{', '.join(others)} runs instead of Defender: its state shows only in its console."
