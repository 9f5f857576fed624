"""A security update is installed: files change, services stop, the server restarts."""

from __future__ import annotations

from exward.simulate.acts import windows
from exward.simulate.acts.windows import Started
from exward.simulate.layouts.windows import Event
from exward.simulate.scenarios.ransomware import SERVICES
from exward.simulate.world import EXCHANGE, MINUTE, SECOND, World

NAME = "updated"
TITLE = "A quiet day with an Exchange security update"
SERVERS = 1

PRODUCT = "Security Update for Exchange Server 2019 Cumulative Update 15 (KB5066367)"


def play(world: World) -> None:
    """From 20:00 to 20:25."""
    host = world.host
    time = world.at("20:00:00")
    world.add(time, host, "application", Event(1040, [
        "C:\\Temp\\Exchange2019-KB5066367-x64-en.msp", "4812", "(NULL)", "(NULL)", "(NULL)", ""],
        "MsiInstaller"))  # fmt: skip
    installer = windows.start(world, host, time + SECOND, windows.SERVICES, Started(
        f"{windows.SYSTEM32}msiexec.exe", "C:\\Windows\\System32\\msiexec.exe /V"))  # fmt: skip
    for number, name in enumerate(SERVICES):
        windows.service_state(world, host, time + (60 + number * 4) * SECOND, name, "stopped")
    for number, page in enumerate(("logon.aspx", "errorFE.aspx", "signout.aspx", "frowny.aspx")):
        windows.write_file(world, host, time + 5 * MINUTE + number * SECOND, installer,
                           f"{EXCHANGE}FrontEnd\\HttpProxy\\owa\\auth\\{page}")  # fmt: skip
    windows.start(world, host, time + 8 * MINUTE, installer, Started(
        f"{windows.SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe",
        "powershell.exe -NoProfile -Command \"Add-PSSnapin Microsoft.Exchange.Management."
        'PowerShell.Setup; Get-ExchangeServer"'))  # fmt: skip
    for number, name in enumerate(SERVICES):
        windows.service_state(
            world, host, time + 15 * MINUTE + number * 4 * SECOND, name, "running"
        )
    world.add(time + 20 * MINUTE, host, "application", Event(1036, [
        "Microsoft Exchange Server", "15.2.1748.37", "1033", PRODUCT, "0", "Microsoft Corporation"],
        "MsiInstaller"))  # fmt: skip
    world.add(time + 21 * MINUTE, host, "application", Event(1042, [
        "C:\\Temp\\Exchange2019-KB5066367-x64-en.msp", "4812"], "MsiInstaller"))  # fmt: skip
