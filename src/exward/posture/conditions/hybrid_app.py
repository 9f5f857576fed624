"""CVE-2025-53786: in hybrid, whoever holds the server's key holds the tenant's shared principal."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, not_applicable, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory
from exward.posture.overrides import AREA, settings

READS = ("Get-HybridConfiguration", "Get-AuthServer", AREA)
_SETTING = "global/exchangeonpremasthirdpartyappid/enabled"
# The application id of Exchange Online, which the shared principal has.
SHARED_APP = "00000002-0000-0ff1-ce00-000000000000"
# Azure's access control service, the other server of a hybrid organisation, has an id of its own
# (https://learn.microsoft.com/exchange/configure-oauth-authentication-between-exchange-and-exchange-online-organizations-exchange-2013-help).
_NOT_OWN = {SHARED_APP, "00000001-0000-0000-c000-000000000000"}


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """Not hybrid: does not arise. Without the dedicated app: open. With it: the tenant decides."""
    del condition
    hybrid = inventory.rows("Get-HybridConfiguration")
    if hybrid is None:
        return unknown("whether this is a hybrid organisation (Get-HybridConfiguration)")
    if not hybrid:
        return not_applicable("No hybrid configuration: only hybrid organisations are affected.")
    overrides, servers = settings(inventory), inventory.rows("Get-AuthServer")
    if overrides is None or servers is None:
        return unknown("whether the dedicated hybrid app is set up was not collected")
    is_on = any(one.path.lower() == _SETTING and one.value.lower() == "true" for one in overrides)
    apps = {(row.text("ApplicationIdentifier") or SHARED_APP).lower() for row in servers}
    if not is_on or apps <= _NOT_OWN:
        return failed("Hybrid without the dedicated Exchange hybrid app.")
    return unknown("whether the shared principal's keys were removed shows only in the tenant")
