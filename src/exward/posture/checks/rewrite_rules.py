"""Rewrite rules mitigate attacks, and can as well send requests and answers elsewhere."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.iis import host_elements, rewrite_rules
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "rewrite-rules"
TITLE = "Rewrite rules are Microsoft's mitigations or known to you"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = "rules of the Emergency Mitigation service and of Microsoft's scripts only, in and out"
WHY = "A rule of an intruder hides his page from others, or alters what Exchange answers."
FIX = Fix(
    change="Clear-WebConfiguration -PSPath 'IIS:\\Sites\\SITE' -Filter "
    "\"system.webServer/rewrite/rules/rule[@name='NAME']\" # after a look at what it does",
    preview="Get-WebConfiguration -PSPath 'IIS:\\Sites\\Default Web Site' -Filter "
    "'system.webServer/rewrite/rules/rule' | fl name, match, action",
    undo="# Put the rule back as the preview showed it.",
    breaks="Redirections of your own, such as from http to https.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-emergency-mitigation-service",
    "https://microsoft.github.io/CSS-Exchange/Security/EOMT/",
    "https://microsoft.github.io/CSS-Exchange/Security/EOMTv2/",
)
# The service's names begin with EEMS; the others are those of Microsoft's scripts of March 2021,
# September 2022 and May 2026.
_KNOWN = re.compile(
    r"EEMS .{1,100}|EOMT .{1,100}|X-(?:AnonResource-Backend|BEResource) Abort - inbound"
    r"|PowerShell - inbound",
    re.IGNORECASE,
)


def judge(inventory: Inventory) -> Answer:
    """Judge the names of all rules that are on; what they do is for people."""
    if not host_elements(inventory):
        return unknown("Not collected: applicationHost.config.")
    names = [*rewrite_rules(inventory).values()]
    strange = [name for name in names if _KNOWN.fullmatch(name) is None]
    if strange:
        return failed(f"{len(strange)} of {len(names)} are not Microsoft's: {listing(strange)}.")
    return passed(f"{len(names)} rules, all of them Microsoft's." if names else "There is none.")
