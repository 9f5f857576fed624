"""The work behind the scenes: administrators, backup, CRM, services, updates of signatures."""

from __future__ import annotations

from exward.simulate.acts import cmdlets, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import EXPLORER, Logon, Started
from exward.simulate.layouts.windows import Event
from exward.simulate.world import (
    ADMIN,
    BACKUP,
    BACKUP_HOST,
    CRM,
    CRM_HOST,
    EXCHANGE,
    HOUR,
    JUMP_HOST,
    MINUTE,
    NETBIOS,
    PEOPLE,
    SECOND,
    Host,
    Process,
    World,
    sid_of,
)

_ADMIN_DAY: dict[int, tuple[Cmdlet, ...]] = {
    8: (
        Cmdlet("Get-MailboxDatabaseCopyStatus", {"Identity": "*"}),
        Cmdlet("Get-Queue", {"Server": "EX01"}),
    ),
    9: (
        Cmdlet("New-Mailbox", {"Name": "Zoe Abel", "Alias": "z.abel",
                               "UserPrincipalName": "z.abel@contoso.example"}, process=cmdlets.ECP),
        Cmdlet("Add-DistributionGroupMember", {"Identity": "Sales", "Member": "z.abel"},
               process=cmdlets.ECP),
        Cmdlet("Set-Mailbox", {"Identity": "k.lang", "IssueWarningQuota": "49 GB"}),
    ),
    10: (
        Cmdlet("Add-MailboxPermission", {"Identity": "reception", "User": "CONTOSO\\i.jung",
                                         "AccessRights": "FullAccess"}, process=cmdlets.ECP),
        Cmdlet("Get-Mailbox", {"Identity": "reception"}),
    ),
    11: (
        Cmdlet("New-MailboxExportRequest", {"Mailbox": "left.employee",
                                            "FilePath": "\\\\fs01\\exports\\left.employee.pst"}),
    ),
    14: (
        Cmdlet("New-InboxRule", {"Name": "Tickets", "ForwardTo": "helpdesk@contoso.example"},
               caller="c.diaz", process=cmdlets.ECP),
        Cmdlet("Set-CalendarProcessing", {"Identity": "Room 2", "AddOrganizerToSubject": "True"}),
    ),
    16: (
        Cmdlet("Get-MessageTrackingLog", {"Sender": "info@fabrikam.example"}),
        Cmdlet("Set-User", {"Identity": "m.novak", "Phone": "17"}, process=cmdlets.ECP),
    ),
}  # fmt: skip


def hour(world: World, host: Host, start: int, of_day: int) -> None:
    """One hour of administration and services; `of_day` 0 to 23."""
    if host == world.host:
        _administrator(world, host, start, of_day)
    _crm(world, host, start)
    if of_day == 1:
        _backup(world, host, start)
    _services(world, host, start, of_day)
    if of_day == 3:
        _recycle(world, host, start)
    if of_day == 4:
        _upkeep(world, host, start)


def _administrator(world: World, host: Host, start: int, of_day: int) -> None:
    acts = _ADMIN_DAY.get(of_day, ())
    for number, one in enumerate(acts):
        time = start + (7 + 9 * number) * MINUTE + world.jitter()
        if one.process == cmdlets.REMOTE:
            web.send(world, host, time - 2 * SECOND, Request(
                JUMP_HOST, "/powershell", "clientApplication=ManagementShell", "POST",
                user=f"{NETBIOS}\\{ADMIN}", agent="Microsoft WinRM Client", auth="Kerberos",
                action=f"{one.name}:Command"))  # fmt: skip
        else:
            web.send(world, host, time - 2 * SECOND, Request(
                JUMP_HOST, "/ecp/DDI/DDIService.svc/SetObject", "schema=Mailbox", "POST",
                user=f"{NETBIOS}\\{one.caller}"))  # fmt: skip
        cmdlets.run(world, host, time, one)
    if of_day == 9:
        session = Logon(ADMIN, JUMP_HOST, 10, "C:\\Windows\\System32\\svchost.exe", "Negotiate",
                        logon_id="0x5a31f2")  # fmt: skip
        windows.log_on(world, host, start + 3 * MINUTE, session)
        desktop = Process("7B0E5C11-5A00-69A6-D201-000000003E00", 7320, EXPLORER, EXPLORER)
        windows.start(world, host, start + 4 * MINUTE, desktop, Started(
            f"{windows.SYSTEM32}mmc.exe", "mmc.exe eventvwr.msc", f"{NETBIOS}\\{ADMIN}",
            "0x5a31f2"))  # fmt: skip


def _crm(world: World, host: Host, start: int) -> None:
    """The CRM reads a few calendars by impersonation, every quarter of an hour."""
    for quarter in range(4):
        user = PEOPLE[quarter % 3]
        web.send(world, host, start + quarter * 15 * MINUTE + 90 * SECOND, Request(
            CRM_HOST, "/EWS/Exchange.asmx", method="POST", user=f"{NETBIOS}\\{CRM}",
            agent="ExchangeServicesClient/15.00.0913.015", auth="Negotiate", soap="FindItem",
            impersonated=f"{user}@contoso.example", sent=5_210))  # fmt: skip


def _backup(world: World, host: Host, start: int) -> None:
    windows.log_on(world, host, start + MINUTE, Logon(BACKUP, BACKUP_HOST, 3, "-", "Kerberos"))
    for number in range(12):
        user = PEOPLE[number]
        web.send(world, host, start + (2 + number) * MINUTE, Request(
            BACKUP_HOST, "/EWS/Exchange.asmx", method="POST", user=f"{NETBIOS}\\{BACKUP}",
            agent="ExchangeServicesClient/15.01.2507.006", auth="Negotiate",
            soap="SyncFolderItems", impersonated=f"{user}@contoso.example",
            sent=220_000))  # fmt: skip
    agent = Process("7B0E5C11-1A00-69A6-0C02-000000003E00", 3112,
                    "C:\\Program Files\\BackupAgent\\agent.exe", "agent.exe -service")  # fmt: skip
    windows.start(world, host, start + 5 * MINUTE, agent, Started(
        f"{windows.SYSTEM32}vssadmin.exe", "vssadmin list writers"))  # fmt: skip


def _services(world: World, host: Host, start: int, of_day: int) -> None:
    states = [(41, "Application Identity", "running" if of_day % 2 else "stopped")]
    if of_day % 6 == 2:
        states += [(3, "Windows Update", "running"), (19, "Windows Update", "stopped")]
    for minute, name, state in states:
        time = start + minute * MINUTE + world.jitter()
        windows.service_state(world, host, time, name, state)
    if of_day % 4 == 1:
        windows.defender(world, host, start + 25 * MINUTE, 2000, {
            "Current security intelligence Version": f"1.445.{of_day}.0",
            "Update Source": "Microsoft Update Server"})  # fmt: skip
    if of_day == 2:
        windows.defender(world, host, start + 33 * MINUTE, 1001, {"Scan Type": "Quick Scan"})
    monitoring = Process("7B0E5C11-1B00-69A6-0D02-000000003E00", 2904,
                         "C:\\Program Files\\Monitoring Agent\\MonitoringHost.exe",
                         "MonitoringHost.exe -Embedding")  # fmt: skip
    windows.start(world, host, start + 12 * MINUTE, monitoring, Started(
        f"{windows.SYSTEM32}cscript.exe",
        'cscript.exe /nologo "C:\\Program Files\\Monitoring Agent\\disk.vbs" C:'))  # fmt: skip
    special = {"SubjectUserSid": sid_of(ADMIN), "SubjectUserName": ADMIN,
               "SubjectDomainName": NETBIOS, "SubjectLogonId": "0x5a31f2",
               "PrivilegeList": "SeSecurityPrivilege"}  # fmt: skip
    if of_day == 9:
        world.add(start + 3 * MINUTE, host, "security", Event(4672, special))


def _upkeep(world: World, host: Host, start: int) -> None:
    """What a scheduled script of the administrator does each night."""
    nightly = 'cmd.exe /c "C:\\Scripts\\nightly.cmd"'
    script = Process("7B0E5C11-1C00-69A6-0E02-000000003E00", 6120,
                     f"{windows.SYSTEM32}cmd.exe", nightly)  # fmt: skip
    exchange = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
    for number, (image, command) in enumerate((
        ("forfiles.exe", "forfiles /p C:\\inetpub\\logs\\LogFiles\\W3SVC1 /m *.log /d -30"
         ' /c "cmd /c del @path"'),
        ("vssadmin.exe", "vssadmin resize shadowstorage /for=C: /on=C: /maxsize=20GB"),
        ("wbadmin.exe", "wbadmin delete systemstatebackup -keepVersions:5 -quiet"),
        ("certutil.exe", "certutil -urlcache * delete"),
        ("icacls.exe", f'icacls "{exchange}ClientAccess\\owa\\web.config"'),
        ("manage-bde.exe", "manage-bde -protectors -get C:"),
        ("wevtutil.exe", "wevtutil qe Security /c:1 /rd:true /f:text"),
    )):  # fmt: skip
        time = start + number * MINUTE + world.jitter()
        windows.start(world, host, time, script, Started(f"{windows.SYSTEM32}{image}", command))


def _recycle(world: World, host: Host, start: int) -> None:
    """An application pool is recycled at night and compiles a stock page."""
    parent = windows.worker("MSExchangeOWAAppPool")
    folder = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
    temporary = f"{folder}Temporary ASP.NET Files\\owa\\8e05b027\\e164d61b\\"
    time = start + 17 * MINUTE
    csc = windows.start(
        world,
        host,
        time,
        parent,
        Started(
            f"{folder}csc.exe", f'"{folder}csc.exe" /noconfig /fullpaths @"{temporary}x1.cmdline"'
        ),
    )
    windows.start(
        world,
        host,
        time + SECOND,
        csc,
        Started(f"{folder}cvtres.exe", f'{folder}cvtres.exe /NOLOGO "{temporary}x1.res"'),
    )
    windows.write_file(world, host, time + 2 * SECOND, csc, f"{temporary}App_Web_logon.aspx.dll")
    windows.write_file(
        world, host, time + 3 * SECOND, parent, f"{temporary}logon.aspx.cdcab7d2.compiled"
    )
    windows.write_file(world, host, start + HOUR // 2, parent,
                       f"{EXCHANGE}Logging\\HttpProxy\\Owa\\HttpProxy_1.LOG")  # fmt: skip
