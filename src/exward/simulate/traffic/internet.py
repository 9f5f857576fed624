"""The noise of the internet: probes that every server sees, all of them refused."""

from __future__ import annotations

from exward.simulate.acts import web
from exward.simulate.acts.web import Request
from exward.simulate.world import HOUR, SECOND, Host, World

_SHELL = "Email=autodiscover/autodiscover.json%3F@test.example"
_PROBES = (
    Request("", "/autodiscover/autodiscover.json", f"@test.example/mapi/nspi/?&{_SHELL}",
            status=401, agent="zgrab/0.x"),
    Request("", "/autodiscover/autodiscover.json", f"@test.example/owa/?&{_SHELL}", status=404,
            agent="Mozilla/5.0 zgrab/0.x", back_status=None),
    Request("", "/ecp/y.js", method="POST", status=404, agent="python-requests/2.25.1",
            back_status=None),
    Request("", "/owa/auth/x.js", status=404, agent="Mozilla/5.0 (compatible; Nmap)",
            back_status=None),
    Request("", "/.env", status=404, agent="Go-http-client/1.1"),
    Request("", "/wp-login.php", status=404, agent="Mozilla/5.0"),
    Request("", "/aspnet_client/supp0rt.aspx", status=404, agent="python-requests/2.31"),
    Request("", "/owa/auth/errorEE.aspx", status=404, agent="python-requests/2.31",
            back_status=None),
    Request("", "/", status=302, agent="Mozilla/5.0 (compatible; CensysInspect/1.1)"),
)  # fmt: skip


def hour(world: World, host: Host, start: int) -> None:
    """A few scanners, each from its own address, each with a few probes."""
    for _ in range(1 + world.rng.randrange(3)):
        client = f"198.51.100.{150 + world.rng.randrange(100)}"
        time = start + world.jitter(HOUR - 60 * SECOND)
        first = world.rng.randrange(len(_PROBES))
        for number in range(3):
            probe = _PROBES[(first + number) % len(_PROBES)]
            one = Request(client, probe.stem, probe.query, probe.method, probe.status,
                          agent=probe.agent, back_status=None)  # fmt: skip
            web.send(world, host, time + number * 2 * SECOND, one)
    uri = "/%00/%2e%2e/%2e%2e/windows/win.ini"
    world.add(
        start + world.jitter(HOUR),
        host,
        "httperr",
        (f"198.51.100.{150 + world.rng.randrange(100)}", "GET", uri, "400", "URL"),
    )
