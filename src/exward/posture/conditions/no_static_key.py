"""CVE-2020-0688: every server had the same key for signing ASP.NET's view state."""

from __future__ import annotations

import re

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.iis import Content, elements, web_elements
from exward.posture.inventory import IIS_CONFIG, Inventory

READS = (IIS_CONFIG,)
# The fixed validationKey of ecp's web.config begins so (public since February 2020:
# https://www.zerodayinitiative.com/blog/2020/2/24/cve-2020-0688).
_STATIC = "CB2721ABDAF8"
_PART = "system.web/"
_ECP = re.compile(r"(?:^|[\\/])ecp[\\/][^\\/]*$", re.IGNORECASE)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It fails with the old key in any file; it holds if ecp's web.config was read and has none.

    The update makes a new key, but a web.config that was put back afterwards has the old one.
    """
    del condition
    for place, row in elements(inventory).placed("system.web/machinekey"):
        if (row.text("validationKey") or "").upper().startswith(_STATIC):
            return failed(f"{place} still has the key that every server had.")
    files = web_elements(inventory).files
    if any(_ECP.search(file.place) and _tells_of_keys(file.content) for file in files):
        return passed("ecp's web.config does not have the key that every server had.")
    return unknown("ecp's web.config, which may have the key of every server, was not collected")


def _tells_of_keys(content: Content) -> bool:
    """Whether the part of the file was read in which the key would stand."""
    return any(_PART in one.section.lower() for one in content.elements())
