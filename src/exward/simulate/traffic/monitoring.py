"""Managed availability: the requests and programs of Exchange's own health engine."""

from __future__ import annotations

from exward.simulate.acts import web, windows
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Logon, Started
from exward.simulate.world import EXCHANGE, HOUR, MINUTE, Host, Process, World

HEALTH_MAILBOX = "HealthMailbox3f1c2a7be5d94c60"
_USER = f"{HEALTH_MAILBOX}@contoso.example"
_PROBES = (
    ("/owa/healthcheck.htm", "GET", "", web.PROBE),
    ("/ews/healthcheck.htm", "GET", "", web.PROBE),
    ("/owa/auth/logon.aspx", "GET", "", "OWA/DeepTestProbe"),
    ("/EWS/Exchange.asmx", "POST", _USER, "AMProbe/Local/ClientAccess/EWS"),
    ("/mapi/emsmdb/", "POST", _USER, "AMProbe/Local/ClientAccess"),
    ("/ecp/default.aspx", "GET", _USER, "ActiveMonitoring"),
    ("/powershell", "POST", _USER, "Microsoft WinRM Client"),
    ("/autodiscover/autodiscover.xml", "POST", _USER, "AMProbe/Local/ClientAccess"),
    ("/Microsoft-Server-ActiveSync/default.eas", "OPTIONS", _USER, "MSExchangeActiveSyncMonitor"),
    ("/OAB/healthcheck.htm", "GET", "", web.PROBE),
    ("/rpc/rpcproxy.dll", "RPC_IN_DATA", _USER, "MSRPC"),
)
_WORKER = Process(
    "7B0E5C11-2A00-69A6-C101-000000003E00",
    6120,
    f"{EXCHANGE}Bin\\MSExchangeHMWorker.exe",
    "MSExchangeHMWorker.exe -pipe:1312",
)


def hour(world: World, host: Host, start: int, requests: int) -> None:
    """One hour of probes, at even distances, and what the health engine starts."""
    for number in range(requests):
        stem, method, user, agent = _PROBES[number % len(_PROBES)]
        time = start + number * HOUR // max(requests, 1) + world.jitter()
        own = host.address if number % 7 == 3 else "127.0.0.1"
        one = Request(own, stem, method=method, user=user, agent=agent, auth="Negotiate",
                      soap="ConvertId" if stem == "/EWS/Exchange.asmx" else "")  # fmt: skip
        web.send(world, host, time, one)
    for minute in range(0, 60, 10):
        time = start + minute * MINUTE + 7 * MINUTE // 2 + world.jitter()
        logon = Logon(HEALTH_MAILBOX, "127.0.0.1", 8, windows.WORKER, "Negotiate")
        windows.log_on(world, host, time, logon)
    for minute, image, command in (
        (4, f"{windows.SYSTEM32}netsh.exe", "netsh http show servicestate"),
        (34, f"{windows.SYSTEM32}cscript.exe",
         f'cscript //nologo "{EXCHANGE}Scripts\\HealthManager.vbs"'),
    ):  # fmt: skip
        time = start + minute * MINUTE + world.jitter()
        windows.start(world, host, time, _WORKER, Started(image, command))
