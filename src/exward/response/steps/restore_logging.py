"""Switch logs and audits on again that the intruder switched off."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_REASONS, Case, of_finding
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command

ID = "restore-logging"
PHASE = Phase.HARDEN
RANK = 10
AFTER = ("keep-evidence",)
TITLE = "Switch logs and audits on again"
EFFECT = "What happens from now on leaves traces; what was not written stays unknown."
BREAKS = "Needs disk space."
_TECHNIQUES = frozenset({"T1562.002", "T1562.008", "T1070.001", "T1685.001", "T1685.005"})
_AUDITS = {
    "set-adminauditlogconfig": "Set-AdminAuditLogConfig -AdminAuditLogEnabled $true",
    "set-mailboxauditbypassassociation": (
        "Get-MailboxAuditBypassAssociation -ResultSize Unlimited | Where-Object AuditBypassEnabled "
        "| Set-MailboxAuditBypassAssociation -AuditBypassEnabled $false -Confirm"
    ),
    "set-transportservice": (
        "Get-TransportService | Set-TransportService -MessageTrackingLogEnabled $true"
    ),
}
"""What the intruder ran, in lower case, and what takes it back."""


def actions(case: Case) -> Iterator[Action]:
    """If a log was cleared or cut, or an audit of Exchange switched off."""
    calls = [call for name in _AUDITS for call in case.calls(name)]
    found = [one for one in case.done if _TECHNIQUES.intersection(one.techniques)]
    if not calls and not found:
        return
    back = dict.fromkeys(_AUDITS[call.cmdlet.lower()] for call in calls)
    yield Action(
        reasons=(
            *(call.sight.reason for call in calls[:MAX_REASONS]),
            *map(of_finding, found[:MAX_REASONS]),
        ),
        preview=(
            command("Get-AdminAuditLogConfig | Format-List AdminAuditLog*"),
            command("Get-WinEvent -ListLog * | Where-Object { -not $_.IsEnabled }"),
            command("auditpol.exe /get /category:*"),
            command(
                "Get-WebConfigurationProperty -PSPath 'IIS:\\' -Filter "
                "system.webServer/httpLogging -Name dontLog"
            ),
        ),
        change=tuple(map(Command, back)),
        by_hand=(
            "Set what the previews show as off back to the organisation's own values (group "
            "policy for `auditpol`).",
            "`exward doctor --defences` on new logs says what is seen again.",
        ),
    )
