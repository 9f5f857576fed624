"""Puts letters into the quarantine, and lets pass what comes out of it.

The mail server is told to forget a letter only after its file is forced to the disk. If that is
all that happened before the power went, the sender tries again, and the same letter is the same
file: it is held once.
"""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from pathlib import Path

from exward.mail.addresses import parse_mailbox
from exward.mail.milter import packets
from exward.mail.milter.decision import Decision, FilterOptions, let_pass
from exward.mail.milter.packets import Packet
from exward.mail.milter.session import Letter
from exward.mail.mime.parser import parse
from exward.mail.quarantine import deeds, files
from exward.mail.quarantine.files import HELD, DamagedFileError
from exward.mail.quarantine.index import FILE, Index
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.lists import FILE as LISTS
from exward.mail.quarantine.lists import joined, load_lists
from exward.mail.quarantine.passes import DIGEST, HEADER, Pass, read_pass, recipient_key
from exward.mail.quarantine.store import FAILURES, Quarantine
from exward.mail.settings import MailSettings
from exward.model.errors import ContentError
from exward.model.message import MessageVerdict, Reason
from exward.model.quarantine import Deed, Holding

_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f\ufffd]{1,1000}")
_WHO = "the filter"


class Keeper:
    """The filter's side of a quarantine; one in each worker."""

    def __init__(self, folder: Path, settings: MailSettings, options: FilterOptions) -> None:
        """Raises OSError or ContentError if there is no key to be had."""
        self._folder, self._settings, self._options = folder, settings, options
        self._key = load_key(folder)
        self._lists: tuple[int, MailSettings] = (0, settings)

    def settings(self) -> MailSettings:
        """The settings with the quarantine's lists as they are now."""
        try:
            changed = (self._folder / LISTS).stat().st_mtime_ns
        except OSError:
            return self._settings
        if changed != self._lists[0]:
            try:
                self._lists = (changed, joined(self._settings, load_lists(self._folder)))
            except ContentError:  # edited by hand: what held before holds on
                self._lists = (changed, self._lists[1])
        return self._lists[1]

    def passed(self, letter: Letter) -> Decision | None:
        """What to answer to a letter that has a pass of ours; None for all others."""
        if letter.header_counts.get(HEADER.lower()) != 1:
            return None
        given = read_pass(self._key, letter.raw, deeds.micros_now())
        if given is None:
            return None
        if given.kind == DIGEST:
            is_for = [recipient_key(one) for one in letter.recipients] == [given.subject]
            return let_pass(letter, None, self._options) if is_for else None
        try:
            holding = self._see(given, letter)
        except FAILURES as error:
            return Decision(None, (Packet(packets.TEMPFAIL),), failed=f"quarantine: {error}")
        return let_pass(letter, holding, self._options) if holding is not None else None

    def _see(self, given: Pass, letter: Letter) -> Holding | None:
        """Note that the server has what is released; None if the pass was used or is not meant."""
        with Quarantine(self._folder, fully=False) as quarantine, quarantine.deciding():
            kept = quarantine.index.get(given.subject)
            begun = {one.recipient for one in kept.deliveries
                     if one.attempt == given.attempt and not one.is_done and not one.queue_id
                     } if kept is not None else set()  # fmt: skip
            if kept is None or not begun or not begun.issuperset(letter.recipients):
                return None
            deed = Deed(when=deeds.now(), who=_WHO, what=deeds.SEEN, id=kept.holding.id,
                        held_at=kept.holding.held_at, attempt=given.attempt,
                        queue_id=letter.queue_id or "-")  # fmt: skip
            quarantine.record(deed)
            return kept.holding

    def keep(self, letter: Letter, decision: Decision) -> Decision:
        """Store a letter that would be put on hold; `failed` if that is not possible."""
        verdict = decision.verdict
        if verdict is None or not decision.is_held:
            return decision
        if not _can_keep(letter):
            return dataclasses.replace(
                decision, said="on hold in the mail server: too large, or an odd envelope"
            )
        holding = self._holding(letter, verdict, decision.results)
        try:
            self._store(holding, letter.raw)
        except OSError as error:
            return dataclasses.replace(decision, failed=f"cannot be stored: {error}")
        said = f"kept as {holding.id}"
        return dataclasses.replace(decision, answer=(Packet(packets.DISCARD),), said=said)

    def _store(self, holding: Holding, raw: bytes) -> None:
        path = files.path_of(self._folder, HELD, holding.id)
        if path.exists() and _is_there(path):
            return
        files.write_message(self._folder, holding, raw)
        try:
            index = Index(self._folder / FILE, checked=False)
        except (OSError, sqlite3.Error):
            return  # whoever opens the quarantine next enters what the index lacks
        try:
            index.add(holding, is_open=True)
        except sqlite3.Error:
            return
        finally:
            index.close()

    def _holding(self, letter: Letter, verdict: MessageVerdict, results: str) -> Holding:
        envelope = letter.envelope
        return Holding(
            id=files.identity(envelope.mail_from, letter.recipients, letter.raw),
            held_at=deeds.micros_now(),
            mail_from=envelope.mail_from,
            recipients=letter.recipients,
            mail_parameters=letter.mail_parameters,
            recipient_parameters=letter.recipient_parameters,
            client=envelope.client,
            helo=envelope.helo,
            queue_id=letter.queue_id,
            server=self._options.server_name,
            results=_text(results),
            sender=_text(verdict.sender),
            sender_address=_sender_address(letter.raw),
            subject=_text(verdict.subject),
            verdict=verdict.verdict,
            score=verdict.score,
            classes=verdict.classes,
            reasons=tuple(
                Reason(one.check, one.weight, _text(one.why), _text(one.evidence))
                for one in verdict.reasons
            ),
            size_bytes=len(letter.raw),
        )


def _text(text: str) -> str:
    """Without lone surrogates: they are no characters, and no reader of JSON takes them."""
    return text.encode("utf-8", "replace").decode()


def _sender_address(raw: bytes) -> str:
    """From the header itself: in the text for people a name could pretend to be the address."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    return _text(parse_mailbox(parse(head + b"\r\n\r\n").first("from")).address)


def _can_keep(letter: Letter) -> bool:
    """Whether the very same letter could be handed back later."""
    sender = letter.envelope.mail_from
    return (
        not letter.is_cut
        and bool(letter.recipients)
        and all(_ADDRESS.fullmatch(one) for one in letter.recipients)
        and (not sender or _ADDRESS.fullmatch(sender) is not None)
    )


def _is_there(path: Path) -> bool:
    """Whether a file that is there is whole; a damaged one is written again."""
    try:
        return files.is_whole(*files.read_message(path))
    except (OSError, DamagedFileError):
        return False
