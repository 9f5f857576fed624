"""Harmful messages and the sign-ins after them as findings."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from exward.incidents.addresses import is_anywhere, is_internal, parse_address
from exward.incidents.mail_story import (
    DETECTOR,
    FOLLOW,
    MESSAGE_RULE,
    SIGN_IN_RULE,
    Arrival,
    after,
    subject_of,
)
from exward.incidents.words import counted, listed
from exward.mail.signs import BEC, MALWARE, PHISHING
from exward.model.account import bare_name
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.message import Disposal
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.scan.mailbox_rules import Delivery
from exward.scan.tasks import Lure, SignIn, SignInKey

MAX_PLACES = 100
MAX_SIGN_INS = 50
"""Findings on one account: somebody who travels has a new address each hour."""
MIN_KNOWN = 5
"""Requests from other addresses before: without a past nothing is new."""
MIN_PAST = 3 * 86_400_000_000
"""µs of requests before the message, without which no way of signing in is new."""
MAX_WHY = 300
_TITLES = {
    PHISHING: "Phishing Message",
    MALWARE: "Message With Malware",
    BEC: "Fraudulent Message",
}
_TECHNIQUES = {PHISHING: ("T1566",), MALWARE: ("T1566.001",), BEC: ("T1566", "T1656")}
"""ATT&CK: phishing, spearphishing attachment, impersonation."""
_DELIVERED = "DELIVER"


class Reached(NamedTuple):
    """A message in a mailbox. `time` in µs UTC, None if not known; `server` "" if not told."""

    lure: Lure
    mailbox: str
    time: int | None
    server: str
    place: Evidence


def reached(
    lures: Iterable[Lure], told: Iterable[Delivery], tracked: Sequence[tuple[int, int]]
) -> list[Reached]:
    """Which mailboxes the messages reached.

    Message tracking tells; `tracked` are the times that it covers. Where it covers a message and
    does not have it delivered, that did not come in. Where there is none, a message that lies in
    the evidence itself is taken to have reached whom its headers name; a saved verdict is not.
    """
    by_id: defaultdict[str, list[Delivery]] = defaultdict(list)
    for one in told:
        by_id[one.message_id].append(one)
    found: list[Reached] = []
    for lure in sorted(lures, key=lambda one: (one.file, one.position)):
        events = by_id.get(lure.message_id.casefold(), []) if lure.message_id else []
        found += [
            Reached(lure, mailbox, one.time, one.server, one.place)
            for one in events
            if one.event == _DELIVERED
            for mailbox in one.recipients
        ]
        if not events and not lure.is_saved and not _is_tracked(lure, tracked):
            place = Evidence(lure.file, lure.position, lure.time, {})
            found += [Reached(lure, mailbox, lure.time, "", place) for mailbox in lure.recipients]
    return found


def _is_tracked(lure: Lure, tracked: Sequence[tuple[int, int]]) -> bool:
    time = lure.time
    return time is not None and any(first <= time <= last for first, last in tracked)


def of_messages(
    came: Iterable[Reached], accounts: Mapping[str, str]
) -> Iterator[tuple[Finding, tuple[Arrival, ...]]]:
    """One finding for each sender, subject, kind and server, for a wave is one thing.

    With it its arrivals; `accounts`: who signs in to a mailbox, where the logs tell.
    """
    waves: defaultdict[tuple[str, str, str, str], list[Reached]] = defaultdict(list)
    for one in came:
        lure = one.lure
        waves[lure.sender, subject_of(lure.subject), lure.mail_class, one.server].append(one)
    for wave, members in sorted(waves.items()):
        arrivals = {
            Arrival(one.time, one.mailbox, accounts.get(one.mailbox, bare_name(one.mailbox)))
            for one in members
            if one.time is not None
        }
        yield _of_wave(wave, members), tuple(sorted(arrivals))


def _of_wave(wave: tuple[str, str, str, str], members: Sequence[Reached]) -> Finding:
    lure = max((one.lure for one in members), key=lambda one: one.score)
    mailboxes = list(dict.fromkeys(one.mailbox for one in members))
    times = [one.time for one in members if one.time is not None]
    is_sure = any(one.lure.verdict != Disposal.TAG.value for one in members)
    where = "delivered to" if members[0].server else "for"
    return Finding(
        id=_id(MESSAGE_RULE, *wave),
        detector=DETECTOR,
        rule=MESSAGE_RULE,
        title=_TITLES[lure.mail_class] + (" Delivered" if members[0].server else ""),
        severity=Severity.LOW if is_sure else Severity.INFORMATIONAL,
        confidence=Confidence.MEDIUM,
        stage=Stage.INITIAL_ACCESS,
        techniques=_TECHNIQUES[lure.mail_class],
        server=wave[3],
        account=mailboxes[0] if len(mailboxes) == 1 else "",
        source_ip="",
        first=min(times, default=None),
        last=max(times, default=None),
        count=len({one.lure.message_id or (one.lure.file, one.lure.position) for one in members}),
        grade=Grade.ATTEMPT,
        evidence=tuple(_places(members)),
        why=f"{lure.subject[:100]!r} from {lure.sender or 'nobody'}, {where} {listed(mailboxes)}; "
        f"{lure.verdict} with {lure.score:g} points: {lure.why[:MAX_WHY]}",
        advice="Remove it from the mailboxes; ask who opened it; watch their sign-ins and rules.",
        references=("https://attack.mitre.org/techniques/T1566/",),
    )


def _places(members: Sequence[Reached]) -> Iterator[Evidence]:
    """Each mailbox that it reached, then the messages themselves."""
    ordered = sorted(members, key=lambda one: (one.time is None, one.time or 0, one.mailbox))
    for one in ordered[:MAX_PLACES]:
        yield _place(one.place, {**_shown(one.lure), "recipient-address": one.mailbox})
    files = {(one.lure.file, one.lure.position): one.lure for one in ordered if one.server}
    for lure in list(files.values())[:MAX_PLACES]:
        said = {"verdict": lure.verdict, "score": f"{lure.score:g}"}
        yield Evidence(lure.file, lure.position, lure.time, {**_shown(lure), **said})


def _place(place: Evidence, fields: Mapping[str, str]) -> Evidence:
    return Evidence(place.file, place.position, place.time, {**place.fields, **fields})


def _shown(lure: Lure) -> dict[str, str]:
    fields = {
        "sender-address": lure.sender,
        "message-subject": lure.subject,
        "message-id": lure.message_id,
    }
    return {name: text for name, text in fields.items() if text}


def of_sign_ins(
    messages: Iterable[tuple[Finding, Sequence[Arrival]]],
    seen: Mapping[SignInKey, SignIn],
) -> Iterator[Finding]:
    """Sign-ins from addresses outside that the account never used before a message came.

    `messages` as `of_messages` gives them. Confidence is medium if the way is new, too: a program
    or service that the account never used from outside; else low, for people travel and phones
    change their addresses.
    """
    came: defaultdict[str, list[_Came]] = defaultdict(list)
    for finding, arrivals in messages:
        for time, mailbox, account in arrivals:
            came[account].append(_Came(time, mailbox, finding))
    by_account: defaultdict[str, list[_Entry]] = defaultdict(list)
    for key, sign_in in sorted(seen.items()):
        by_account[key[0]].append(_Entry(*key, sign_in))
    for account, entries in sorted(by_account.items()):
        new = sorted(_new(entries, came[account]), key=lambda one: (one.first, one.address))
        for one in new[:MAX_SIGN_INS]:
            yield _of_sign_in(account, one)


class _Came(NamedTuple):
    time: int
    mailbox: str
    finding: Finding


class _Entry(NamedTuple):
    account: str
    server: str
    address: str
    way: str
    seen: SignIn


class _New(NamedTuple):
    """An address that is new: its entries, those before, and the message that came before."""

    address: str
    first: int
    own: list[_Entry]
    known: list[_Entry]
    """Of other addresses, seen before."""
    message: _Came


def _new(entries: Sequence[_Entry], came: Sequence[_Came]) -> Iterator[_New]:
    by_address: defaultdict[str, list[_Entry]] = defaultdict(list)
    for one in entries:
        by_address[one.address].append(one)
    for address, own in sorted(by_address.items()):
        first = min(one.seen.first for one in own)
        before = [told for told in came if 0 < first - told.time <= FOLLOW]
        if not before or not _is_outside(address):
            continue
        came_before = max(before, key=lambda told: told.time)
        known = [one for one in entries if one.seen.first <= came_before.time]
        if sum(one.seen.count for one in known) >= MIN_KNOWN:
            yield _New(address, first, own, known, came_before)


def _is_outside(text: str) -> bool:
    address = parse_address(text)
    return address is not None and not is_internal(address) and not is_anywhere(address)


def _of_sign_in(account: str, one: _New) -> Finding:
    time, mailbox, message = one.message
    used = {entry.way for entry in one.known if _is_outside(entry.address)}
    ways = sorted({entry.way for entry in one.own})
    past = time - min(entry.seen.first for entry in one.known)
    is_new_way = used.isdisjoint(ways) and past >= MIN_PAST
    ordered = sorted(one.own, key=lambda entry: (entry.seen.first, entry.server, entry.way))
    return Finding(
        id=_id(SIGN_IN_RULE, account, one.address),
        detector=DETECTOR,
        rule=SIGN_IN_RULE,
        title="Sign-In From A New Address After A Harmful Message",
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM if is_new_way else Confidence.LOW,
        stage=Stage.INITIAL_ACCESS,
        techniques=("T1078",),
        server=ordered[0].server,
        account=account,
        source_ip=one.address,
        first=one.first,
        last=max(entry.seen.last for entry in one.own),
        count=sum(entry.seen.count for entry in one.own),
        grade=Grade.SUCCESS,
        evidence=tuple(entry.seen.place for entry in ordered[:MAX_PLACES]),
        why=f"{account} came from {one.address}, {_later(one.first - time)} "
        f"{after(message, mailbox, time)}; {_compared(one, past)}; by {listed(ways)}"
        + (", which it never used from outside" if is_new_way else ""),
        advice="Ask the owner by telephone; reset the password and end the sessions; look at the "
        "mailbox's rules and at what was sent.",
        references=("https://attack.mitre.org/techniques/T1078/",),
    )


def _compared(one: _New, past: int) -> str:
    requests = counted(sum(entry.seen.count for entry in one.known), "sign-in")
    addresses = len({entry.address for entry in one.known})
    return f"never seen among {requests} from {addresses:,} addresses since {_later(past)} before"


def _later(duration: int) -> str:
    minutes = duration // 60_000_000
    if minutes < 120:
        return counted(minutes, "minute")
    hours = minutes // 60
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")


def _id(*about: str) -> str:
    text = "\0".join((DETECTOR, *about)).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=12).hexdigest()
