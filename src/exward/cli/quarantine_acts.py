"""What the commands of `exward mail quarantine` do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.output import write_text
from exward.cli.quarantining import address_of, quarantine_in, who_asks
from exward.cli.terminal import complain, note, send, show
from exward.mail.quarantine import audit, decisions
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.locks import BusyError
from exward.mail.quarantine.preview import preview
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import ExwardError
from exward.model.quarantine import Kept, State
from exward.reports.quarantine.listing import FORMS, TRAIL_FORMS
from exward.reports.quarantine.pages import preview_page
from exward.reports.quarantine.terminal import render

ALL = "all"
WAITING = "waiting"


def list_held(values: Mapping[str, Any]) -> int:
    """Print what matches, newest first."""
    query = Query(
        states=_states(values["state"]),
        sender=values.get("sender") or "",
        recipient=values.get("recipient") or "",
        subject=values.get("subject") or "",
        reason=values.get("reason") or "",
        since=values.get("since"),
        until=values.get("until"),
        limit=values["limit"],
    )
    with quarantine_in(values["quarantine"]) as quarantine:
        found = quarantine.index.find(query)
        total = quarantine.index.count(query)
    send(FORMS[values["list_format"]](found))
    note(f"{total:,} messages" + (f", {len(found):,} shown" if total > len(found) else ""))
    return exits.DONE


def show_held(given: str, values: Mapping[str, Any]) -> int:
    """Print a message, or write it as a page."""
    with quarantine_in(values["quarantine"]) as quarantine:
        kept = quarantine.resolve(given)
        shown = preview(kept, quarantine.message(kept, checked=False))
    if values["html"]:
        write_text(Path(values["html"]), (preview_page(shown),))
        note(f"written: {values['html']}")
    else:
        send(render(shown))
    return exits.DONE


def release_held(ids: Sequence[str], values: Mapping[str, Any]) -> int:
    """Release messages one by one; 3 if one could not be."""
    server = MailServer(*address_of(values["smtp"], "--smtp"))
    order = Order(who=who_asks(), why=values["why"], recipients=tuple(values["to"]),
                  again=values["again"])  # fmt: skip
    failed = False
    with quarantine_in(values["quarantine"]) as quarantine:
        for kept in [quarantine.resolve(one) for one in ids]:
            try:
                handed = decisions.release(quarantine, kept, order, server)
                failed |= not _tell_release(kept, handed)
                _warn_of_way(quarantine, kept, handed)
                if values["learn"] and handed.accepted and handed.is_certain:
                    name = decisions.learn(quarantine, kept, order.who, order.why)
                    show(f"{kept.holding.id}: {name} is allowed from now on")
            except (ExwardError, BusyError) as error:
                complain(str(error), "", kept.holding.id)
                failed = True
    return exits.FAILED if failed else exits.DONE


def delete_held(ids: Sequence[str], values: Mapping[str, Any]) -> int:
    """Delete messages for good."""
    with quarantine_in(values["quarantine"]) as quarantine:
        for kept in [quarantine.resolve(one) for one in ids]:
            decisions.delete(quarantine, kept, who_asks(), values["why"])
            show(f"{kept.holding.id}: deleted")
    return exits.DONE


def block_senders(given: Sequence[str], values: Mapping[str, Any]) -> int:
    """Block addresses, domains, or the senders of messages."""
    with quarantine_in(values["quarantine"]) as quarantine:
        for name in [_sender(quarantine, one) for one in given]:
            is_new = decisions.block(quarantine, name, who_asks(), values["why"])
            show(f"{name}: {'blocked from now on' if is_new else 'was blocked already'}")
    return exits.DONE


def expire_held(values: Mapping[str, Any]) -> int:
    """Delete what is older than so many days."""
    with quarantine_in(values["quarantine"]) as quarantine:
        count = decisions.expire(quarantine, values["days"], who_asks())
    show(f"{count:,} messages deleted")
    return exits.DONE


def show_trail(values: Mapping[str, Any]) -> int:
    """Print every decision, and check that none was changed or taken out; 4 if one was."""
    with quarantine_in(values["quarantine"]) as quarantine:
        path = quarantine.folder / audit.FILE
        entries = [entry.deed for entry in audit.read(path)]
        send(TRAIL_FORMS[values["list_format"]](deed for deed in entries if deed is not None))
        broken = [*audit.breaks(audit.read(path))]
        is_cut = quarantine.index.trail()[0] > (path.stat().st_size if path.is_file() else 0)
    for number in broken[:20]:
        note(f"line {number} is damaged, or what stood before it was changed or taken out")
    if not broken and not is_cut:
        note(f"{len(entries):,} entries, and the chain of their digests is whole")
    return exits.INCOMPLETE if broken or is_cut else exits.DONE


def _states(name: str) -> tuple[State, ...]:
    if name == ALL:
        return tuple(State)
    return (State.HELD, State.RELEASING) if name == WAITING else (State(name),)


def _tell_release(kept: Kept, handed: Handed) -> bool:
    """Whether it went as it should."""
    message_id = kept.holding.id
    for recipient, said in handed.refused.items():
        complain(f"not released to {recipient}: {said}", "it waits as before", message_id)
    if not handed.is_certain:
        hint = "look into the mail server's log; --again releases it once more"
        complain(f"nobody knows whether the mail server has it: {handed.said}", hint, message_id)
        return False
    if handed.accepted:
        show(f"{message_id}: released to {', '.join(handed.accepted)}")
    return not handed.refused


def _warn_of_way(quarantine: Quarantine, kept: Kept, handed: Handed) -> None:
    """A mail server that is set up as it should be asks the filter before it takes a release."""
    now = quarantine.index.get(kept.holding.id)
    seen = {one.recipient for one in now.deliveries if one.queue_id} if now is not None else set()
    if handed.is_certain and not seen.issuperset(handed.accepted):
        note(f"{kept.holding.id}: the mail server took it without asking the filter of this "
             "quarantine: does --smtp lead to it? X-Exward-Pass stays in the message")  # fmt: skip


def _sender(quarantine: Quarantine, given: str) -> str:
    """A name as it was given, or the sender of the message whose id it is."""
    if "." in given or "@" in given:
        return given
    return quarantine.resolve(given).holding.sender_address
