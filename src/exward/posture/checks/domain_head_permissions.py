"""Until February 2019 Exchange could change the permissions of the whole domain."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import access_rules
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "domain-head-permissions"
TITLE = "Exchange cannot change the permissions of the domain"
SEVERITY = Severity.CRITICAL
READS = ("directory-access",)
GOOD = (
    "No group of Exchange has WriteDacl, WriteOwner or GenericAll on the domain itself "
    "(inherit-only does no harm)"
)
WHY = (
    "Whoever runs code on an Exchange server gives himself the right to read all password hashes "
    "of the domain (CVE-2019-0686 and PrivExchange)."
)
FIX = Fix(
    change=(
        "Setup.exe /IAcceptExchangeServerLicenseTerms_DiagnosticDataON /PrepareAD from a "
        "cumulative update of February 2019 or later, then /PrepareAllDomains"
    ),
    preview="dsacls.exe (Get-ADDomain).DistinguishedName | findstr /i Exchange",
    undo=(
        "There is none that is safe: the old rights are the weakness. dsacls.exe grants single "
        "rights again."
    ),
    breaks="Nothing that Exchange supports; programs that used its groups to set permissions.",
)
SOURCES = (
    "https://support.microsoft.com/help/4490059",
    "https://techcommunity.microsoft.com/blog/exchange/released-february-2019-quarterly-exchange-updates/609061",
)
_GROUPS = frozenset({
    "exchange windows permissions", "exchange trusted subsystem", "organization management",
    "exchange servers", "delegated setup", "exchange enterprise servers",
})  # fmt: skip
_TAKE_OVER = frozenset({"writedacl", "writeowner", "genericall"})


def judge(inventory: Inventory) -> Answer:
    """Judge the rules on the domain that hold for the domain itself."""
    found = access_rules.rules(inventory, access_rules.DOMAIN)
    if found is None:
        return not_collected(READS)
    weak = [
        f"{access_rules.trustee(rule)} has {rule.text('Rights')} on the domain"
        for rule in found
        if access_rules.trustee(rule).lower() in _GROUPS and access_rules.rights(rule) & _TAKE_OVER
    ]
    return concluded(weak, (), "No group of Exchange may change the domain's permissions.")
