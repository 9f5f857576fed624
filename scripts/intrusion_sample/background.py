"""A quiet morning of an Exchange server: what its logs hold when nobody attacks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from intrusion_sample import windows_events as win
from intrusion_sample.web_log import Request

T = TypeVar("T")
START = datetime(2026, 3, 3, 5, 0, 0)  # noqa: DTZ001 - all times here are UTC, as in the logs
HOURS = 5
USERS = ("a.berg", "c.diaz", "e.fuchs", "g.haas", "i.jung", "k.lang", "m.novak", "o.petit")
OUTLOOK = "Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.17928;+Pro)"
PHONE = "Outlook-iOS/2.0"
PROBE = "AMProbe/Local/ClientAccess"
HEALTH_MAILBOX = "HealthMailbox3f1c2a7be5d94c60@contoso.example"


class Timed(NamedTuple):
    """An event before it has a record number."""

    moment: datetime
    log: win.Log
    event_id: int
    data: win.Data


class Hit(NamedTuple):
    """A request and when it was logged."""

    moment: datetime
    request: Request


def pick(rng: random.Random, values: Sequence[T]) -> T:
    """One of the values; `random()` alone gives the same numbers on every version of Python."""
    return values[int(rng.random() * len(values))]


def _identifier(rng: random.Random) -> str:
    digits = f"{int(rng.random() * 2**52):013x}{int(rng.random() * 2**52):013x}000000"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-9{digits[17:20]}-{digits[20:32]}"


def suffix(rng: random.Random) -> str:
    """What Exchange's front end adds to the query of each request it passes on."""
    return f"&CorrelationID=<empty>;&cafeReqId={_identifier(rng)};"


def requests(rng: random.Random) -> Iterator[Hit]:
    """Probes, clients and a scanner that gets nowhere, unordered."""
    yield from _probes(rng)
    for minute in range(HOURS * 60):
        moment = START + timedelta(minutes=minute)
        # Few people work at five in the morning, more later.
        for _ in range(1 + int(rng.random() * (1 + minute / 120))):
            at = moment + timedelta(seconds=int(rng.random() * 60))
            yield from _client(rng, at)
    yield from _scanner()


def _probes(rng: random.Random) -> Iterator[Hit]:
    targets = (
        ("/owa/healthcheck.htm", "GET", "-"),
        ("/ews/healthcheck.htm", "GET", "-"),
        ("/EWS/Exchange.asmx", "POST", HEALTH_MAILBOX),
        ("/mapi/emsmdb/", "POST", HEALTH_MAILBOX),
        ("/ecp/default.aspx", "GET", HEALTH_MAILBOX),
        ("/powershell", "POST", HEALTH_MAILBOX),
    )
    for minute in range(0, HOURS * 60, 5):
        for number, (stem, method, user) in enumerate(targets):
            moment = START + timedelta(minutes=minute, seconds=7 + 3 * number)
            yield Hit(
                moment,
                Request(stem, suffix(rng), method, "127.0.0.1", user, PROBE, server="127.0.0.1"),
            )


def _client(rng: random.Random, at: datetime) -> Iterator[Hit]:
    number = int(rng.random() * len(USERS))
    user, address = f"CONTOSO\\{USERS[number]}", f"10.0.0.{30 + number}"
    kind = pick(rng, ("outlook", "outlook", "outlook", "phone", "owa", "autodiscover"))
    tail = suffix(rng)
    if kind == "outlook":
        if rng.random() < 0.2:  # NTLM: refused twice before it is let in
            yield Hit(at, Request("/mapi/emsmdb/", tail, "POST", address, "-", OUTLOOK, 401, 2, 5))
        yield Hit(at, Request("/mapi/emsmdb/", tail, "POST", address, user, OUTLOOK))
    elif kind == "phone":
        query = f"Cmd=Sync&User={USERS[number]}&DeviceId=A{number}F3&DeviceType=Outlook{tail}"
        outside = f"198.51.100.{20 + number}"
        yield Hit(
            at,
            Request(
                "/Microsoft-Server-ActiveSync/default.eas", query, "POST", outside, user, PHONE
            ),
        )
    elif kind == "owa":
        yield Hit(at, Request("/owa/auth/logon.aspx", f"replaceCurrent=1{tail}", client=address))
        yield Hit(
            at + timedelta(seconds=9),
            Request("/owa/auth.owa", tail, "POST", address, status=302),
        )
        yield Hit(
            at + timedelta(seconds=10),
            Request("/owa/service.svc", f"action=FindItem{tail}", "POST", address, user),
        )
    else:
        query = f"Email={USERS[number]}%40contoso.example&Protocol=ActiveSync{tail}"
        yield Hit(at, Request("/autodiscover/autodiscover.json", query, "GET", address, user))


def _scanner() -> Iterator[Hit]:
    """The noise of the internet: tries that every server sees."""
    moment = START + timedelta(minutes=12, seconds=31)
    probes = (
        ("/autodiscover/autodiscover.json", "@test.example/mapi/nspi/?&Email=autodiscover/"
         "autodiscover.json%3F@test.example", 401),
        ("/ecp/y.js", "-", 404),
        ("/.env", "-", 404),
        ("/wp-login.php", "-", 404),
        ("/aspnet_client/supp0rt.aspx", "-", 404),
    )  # fmt: skip
    for number, (stem, query, status) in enumerate(probes):
        yield Hit(
            moment + timedelta(seconds=2 * number),
            Request(stem, query, client="198.51.100.77", agent="zgrab/0.x", status=status),
        )


def events(rng: random.Random) -> Iterator[Timed]:
    """Log-ons, probes, updates and the work of two administrators, unordered."""
    for minute in range(0, HOURS * 60, 6):
        moment = START + timedelta(minutes=minute, seconds=rng.random() * 50)
        user = pick(rng, USERS)
        address = f"10.0.0.{30 + USERS.index(user)}"
        yield Timed(moment, win.SECURITY, 4624, win.logon(user, address, LogonType=3))
        if minute % 12 == 0:
            name = HEALTH_MAILBOX.partition("@")[0]
            yield Timed(moment, win.SECURITY, 4624, win.logon(name, "127.0.0.1"))
        if minute % 30 == 0:
            yield _health_worker(moment)
    yield from _services(rng)
    yield from _administrators()


def _health_worker(moment: datetime) -> Timed:
    worker = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\MSExchangeHMWorker.exe"
    return Timed(
        moment,
        win.SYSMON,
        1,
        win.sysmon_process(
            "C:\\Windows\\System32\\netsh.exe",
            "netsh http show servicestate",
            worker,
            "MSExchangeHMWorker.exe -pipe:1312",
            CurrentDirectory="C:\\Windows\\System32\\",
        ),
    )


def _services(rng: random.Random) -> Iterator[Timed]:
    for minute, name, state in (
        (3, "Windows Update", "running"),
        (19, "Windows Update", "stopped"),
        (64, "Windows Modules Installer", "running"),
        (70, "Windows Modules Installer", "stopped"),
        (181, "Application Identity", "running"),
    ):
        moment = START + timedelta(minutes=minute, seconds=rng.random() * 50)
        yield Timed(moment, win.SYSTEM, 7036, {"param1": name, "param2": state})
    for minute in (25, 145, 265):
        moment = START + timedelta(minutes=minute)
        versions = {
            "Product Name": "Microsoft Defender Antivirus",
            "Current security intelligence Version": f"1.445.{minute}.0",
            "Update Source": "Microsoft Update Server",
        }
        yield Timed(moment, win.DEFENDER, 2000, versions)
    yield Timed(
        START + timedelta(minutes=33),
        win.DEFENDER,
        1001,
        {"Product Name": "Microsoft Defender Antivirus", "Scan Type": "Quick Scan"},
    )


def _administrators() -> Iterator[Timed]:
    help_desk = "contoso.example/Staff/h.desk"
    for minute, name, parameters in (
        (75, "Set-Mailbox", '-Identity "k.lang" -IssueWarningQuota "49 GB"'),
        (131, "Add-DistributionGroupMember", '-Identity "Sales" -Member "o.petit"'),
        (134, "Add-MailboxPermission",
         '-Identity "reception" -User "CONTOSO\\i.jung" -AccessRights "FullAccess"'),
        (222, "New-InboxRule", '-Name "Tickets" -ForwardTo "helpdesk@contoso.example"'),
    ):  # fmt: skip
        data = win.cmdlet(
            name,
            parameters,
            caller=help_desk,
            sid=f"{win.DOMAIN_SID}-1143",
            process="8120 w3wp#MSExchangeECPAppPool",
        )
        yield Timed(START + timedelta(minutes=minute), win.EXCHANGE, 1, data)
    for minute, script in (
        (90, "Get-MailboxDatabaseCopyStatus * | Format-Table Name,Status,CopyQueueLength"),
        (210, "Get-Queue -Server EX01 | Sort-Object MessageCount -Descending"),
    ):
        path = "D:\\Scripts\\morning-check.ps1"
        yield Timed(
            START + timedelta(minutes=minute), win.POWERSHELL, 4104, win.script_block(script, path)
        )
    yield Timed(
        START + timedelta(minutes=131, seconds=1),
        win.SECURITY,
        4756,
        win.group_add(
            "Sales", f"{win.DOMAIN_SID}-1512", "CN=o.petit,OU=Staff,DC=contoso,DC=example"
        ),
    )
