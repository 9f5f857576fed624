"""People at work: Outlook, phones, Outlook on the web, mail, mistyped passwords."""

from __future__ import annotations

from exward.simulate.acts import mail, web, windows
from exward.simulate.acts.mail import Message
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Logon
from exward.simulate.world import DOMAIN, HOUR, NETBIOS, PEOPLE, SECOND, Host, World

OFFICE_HOURS = (
    *(1, 1, 1, 1, 1, 2, 6, 18, 40, 55, 60, 58, 40, 50, 58, 55, 45, 30, 14, 8, 6, 4, 2, 1),
)
"""How busy each hour (UTC) is, in parts of their sum."""

_OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)"
_PHONE = "Outlook-iOS/2.0"
_OUTSIDE = ("fabrikam.example", "tailspin.example", "northwind.example")
_SUBJECTS = ("Quarterly figures", "Re: meeting, Tuesday", "Invoice 2041", 'Holiday "plan"', "Lunch")


def address_of(user: str) -> str:
    """The workstation of a person."""
    return f"10.0.1.{10 + PEOPLE.index(user)}"


def hour(world: World, host: Host, start: int, requests: int) -> None:
    """One hour of clients and mail."""
    for _ in range(requests):
        user = PEOPLE[world.rng.randrange(len(PEOPLE))]
        _client(world, host, start + world.jitter(HOUR), user)
    for _ in range(max(1, requests // 4)):
        _message(world, host, start + world.jitter(HOUR - 5 * SECOND))
    for _ in range(requests // 8):
        user = PEOPLE[world.rng.randrange(len(PEOPLE))]
        logon = Logon(user, address_of(user), 3, windows.WORKER)
        windows.log_on(world, host, start + world.jitter(HOUR), logon)


def _client(world: World, host: Host, time: int, user: str) -> None:
    name, address = f"{NETBIOS}\\{user}", address_of(user)
    kind = world.rng.random()
    if kind < 0.45:
        if world.rng.random() < 0.2:  # Negotiate: refused before it is let in
            web.send(world, host, time, Request(
                address, "/mapi/emsmdb/", method="POST", status=401, agent=_OUTLOOK,
                auth="Negotiate", win32=5))  # fmt: skip
        web.send(world, host, time + SECOND, Request(
            address, "/mapi/emsmdb/", method="POST", user=name, agent=_OUTLOOK, auth="Negotiate",
            anchor=f"MailboxGuid~{user}", sent=2400))  # fmt: skip
    elif kind < 0.65:
        phone = f"198.51.100.{100 + PEOPLE.index(user)}"
        query = f"Cmd=Sync&User={user}&DeviceId=A{PEOPLE.index(user):02}F3&DeviceType=Outlook"
        web.send(world, host, time, Request(
            phone, "/Microsoft-Server-ActiveSync/default.eas", query, "POST", user=name,
            agent=_PHONE, auth="Basic", action="Sync"))  # fmt: skip
    elif kind < 0.85:
        _on_the_web(world, host, time, user)
    elif kind < 0.93:
        web.send(world, host, time, Request(
            address, "/EWS/Exchange.asmx", method="POST", user=name, agent=_OUTLOOK,
            auth="Negotiate", soap="GetUserAvailability"))  # fmt: skip
    else:
        query = f"Email={user}%40{DOMAIN}&Protocol=ActiveSync&RedirectCount=1"
        web.send(world, host, time, Request(
            address, "/autodiscover/autodiscover.json", query, user=name, agent=_OUTLOOK,
            auth="Negotiate"))  # fmt: skip


def _on_the_web(world: World, host: Host, time: int, user: str) -> None:
    address, name = address_of(user), f"{NETBIOS}\\{user}"
    for seconds, one in (
        (0, Request(address, "/owa/auth/logon.aspx", "replaceCurrent=1", back_status=None)),
        (8, Request(address, "/owa/auth.owa", method="POST", status=302, back_status=None)),
        (9, Request(address, "/owa/", user=name, anchor=f"Sid~{user}", sent=41_000)),
        (11, Request(address, "/owa/service.svc", "action=FindItem&EP=1", "POST", user=name,
                     anchor=f"Sid~{user}", action="FindItem", sent=9_000)),
    ):  # fmt: skip
        web.send(world, host, time + seconds * SECOND, one)
    if world.rng.random() < 0.08:
        mistyped = Logon(user, address, 8, windows.WORKER, "Negotiate", "0xc000006a")
        windows.log_on(world, host, time + 7 * SECOND, mistyped)


def _message(world: World, host: Host, time: int) -> None:
    user = PEOPLE[world.rng.randrange(len(PEOPLE))]
    subject = _SUBJECTS[world.rng.randrange(len(_SUBJECTS))]
    outside = f"info@{_OUTSIDE[world.rng.randrange(len(_OUTSIDE))]}"
    other = PEOPLE[world.rng.randrange(len(PEOPLE))]
    kind = world.rng.random()
    if kind < 0.5:
        client = f"198.51.100.{1 + world.rng.randrange(20)}"
        one = Message(outside, (f"{user}@{DOMAIN}",), subject, client)
    elif kind < 0.8:
        one = Message(f"{user}@{DOMAIN}", (f"{other}@{DOMAIN}",), subject)
    else:
        one = Message(f"{user}@{DOMAIN}", (outside,), subject)
    mail.transport(world, host, time, one)
