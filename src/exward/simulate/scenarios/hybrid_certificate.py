"""The certificate of the hybrid trust is exported (towards CVE-2025-53786)."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, intruder, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.layouts.windows import Event
from exward.simulate.world import SECOND, World

NAME = "hybrid-certificate"
TITLE = "The Auth certificate is exported for the cloud tenant"
SERVERS = 1


def play(world: World) -> None:
    """At 19:45, from a worker process and by cmdlet."""
    host = world.host
    time = world.at("19:45:00")
    pool = intruder.Foothold("203.0.113.71", "", pool="MSExchangePowerShellAppPool")
    intruder.command(world, host, time, pool,
                     "certutil -exportPFX -p 1 My 5A2F C:\\ProgramData\\a.pfx")  # fmt: skip
    world.add(time + SECOND, host, "certificates", Event(1007, {
        "Context": "Machine", "StoreName": "My", "SubjectNames": "Microsoft Exchange Server Auth",
        "Thumbprint": "5A2F"}))  # fmt: skip
    windows.write_file(world, host, time + 2 * SECOND, windows.worker(pool.pool),
                       "C:\\ProgramData\\a.pfx")  # fmt: skip
    cmdlets.run(world, host, time + 60 * SECOND, Cmdlet(
        "Export-ExchangeCertificate", {"Thumbprint": "5A2F", "BinaryEncoded": "True",
                                       "FileName": "C:\\ProgramData\\b.pfx"},
        caller="w.xaver"))  # fmt: skip
    world.expect("exploration", time, "command below an Exchange worker process")
    world.expect("credential-access", time, "certificate with private key exported")
    world.verdicts[host.name] = Verdict.COMPROMISED
