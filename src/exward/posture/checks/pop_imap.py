"""POP and IMAP take passwords without a second factor, and unencrypted if they are let."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import own_row, those_named

ID = "pop-imap"
TITLE = "POP and IMAP are off, or take encrypted logons only"
SEVERITY = Severity.LOW
READS = ("services", "Get-PopSettings", "Get-ImapSettings")
GOOD = "the services do not run and do not start by themselves, or LoginType is SecureLogin"
WHY = "Passwords are guessed there without any second factor, and can be read on the line."
FIX = Fix(
    change=(
        "Stop-Service MSExchangePOP3, MSExchangeIMAP4; Set-Service MSExchangePOP3 -StartupType "
        "Manual; Set-Service MSExchangeIMAP4 -StartupType Manual "
        "# or Set-PopSettings -LoginType SecureLogin; Set-ImapSettings -LoginType SecureLogin"
    ),
    preview="Get-Service MSExchangePOP3, MSExchangeIMAP4; Get-PopSettings; Get-ImapSettings",
    undo="Set-Service MSExchangePOP3 -StartupType Automatic; Start-Service MSExchangePOP3",
    breaks="Programs and devices that fetch mail so.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/pop3-and-imap4/pop3-and-imap4",
    "https://learn.microsoft.com/powershell/module/exchange/set-popsettings",
)
_SERVICES = {"msexchangepop3": READS[1], "msexchangeimap4": READS[2]}


def judge(inventory: Inventory) -> Answer:
    """Only a service that runs, or will, is judged by its settings."""
    services = those_named(inventory, READS[0], _SERVICES)
    if services is None:
        return not_collected(READS[:1])
    weak, unread = [], []
    for row in services:
        name = (row.text("Name") or "").lower()
        state, mode = row.text("State"), row.text("StartMode")
        is_off = state is not None and state.lower() != "running"
        if is_off and mode is not None and not mode.lower().startswith("auto"):
            continue
        login = _login(inventory, _SERVICES[name])
        if state is None or mode is None or login is None:
            unread.append(f"state or LoginType of {row.text('Name')}")
        elif login != "securelogin":
            weak.append(f"{row.text('Name')} is on with LoginType {login}")
    return concluded(weak, unread, "Both are off or take encrypted logons only.")


def _login(inventory: Inventory, area: str) -> str | None:
    settings = own_row(inventory, area)
    said = None if settings is None else settings.text("LoginType")
    return None if said is None else said.lower()
