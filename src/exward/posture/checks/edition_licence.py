"""A trial that ran out gets no support, and its databases cannot be had back easily."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import own_row

ID = "edition-licence"
TITLE = "The server has a product key"
SEVERITY = Severity.INFORMATIONAL
READS = ("Get-ExchangeServer",)
GOOD = "IsExchangeTrialEdition is False"
WHY = "An unlicensed server has no claim to updates and support."
FIX = Fix(
    change="Set-ExchangeServer $env:COMPUTERNAME -ProductKey KEY; Restart-Service MSExchangeIS",
    preview="Get-ExchangeServer $env:COMPUTERNAME | fl Edition, *Trial*",
    undo="# A product key is not taken back; a lower edition needs a new installation.",
    breaks="The databases are away while the Information Store restarts.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/enter-product-key",
)


def judge(inventory: Inventory) -> Answer:
    """Judge what the server says of itself."""
    server = own_row(inventory, READS[0])
    if server is None:
        return not_collected(READS)
    is_trial = server.truth("IsExchangeTrialEdition")
    if is_trial is None:
        return unknown("IsExchangeTrialEdition was not collected.")
    if is_trial:
        left = server.text("RemainingTrialPeriod")
        return failed(f"The server is a trial{f', {left} remaining' if left else ''}.")
    return passed("The server has a product key.")
