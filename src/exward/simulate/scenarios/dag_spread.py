"""ProxyShell on one member of an availability group; the same shell is copied to the other."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, web, windows
from exward.simulate.acts.intruder import Foothold
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Logon
from exward.simulate.layouts.windows import Event
from exward.simulate.scenarios import proxyshell
from exward.simulate.world import MINUTE, SECOND, World, sid_of

NAME = "dag-spread"
TITLE = "A web shell is copied from one server to the next"
SERVERS = 2


def play(world: World) -> None:
    """Entry at 06:01 on the first server; the second from 07:00."""
    first, second = world.hosts[:2]
    proxyshell.enter(world, world.at("06:01:02"))
    intruder.explore(world, first, world.at("06:06:30"), proxyshell.SHELL)
    time = world.at("07:00:10")
    share = f"\\\\{second.name}\\c$\\inetpub\\wwwroot\\aspnet_client\\"
    copy = f'cmd /c copy "{proxyshell.FILE}" "{share}"'
    intruder.command(world, first, time, proxyshell.SHELL, copy)
    windows.log_on(world, second, time, Logon(first.account, first.address, 3, logon_id="0x7a11c"))
    target = "inetpub\\wwwroot\\aspnet_client\\sup7.aspx"
    world.add(time + SECOND, second, "security", Event(5145, {
        "SubjectUserSid": sid_of(first.account), "SubjectUserName": first.account,
        "SubjectDomainName": "CONTOSO", "SubjectLogonId": "0x7a11c", "ObjectType": "File",
        "IpAddress": first.address, "IpPort": "52110", "ShareName": "\\\\*\\C$",
        "ShareLocalPath": "\\??\\C:\\", "RelativeTargetName": target, "AccessMask": "0x2",
        "AccessList": "%%4417\r\n"}))  # fmt: skip
    windows.write_file(world, second, time + SECOND, windows.SYSTEM, f"C:\\{target}")
    world.expect("lateral-movement", time, "script copied to the other server", second)
    shell = Foothold(proxyshell.CLIENT, "/aspnet_client/sup7.aspx")
    web.send(world, second, time + 2 * MINUTE, Request(shell.client, shell.url, agent=shell.agent))
    world.expect("web-shell", time + 2 * MINUTE, "the copy was called", second)
    intruder.explore(world, second, world.at("07:05:00"), shell)
    for host in (first, second):
        world.verdicts[host.name] = Verdict.COMPROMISED
