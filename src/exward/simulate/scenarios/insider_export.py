"""An administrator gives himself rights over mailboxes and takes mail home."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, intruder, web
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.web import Request
from exward.simulate.world import SECOND, World

NAME = "insider-export"
TITLE = "An insider gives himself access and exports mailboxes at night"
SERVERS = 1

USER, WORKSTATION = "w.xaver", "10.0.1.33"


def play(world: World) -> None:
    """Between 23:02 and 23:40, by remote PowerShell from a workstation."""
    host = world.host
    steps = (
        ("23:02:10", "New-ManagementRoleAssignment",
         {"Role": "Mailbox Import Export", "User": USER}, "account"),
        ("23:05:40", "New-ManagementRoleAssignment",
         {"Role": "ApplicationImpersonation", "User": USER}, "account"),
        ("23:11:00", "New-MailboxExportRequest",
         {"Mailbox": "ceo@contoso.example", "FilePath": "\\\\localhost\\c$\\ProgramData\\a.pst"},
         "collection-exfiltration"),
        ("23:14:00", "New-MailboxExportRequest",
         {"Mailbox": "cfo@contoso.example", "FilePath": "\\\\127.0.0.1\\c$\\ProgramData\\b.pst"},
         "collection-exfiltration"),
        ("23:31:00", "Remove-MailboxExportRequest",
         {"Identity": "ceo\\MailboxExport", "Confirm": "False"},
         "defence-evasion"),
        ("23:33:00", "Set-AdminAuditLogConfig", {"AdminAuditLogEnabled": "False"},
         "defence-evasion"),
    )  # fmt: skip
    for clock, name, parameters, stage in steps:
        time = world.at(clock)
        web.send(world, host, time - 2 * SECOND, Request(
            WORKSTATION, "/powershell", "", "POST", user=f"CONTOSO\\{USER}",
            agent="Microsoft WinRM Client", auth="Kerberos", action=f"{name}:Command"))  # fmt: skip
        one = Cmdlet(name, parameters, caller=USER)
        if stage == "collection-exfiltration":
            intruder.export_mailbox(world, host, time, one)
        else:
            cmdlets.run(world, host, time, one)
            world.expect(stage, time, f"{name} by {USER}")
    world.verdicts[host.name] = Verdict.COMPROMISED
