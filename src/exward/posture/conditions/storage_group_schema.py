"""CVE-2021-34470: an old class of the schema lets a computer account create user objects."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory
from exward.posture.known import texts

READS = ("directory",)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if `computer` is no possible superior of ms-Exch-Storage-Group."""
    del condition
    directory = inventory.row("directory")
    superiors = None if directory is None else texts(directory, "StorageGroupSuperiors")
    if superiors is None:
        return unknown("the schema class ms-Exch-Storage-Group was not collected")
    if "computer" in {name.lower() for name in superiors}:
        return failed("The schema still lists computer as a superior of ms-Exch-Storage-Group.")
    return passed("The schema does not let computers hold storage groups.")
