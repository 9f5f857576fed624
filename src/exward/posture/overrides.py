"""Setting overrides: how administrators switch features and security fixes of Exchange off.

Microsoft: https://learn.microsoft.com/powershell/module/exchange/new-settingoverride. An override
may be limited to servers by name and to builds from `MinVersion` to `MaxVersion`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from exward.posture import build
from exward.posture.inventory import Inventory
from exward.posture.known import objects, texts
from exward.posture.row import Row

AREA = "Get-SettingOverride"
_OFF = frozenset({"false", "0", "$false"})


class Setting(NamedTuple):
    """One parameter that an override sets; `path` is `Component/Section/Parameter`."""

    override: str
    path: str
    value: str

    @property
    def is_off(self) -> bool:
        """Whether the value switches something off."""
        return self.value.lower() in _OFF


def settings(inventory: Inventory) -> tuple[Setting, ...] | None:
    """Every setting that holds for this server; None if overrides were not collected.

    Also None if the parameters of one cannot be read: it may be the one that switches off.
    """
    return inventory.once(_settings)


def _settings(inventory: Inventory) -> tuple[Setting, ...] | None:
    overrides = objects(inventory, AREA)
    if overrides is None or any(texts(row, "Parameters") is None for row in overrides):
        return None
    return tuple(
        setting
        for override in overrides
        if _holds(override, inventory)
        for setting in _parameters(override)
    )


def _parameters(override: Row) -> Iterator[Setting]:
    place = f"{override.text('ComponentName') or ''}/{override.text('SectionName') or ''}"
    for parameter in override.texts("Parameters") or ():
        name, _, value = parameter.partition("=")
        yield Setting(override.text("Name") or "", f"{place}/{name.strip()}", value.strip())


def _holds(override: Row, inventory: Inventory) -> bool:
    """Whether it is meant for this server; what cannot be told counts as meant for it."""
    servers = {name.partition(".")[0].lower() for name in override.texts("Server") or ()}
    if servers and inventory.server.partition(".")[0].lower() not in servers:
        return False
    known = [reading.build.numbers for reading in inventory.builds]
    if not known:
        return True
    lowest, highest = (
        build.parse(override.raw("MinVersion")),
        build.parse(override.raw("MaxVersion")),
    )
    above = lowest is None or max(known) >= lowest.numbers
    return above and (highest is None or max(known) <= highest.numbers)
