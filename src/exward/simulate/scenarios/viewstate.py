"""Stolen machineKey (as ToolShell and NightEagle): signed ViewState runs code without any file."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import intruder, web, windows
from exward.simulate.acts.intruder import Foothold
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Started
from exward.simulate.world import SECOND, World

NAME = "viewstate"
TITLE = "ViewState signed with a stolen key, code in memory, Defender blinded"
SERVERS = 1

CLIENT = "203.0.113.60"
_SOURCE = ("MSExchange Control Panel", 4)
POOL = Foothold(CLIENT, "", pool="MSExchangeECPAppPool")


def play(world: World) -> None:
    """Requests at 03:33, commands until 04:10."""
    host = world.host
    time = world.at("03:33:33")
    query = (
        "__VIEWSTATEGENERATOR=B97B4E27&__VIEWSTATE=%2FwEyhAYAAQAAAP%2F%2F%2F%2F8BAAAAAAAAAAwCAAAA"
        "Xk1pY3Jvc29mdC5Qb3dlclNoZWxsLkVkaXRvcg"
    )
    for number in range(3):
        web.send(world, host, time + number * 20 * SECOND, Request(
            CLIENT, "/ecp/default.aspx", query, status=500, user="CONTOSO\\q.quist",
            back_status=500, taken_ms=219))  # fmt: skip
        windows.application(world, host, time + number * 20 * SECOND, _SOURCE, [
            "CONTOSO\\q.quist", "https://mail.contoso.example/ecp/default.aspx?__VIEWSTATE=/wEyhA",
            "System.Web.HttpException (0x80004005): Unable to validate data."])  # fmt: skip
    world.expect("initial-access", time, "ViewState in a GET request to ECP")
    encoded = "powershell -nop -w hidden -enc SQBFAFgAKABOAGUAdwAtAE8AYgBqAGUAYwB0ACkA"
    intruder.tool(world, host, time + 41 * SECOND, POOL.pool, Started(
        f"{windows.SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe", encoded))  # fmt: skip
    windows.script_block(world, host, time + 43 * SECOND,
                         "[Reflection.Assembly]::Load([Convert]::FromBase64String($b))"
                         ".EntryPoint.Invoke($null,$null)")  # fmt: skip
    intruder.explore(world, host, world.at("03:36:00"), POOL)
    intruder.blind_defender(world, host, world.at("03:51:00"), POOL)
    intruder.clear_traces(world, host, world.at("04:09:00"), POOL)
    world.verdicts[host.name] = Verdict.COMPROMISED
