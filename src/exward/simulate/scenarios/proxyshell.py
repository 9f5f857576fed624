"""ProxyShell (CVE-2021-34473, 34523, 31207): a draft exported into a script file, then all."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, intruder, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.intruder import AUTH_FOLDER, Foothold
from exward.simulate.acts.web import Request
from exward.simulate.world import DOMAIN_SID, MINUTE, SECOND, World

NAME = "proxyshell"
TITLE = "ProxyShell to a web shell, a new administrator, blinded Defender and stolen mail"
SERVERS = 1

CLIENT = "203.0.113.66"
AGENT = "Python PSRP Client"
FILE = f"{AUTH_FOLDER}sup7.aspx"
SHELL = Foothold(CLIENT, "/owa/auth/sup7.aspx")
_MARK = "Email=autodiscover/autodiscover.json%3F@evil.example"


def play(world: World) -> None:
    """The whole chain between 06:01 and 08:45."""
    host = world.host
    enter(world, world.at("06:01:02"))
    intruder.explore(world, host, world.at("06:06:04"), SHELL)
    intruder.enumerate_exchange(world, host, world.at("06:15:21"), SHELL)
    intruder.add_account(world, host, world.at("06:41:12"), SHELL, "svc-health")
    intruder.blind_defender(world, host, world.at("06:44:02"), SHELL)
    intruder.dump_lsass(world, host, world.at("06:58:09"), SHELL)
    intruder.move_on(world, host, world.at("07:31:33"), SHELL, "10.0.0.7")
    intruder.persist(world, host, world.at("07:40:17"), SHELL)
    theft = Cmdlet(
        "New-MailboxExportRequest",
        {
            "Mailbox": "e.fuchs@contoso.example",
            "ContentFilter": "(Received -ge '01/01/2026')",
            "FilePath": "\\\\localhost\\C$\\ProgramData\\t\\c.pst",
        },
        caller="Administrator",
        process=cmdlets.LOCAL,
        sid=f"{DOMAIN_SID}-500",
    )
    intruder.export_mailbox(world, host, world.at("08:05:03"), theft)
    intruder.pack_and_fetch(world, host, world.at("08:18:15"), SHELL)
    intruder.clear_traces(world, host, world.at("08:42:11"), SHELL)
    world.verdicts[host.name] = Verdict.COMPROMISED


def enter(world: World, time: int) -> None:
    """From the first request to the first call of the shell, in five minutes."""
    host = world.host
    for seconds, method, path, cat in (
        (0, "GET", "autodiscover/autodiscover.xml?", ""),
        (6, "POST", "mapi/emsmdb/?", ""),
        (13, "POST", "ews/exchange.asmx?", ""),
        (88, "POST", "powershell/?", "X-Rps-CAT=VgEAVAdXaW5kb3dz"),
        (158, "POST", "powershell/?", "X-Rps-CAT=VgEAVAdXaW5kb3dz"),
        (183, "POST", "%70owershell/?", "X-Rps-CAT=VgEAVAdXaW5kb3dz"),
        (209, "POST", "powershell/?", "X-Rps-CAT=VgEAVAdXaW5kb3dz"),
    ):
        query = f"@evil.example/{path}{cat}&{_MARK}"
        back = "/" + path.removesuffix("?").replace("%70", "p")
        web.send(world, host, time + seconds * SECOND, Request(
            CLIENT, "/autodiscover/autodiscover.json", query, method, agent=AGENT, auth="",
            back_stem=back, back_user="NT AUTHORITY\\SYSTEM" if "ews" in path else "",
            taken_ms=420))  # fmt: skip
        if "owershell" in path:
            world.add(time + seconds * SECOND, host, "rps-http", {
                "AuthenticatedUser": "Administrator", "ClientIpAddress": CLIENT,
                "UrlStem": "/powershell/", "UrlQuery": "?X-Rps-CAT=VgEAVAdXaW5kb3dz",
                "ClientInfo": AGENT, "HttpStatus": "200", "Action": "Command"})  # fmt: skip
    world.expect("initial-access", time, "ProxyShell requests reached the back end")
    _drop(world, time + 160 * SECOND)


def _drop(world: World, time: int) -> None:
    host = world.host
    share = FILE.replace("C:\\", "\\\\127.0.0.1\\c$\\")
    for seconds, name, parameters in (
        (0, "New-ManagementRoleAssignment",
         {"Role": "Mailbox Import Export", "User": "m.novak"}),
        (25, "New-MailboxExportRequest",
         {"Mailbox": "m.novak@contoso.example", "IncludeFolders": "#Drafts#",
          "ContentFilter": "(Subject -eq 'sup7')", "ExcludeDumpster": "True", "FilePath": share}),
        (51, "Remove-MailboxExportRequest",
         {"Identity": "contoso.example/Staff/m.novak\\MailboxExport", "Confirm": "False"}),
    ):  # fmt: skip
        cmdlets.run(world, host, time + seconds * SECOND, Cmdlet(
            name, parameters, caller="Administrator", client="PowerShell",
            session_user="m.novak@contoso.example", sid=f"{DOMAIN_SID}-500"))  # fmt: skip
    world.expect("account", time, "role for mailbox export assigned")
    world.expect("defence-evasion", time + 51 * SECOND, "record of the export removed")
    windows.write_over_loopback(world, host, time + 43 * SECOND, FILE)
    world.expect("web-shell", time + 25 * SECOND, "mailbox exported into a script file")
    web.send(world, host, time + 40 * SECOND, Request(
        CLIENT, SHELL.url, status=404, agent=intruder.TOOL, back_status=None))  # fmt: skip
    web.send(world, host, time + 2 * MINUTE, Request(
        CLIENT, SHELL.url, agent=intruder.TOOL, back_status=None))  # fmt: skip
