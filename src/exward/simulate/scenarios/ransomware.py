"""ProxyShell to ransomware: shadow copies deleted, Exchange's services stopped in a row."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, windows
from exward.simulate.scenarios import proxyshell
from exward.simulate.world import SECOND, World

NAME = "ransomware"
TITLE = "ProxyShell to ransomware in one night"
SERVERS = 1

SERVICES = (
    *("Microsoft Exchange Information Store", "Microsoft Exchange Transport"),
    *("Microsoft Exchange Replication", "Microsoft Exchange Mailbox Assistants"),
    *("Microsoft Exchange Search", "Microsoft Exchange RPC Client Access"),
    *("Microsoft Exchange Service Host", "Microsoft Exchange Throttling"),
    *("Microsoft Exchange Frontend Transport", "Microsoft Exchange Unified Messaging"),
    *("Microsoft Exchange Diagnostics", "Microsoft Exchange Mailbox Replication"),
)


def play(world: World) -> None:
    """Entry at 00:31, encryption at 02:15."""
    host = world.host
    shell = proxyshell.SHELL
    proxyshell.enter(world, world.at("00:31:00"))
    intruder.explore(world, host, world.at("00:36:30"), shell)
    intruder.blind_defender(world, host, world.at("01:02:00"), shell)
    intruder.dump_lsass(world, host, world.at("01:20:00"), shell)
    time = world.at("02:15:00")
    intruder.command(world, host, time, shell, "vssadmin delete shadows /all /quiet")
    later = time + 20 * SECOND
    intruder.command(world, host, later, shell, "bcdedit /set {default} recoveryenabled no")
    for number, name in enumerate(SERVICES):
        windows.service_state(world, host, time + (30 + number * 5) * SECOND, name, "stopped")
    world.expect("impact", time, "shadow copies deleted, services stopped")
    world.verdicts[host.name] = Verdict.COMPROMISED
