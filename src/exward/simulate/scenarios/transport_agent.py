"""A transport agent reads all mail (as Turla's LightNeuron did)."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.windows import Started
from exward.simulate.world import EXCHANGE, SECOND, Process, World

NAME = "transport-agent"
TITLE = "A foreign transport agent is installed and starts a shell"
SERVERS = 1

DLL = f"{EXCHANGE}TransportRoles\\agents\\Hygiene\\ContentFilter2.dll"


def play(world: World) -> None:
    """At 21:10, by a local shell with the snap-in."""
    host = world.host
    time = world.at("21:10:00")
    for seconds, name, parameters in (
        (0, "Install-TransportAgent", {
            "Name": "Content Agent", "TransportAgentFactory": "Content.Factory",
            "AssemblyPath": DLL}),
        (9, "Enable-TransportAgent", {"Identity": "Content Agent"}),
    ):  # fmt: skip
        cmdlets.run(
            world,
            host,
            time + seconds * SECOND,
            Cmdlet(name, parameters, caller="w.xaver", process=cmdlets.LOCAL),
        )
    world.expect("persistence", time, "transport agent installed")
    for seconds, state in ((30, "stopped"), (70, "running")):
        windows.service_state(
            world, host, time + seconds * SECOND, "Microsoft Exchange Transport", state
        )
    edge = Process("7B0E5C11-3C00-69A6-0E02-000000003E00", 5512,
                   f"{EXCHANGE}Bin\\EdgeTransport.exe", "EdgeTransport.exe -pipe:1")  # fmt: skip
    windows.start(
        world,
        host,
        world.at("21:19:00"),
        edge,
        Started(f"{windows.SYSTEM32}cmd.exe", "cmd.exe /c whoami > C:\\ProgramData\\o"),
    )
    world.expect("exploration", world.at("21:19:00"), "shell below the transport service")
    world.verdicts[host.name] = Verdict.COMPROMISED
