"""A fix that works in the directory: set-up has to prepare the domains after the update."""

from __future__ import annotations

from exward.posture.build import Build
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

READS = ("directory", "build")
# Major and minor number of a product's builds; Exchange SE is 15.2, too, and needs the same level.
_PRODUCTS = {(15, 0): "2013", (15, 1): "2016", (15, 2): "2019"}


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if the domain's objectVersion is at least that of `levels` for the product."""
    directory = inventory.row("directory")
    version = None if directory is None else directory.number("DomainVersion")
    needed = _needed(condition, [reading.build for reading in inventory.builds])
    if version is None or needed is None:
        return unknown("the level of the domain (objectVersion of its system objects) is not known")
    said = f"The domain is prepared at level {version}, {needed} is needed."
    return passed(said) if version >= needed else failed(f"{said} Run Setup /PrepareAllDomains.")


def _needed(condition: Condition, builds: list[Build]) -> int | None:
    names = {_PRODUCTS.get(build[:2]) for build in builds} - {None}
    levels = [condition.levels.get(f"Exchange Server {name}") for name in names]
    return max((level for level in levels if level is not None), default=None)
