"""A native IIS module stays after the web shell was deleted (as SessionManager, IIS-Raid)."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, windows
from exward.simulate.layouts.windows import Event
from exward.simulate.scenarios import proxylogon
from exward.simulate.world import SECOND, World

NAME = "iis-module"
TITLE = "A foreign IIS module is installed from a worker process"
SERVERS = 1

IMAGE = "C:\\Windows\\System32\\inetsrv\\hc2.dll"


def play(world: World) -> None:
    """At 04:20."""
    host = world.host
    shell = intruder.Foothold(proxylogon.CLIENT, "", pool="MSExchangeOWAAppPool")
    time = world.at("04:20:00")
    line = f"appcmd install module /name:HttpCache2 /image:{IMAGE} /add:true"
    intruder.command(world, host, time, shell, line)
    windows.write_file(world, host, time - 30 * SECOND, windows.worker(shell.pool), IMAGE)
    world.add(time + SECOND, host, "iis-configuration", Event(29, {
        "EditOperationType": "1", "PID": "4312", "UserSid": "S-1-5-18",
        "Configuration": '/system.webServer/globalModules/add[@name="HttpCache2"]/@image',
        "OldValue": "", "NewValue": IMAGE}))  # fmt: skip
    world.configuration[host.name] = ((("HttpCache2", IMAGE),), ())
    world.expect("exploration", time, "command below an Exchange worker process")
    world.expect("persistence", time, "foreign IIS module installed")
    world.verdicts[host.name] = Verdict.COMPROMISED
