"""Reset what the intruder may know: passwords, keys, certificates, Kerberos."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import MAX_REASONS, Case, of_finding
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "reset-credentials"
PHASE = Phase.EVICT
RANK = 200
AFTER = ("remove-files", "remove-iis-modules", "remove-tasks", "remove-services", "remove-accounts")
TITLE = "Reset every secret that was within reach"
EFFECT = "Stolen passwords, tickets and keys are worth nothing."
BREAKS = (
    "Services that run with a password that was reset; everybody signs in again. Between the two "
    "resets of krbtgt let the lifetime of a ticket pass (10 hours unless set otherwise)."
)
_STAGES = (Stage.CREDENTIAL_ACCESS, Stage.WEB_SHELL, Stage.LATERAL_MOVEMENT)


def actions(case: Case) -> Iterator[Action]:
    """After secrets were taken, and after code ran as SYSTEM on a compromised server."""
    found = [one for one in case.done if one.stage in _STAGES]
    stolen = [one for one in found if one.stage is Stage.CREDENTIAL_ACCESS]
    if not stolen and not (case.is_compromised and found):
        return
    yield Action(
        reasons=tuple(map(of_finding, (stolen or found)[:MAX_REASONS])),
        preview=(
            command("Get-CimInstance Win32_LoggedOnUser | Select-Object -Unique Antecedent"),
            command("Get-ExchangeCertificate | Format-List *"),
            command("Get-ADUser -Identity krbtgt -Properties PasswordLastSet"),
        ),
        change=(command("Reset-ComputerMachinePassword"),),
        by_hand=(
            "Everybody who signed in on this server since the first sign of the attack, "
            "administrators first: new passwords, sessions ended. Event 4624 lists them.",
            "krbtgt: twice, if secrets of the domain may have been read (LSASS of a server on "
            "which a domain administrator worked, NTDS.dit, DCSync).",
            "Accounts of services, scheduled tasks, backup, monitoring and application pools that "
            "have a password on this server.",
            "Certificates with a private key on this server: new ones (`New-ExchangeCertificate`), "
            "the old ones revoked; the OAuth certificate of Exchange, and of hybrid the app's key.",
            "Mailbox owners whose mail was read: new password, and tell them.",
        ),
    )
