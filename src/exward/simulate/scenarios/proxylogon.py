"""ProxyLogon (CVE-2021-26855, 26858, 27065): a script in the address of a virtual directory."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, intruder, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.intruder import Foothold
from exward.simulate.acts.web import Request
from exward.simulate.world import DOMAIN_SID, SECOND, World

NAME = "proxylogon"
TITLE = "ProxyLogon to a web shell, a dump of LSASS and a scheduled task"
SERVERS = 1

CLIENT = "203.0.113.20"
AGENT = "python-requests/2.25.1"
FILE = "C:\\inetpub\\wwwroot\\aspnet_client\\discover.aspx"
SHELL = Foothold(CLIENT, "/aspnet_client/discover.aspx", agent=AGENT)
_SCRIPT = 'http://f/<script language="JScript" runat="server">function Page_Load(){/**/}</script>'


def play(world: World) -> None:
    """From the first hop at 05:11 to the task at 06:20."""
    host = world.host
    time = world.at("05:11:02")
    name = host.full_name.lower()
    for seconds, target, back, status in (
        (0, "autodiscover/autodiscover.xml", "/autodiscover/autodiscover.xml", 200),
        (2, "mapi/emsmdb/", "/mapi/emsmdb/", 200),
        (4, "ecp/proxyLogon.ecp", "/ecp/proxyLogon.ecp", 241),
        (7, "ecp/DDI/DDIService.svc/GetObject?schema=OABVirtualDirectory",
         "/ecp/DDI/DDIService.svc/GetObject", 200),
        (9, "ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory",
         "/ecp/DDI/DDIService.svc/SetObject", 200),
        (12, "ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory",
         "/ecp/DDI/DDIService.svc/SetObject", 200),
    ):  # fmt: skip
        web.send(world, host, time + seconds * SECOND, Request(
            CLIENT, "/ecp/y.js", method="POST", status=status, agent=AGENT,
            anchor=f"ServerInfo~a]@{name}:444/{target}?#", hint="X-BEResource-Cookie",
            back_status=status, back_stem=back, back_user=f"CONTOSO\\{host.account}"))  # fmt: skip
    world.expect("initial-access", time, "requests with a chosen back end were answered")
    _set_directory(world, time + 9 * SECOND)
    windows.write_over_loopback(world, host, time + 13 * SECOND, FILE)
    world.expect("web-shell", time + 13 * SECOND, "script written over the loopback share")
    web.send(world, host, time + 20 * SECOND, Request(CLIENT, SHELL.url, agent=AGENT))
    intruder.explore(world, host, world.at("05:14:00"), SHELL)
    intruder.dump_lsass(world, host, world.at("05:31:12"), SHELL)
    intruder.persist(world, host, world.at("06:20:40"), SHELL)
    world.verdicts[host.name] = Verdict.COMPROMISED


def _set_directory(world: World, time: int) -> None:
    host = world.host
    for seconds, name, parameters in (
        (0, "Set-OabVirtualDirectory", {"ExternalUrl": _SCRIPT, "Identity": "EX01\\OAB (Default)"}),
        (3, "Remove-OabVirtualDirectory", {"Identity": "EX01\\OAB (Default)", "Force": "True"}),
        (4, "New-OabVirtualDirectory", {"WebSiteName": "Default Web Site", "Server": "EX01"}),
    ):
        at = time + seconds * SECOND
        cmdlets.run(world, host, at, Cmdlet(
            name, parameters, caller="Administrator", process=cmdlets.ECP, client="ECP",
            sid=f"{DOMAIN_SID}-500"))  # fmt: skip
        command = f"{name}." + ";".join(f"{key}='{value}'" for key, value in parameters.items())
        world.add(at, host, "ecp-server", {
            "EventId": "ECP.Request",
            "EventData": f"S:TIME=640;S:SID={world.guid()};S:CMD={command};S:REQID=;"
            "S:URL=/ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory;S:REFERRER=;S:EX=;"
            f"S:ACTID={world.guid()}"})  # fmt: skip
