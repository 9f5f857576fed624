"""What is decided about held messages: release, delete, learn, block, expire."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from exward.mail.quarantine import deeds, files
from exward.mail.quarantine.files import HELD, INCOMING, LEARNED
from exward.mail.quarantine.handing import Handed, MailServer, Outgoing, hand_over
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.lists import ALLOW, BLOCK, add_to_list, checked_name
from exward.mail.quarantine.locks import locked
from exward.mail.quarantine.passes import RELEASE, Pass, pass_header
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import UsageError
from exward.model.quarantine import Deed, Delivery, Holding, Kept, State

PASS_US = 15 * 60 * 1_000_000
"""A pass holds for so long: longer than a mail server lets a filter wait."""
BATCH = 20
"""Decided at once when many expire: the filter waits meanwhile, and each is forced to the disk."""
STALE_S = 24 * 3600
_NAME = re.compile(r"[\w.:\[\]-]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A release that somebody wants. No recipients: all who wait."""

    who: str
    why: str = ""
    recipients: tuple[str, ...] = ()
    again: bool = False
    """Also to whom an earlier release, whose end is not known, may have delivered it."""
    link: str = ""
    """The digest of the link by which it was asked for."""


def release(quarantine: Quarantine, kept: Kept, order: Order, server: MailServer) -> Handed:
    """Hand a message to the mail server, and say so in the trail before and after.

    Raises UsageError if there is nobody to release it to, EvidenceError if the file is damaged,
    BusyError if it is being released at this moment.
    """
    raw = quarantine.message(kept)
    key = load_key(quarantine.folder)
    with _alone(quarantine, kept.holding.id):
        with quarantine.deciding():
            chosen = _begin(quarantine, kept.holding.id, order)
            attempt = secrets.token_hex(8)
            begun = _deed(kept, order.who, deeds.RELEASE_BEGUN, order.why)
            quarantine.record(_of_attempt(begun, attempt, chosen))
        given = Pass(RELEASE, kept.holding.id, attempt, deeds.micros(begun.when) + PASS_US)
        letter = _letter(kept.holding, chosen, pass_header(key, given, raw), raw)
        handed = hand_over(server, letter)
        if handed.is_certain or handed.refused:
            with quarantine.deciding():
                quarantine.record(_end(kept, order, attempt, handed))
    return handed


def delete(quarantine: Quarantine, kept: Kept, who: str, why: str) -> None:
    """Delete a message for good."""
    with _alone(quarantine, kept.holding.id), quarantine.deciding():
        quarantine.record(_deed(kept, who, deeds.DELETED, why))


def learn(quarantine: Quarantine, kept: Kept, who: str, why: str) -> str:
    """Allow a message's sender, and keep it to train with; returns the sender."""
    name = checked_name(kept.holding.sender_address)
    raw = quarantine.message(kept)
    target = files.path_of(quarantine.folder, LEARNED, kept.holding.id)
    with quarantine.deciding():
        quarantine.record(_deed(kept, who, deeds.LEARNED, why))
        add_to_list(quarantine.folder, ALLOW, name)
        files.write_durably(quarantine.folder, target, raw)
    return name


def block(quarantine: Quarantine, name: str, who: str, why: str) -> bool:
    """Block an address or domain; False if it is blocked already."""
    checked = checked_name(name)
    with quarantine.deciding():
        if not add_to_list(quarantine.folder, BLOCK, checked):
            return False
        quarantine.record(
            Deed(when=deeds.now(), who=who, what=deeds.BLOCKED, why=why, sender=checked)
        )
    return True


def expire(quarantine: Quarantine, days: int, who: str) -> int:
    """Delete what was taken more than `days` ago, and say how many; releases that run go on."""
    limit = deeds.micros_now() - days * 24 * 3600 * 1_000_000
    query = Query(states=(State.HELD, State.RELEASED), until=limit, limit=BATCH)
    count = 0
    while True:
        with quarantine.deciding():
            found = quarantine.index.find(query)
            for kept in found:
                why = f"older than {days:,} days"
                quarantine.record(_deed(kept, who, deeds.EXPIRED, why))
        count += len(found)
        if len(found) < BATCH:
            break
    count += _expire_stuck(quarantine, limit, who)
    _sweep(quarantine)
    return count


def _expire_stuck(quarantine: Quarantine, limit: int, who: str) -> int:
    """Those whose release was begun that long ago, and whose end nobody looked for."""
    with quarantine.deciding():
        begun = quarantine.index.find(Query(states=(State.RELEASING,), until=limit))
        stuck = [kept for kept in begun if all(one.at < limit for one in kept.deliveries)]
        for kept in stuck:
            why = "old, and the end of its release is not known"
            quarantine.record(_deed(kept, who, deeds.EXPIRED, why))
    return len(stuck)


def _sweep(quarantine: Quarantine) -> None:
    """Remove what processes that died left behind, and locks of messages that are gone."""
    held = set(files.ids_in(quarantine.folder, HELD))
    for path in (quarantine.folder / INCOMING).iterdir():
        with contextlib.suppress(OSError):
            if path.stem not in held and path.stat().st_mtime < time.time() - STALE_S:
                path.unlink()


@contextmanager
def _alone(quarantine: Quarantine, message_id: str) -> Iterator[None]:
    """Nobody else releases or deletes the message meanwhile; raises BusyError at once."""
    path = quarantine.folder / INCOMING / f"{message_id}.lock"
    with locked(path, 0):
        yield


def may_have_arrived(delivery: Delivery) -> bool:
    """Whether the mail server may have what an unfinished release handed over.

    It asks the filter before it takes a message. What the filter did not see while the pass held,
    it cannot let pass any more.
    """
    return bool(delivery.queue_id) or delivery.at + PASS_US >= deeds.micros_now()


def _begin(quarantine: Quarantine, message_id: str, order: Order) -> tuple[str, ...]:
    """To whom it is released now."""
    kept = quarantine.index.get(message_id)
    if kept is None or kept.state is State.RELEASED:
        raise UsageError("was released or deleted already", "", message_id)
    given_up = tuple(one for one in kept.deliveries
                     if not one.is_done and (order.again or not may_have_arrived(one)))  # fmt: skip
    for attempt in sorted({one.attempt for one in given_up}):
        why = "released again" if order.again else "the filter never saw it, and its pass ended"
        deed = _deed(kept, order.who, deeds.NOT_RELEASED, why)
        quarantine.record(_of_attempt(deed, attempt, ()))
    waiting = (*kept.waiting, *(one.recipient for one in given_up))
    wanted = {one.casefold() for one in order.recipients}
    chosen = tuple(one for one in waiting if not wanted or one.casefold() in wanted)
    if not chosen:
        raise UsageError(*_why_nobody(kept, message_id))
    return tuple(dict.fromkeys(chosen))


def _why_nobody(kept: Kept, message_id: str) -> tuple[str, str, str]:
    begun = [one for one in kept.deliveries if not one.is_done]
    if not begun:
        return "does not wait for such a recipient", "`show` names them", message_id
    seen = "the mail server never showed it to the filter"
    if begun[0].queue_id:
        seen = f"the mail server showed it to the filter as {begun[0].queue_id}"
    what = f"a release was begun and its end is not known; {seen}"
    hint = "look into the mail server's log, then --again releases it once more"
    if not begun[0].queue_id:
        hint = f"after {PASS_US // 60_000_000} minutes without that it has not; {hint}"
    return what, hint, message_id


def _letter(holding: Holding, chosen: tuple[str, ...], header: bytes, raw: bytes) -> Outgoing:
    known = dict(zip(holding.recipients, holding.recipient_parameters, strict=False))
    data = header + _trace(holding) + raw
    parameters = tuple(known.get(one, ()) for one in chosen)
    return Outgoing(holding.mail_from, chosen, data, holding.mail_parameters, parameters)


def _trace(holding: Holding) -> bytes:
    """How the message came to us: the server's own line about that is not part of it."""
    helo, client, server, queue_id = (
        one if _NAME.fullmatch(one) else "unknown"
        for one in (holding.helo, holding.client, holding.server, holding.queue_id)
    )
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=holding.held_at)
    address = f"IPv6:{client}" if ":" in client else client
    return (f"Received: from {helo} ([{address}])\r\n\tby {server} (quarantine) id {queue_id};"
            f"\r\n\t{format_datetime(moment)}\r\n").encode()  # fmt: skip


def _end(kept: Kept, order: Order, attempt: str, handed: Handed) -> Deed:
    """What is known at the end: also where it is not known of all, who was refused is."""
    is_released = handed.is_certain and bool(handed.accepted)
    what = deeds.RELEASED if is_released else deeds.NOT_RELEASED
    told = [order.why] if order.why else []
    told += [f"{one}: {said}" for one, said in handed.refused.items()] or [handed.said]
    deed = _deed(kept, order.who, what, "; ".join(told)[:2000])
    if is_released:
        return _of_attempt(deed, attempt, handed.accepted, order.link)
    return _of_attempt(deed, attempt, () if handed.is_certain else tuple(handed.refused))


def _deed(kept: Kept, who: str, what: str, why: str) -> Deed:
    holding = kept.holding
    return Deed(
        when=deeds.now(),
        who=who,
        what=what,
        why=why,
        id=holding.id,
        held_at=holding.held_at,
        sender=holding.sender,
        subject=holding.subject,
    )


def _of_attempt(deed: Deed, attempt: str, recipients: tuple[str, ...], link: str = "") -> Deed:
    return dataclasses.replace(deed, attempt=attempt, recipients=recipients, link=link)
