"""OWASSRF (CVE-2022-41080, 41082): PowerShell's back end through Outlook on the web."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, web
from exward.simulate.acts.intruder import Foothold
from exward.simulate.acts.web import Request
from exward.simulate.world import SECOND, World

NAME = "owassrf"
TITLE = "OWASSRF to commands, a new administrator and another server"
SERVERS = 1

CLIENT = "203.0.113.51"
POOL = Foothold(CLIENT, "", pool="MSExchangePowerShellAppPool")


def play(world: World) -> None:
    """Requests at 22:05, commands until 22:50."""
    host = world.host
    time = world.at("22:05:11")
    for number in range(5):
        at = time + number * 9 * SECOND
        web.send(world, host, at, Request(
            CLIENT, "/owa/mastermailbox%40outlook.example/powershell", "", "POST",
            user="CONTOSO\\t.ulm", agent="ClientInfo", auth="Basic", back_stem="/powershell",
            taken_ms=700))  # fmt: skip
        world.add(at, host, "rps-http", {
            "AuthenticatedUser": "CONTOSO\\t.ulm", "ClientIpAddress": f"{CLIENT} {host.address}",
            "UrlStem": "/powershell", "ClientInfo": "Mozilla/5.0", "HttpStatus": "200",
            "Action": "Command"})  # fmt: skip
    world.expect("initial-access", time, "request for PowerShell through OWA was answered")
    intruder.explore(world, host, world.at("22:08:00"), POOL)
    intruder.add_account(world, host, world.at("22:21:00"), POOL, "helpdesk2")
    intruder.move_on(world, host, world.at("22:48:00"), POOL, "10.0.0.9")
    world.verdicts[host.name] = Verdict.COMPROMISED
