"""What users may do themselves: ask, by a link of theirs, for a message of theirs."""

from __future__ import annotations

from exward.mail.quarantine import decisions, deeds
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.handing import MailServer
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.links import Link, read_token, token_digest
from exward.mail.quarantine.passes import recipient_key
from exward.mail.quarantine.store import FAILURES, Quarantine
from exward.mail.signs import BEC, MALWARE, PHISHING
from exward.model.errors import ExwardError
from exward.model.quarantine import Answer, Asked, Holding

FOR_ADMINISTRATORS = frozenset({MALWARE, PHISHING, BEC})
"""Classes that users may not release unless the settings say so; malware never."""


def may_ask(holding: Holding, reserved: frozenset[str]) -> bool:
    """Whether a user may release a message; `reserved` are classes for administrators."""
    return not (reserved | {MALWARE}) & set(holding.classes)


def look(quarantine: Quarantine, token: str, reserved: frozenset[str]) -> Asked:
    """What a link would do now; changes nothing. Raises what `Quarantine` raises."""
    link = read_token(load_key(quarantine.folder), token)
    if link is None:
        return Asked(Answer.UNKNOWN)
    if link.expires < deeds.micros_now():
        return Asked(Answer.ENDED)
    if quarantine.index.is_used(token_digest(token)):
        return Asked(Answer.USED)
    return _look(quarantine, link, reserved)


def _look(quarantine: Quarantine, link: Link, reserved: frozenset[str]) -> Asked:
    kept = quarantine.index.get(link.message_id)
    if kept is None or kept.holding.held_at != link.held_at:
        return Asked(Answer.UNKNOWN)
    holding = kept.holding
    mine = [one for one in holding.recipients if recipient_key(one) == link.recipient]
    if not mine:
        return Asked(Answer.UNKNOWN)
    if not may_ask(holding, reserved):
        return Asked(Answer.ADMINISTRATOR, holding, mine[0])
    begun = [one for one in kept.deliveries if one.recipient == mine[0]]
    if any(one.is_done for one in begun):
        return Asked(Answer.USED, holding, mine[0])
    if any(map(decisions.may_have_arrived, begun)):
        return Asked(Answer.LATER, holding, mine[0], "a release was begun and its end is not known")
    return Asked(Answer.READY, holding, mine[0])


def ask(
    quarantine: Quarantine, token: str, reserved: frozenset[str], server: MailServer, client: str
) -> Asked:
    """Release what a link is for, to whom it is for. Raises what `Quarantine` raises."""
    asked = look(quarantine, token, reserved)
    if asked.answer is not Answer.READY or asked.holding is None:
        return asked
    kept = quarantine.index.get(asked.holding.id)
    if kept is None:
        return Asked(Answer.UNKNOWN)
    order = Order(who=f"{asked.recipient} from {client}", why="asked for by link",
                  recipients=(asked.recipient,), link=token_digest(token))  # fmt: skip
    try:
        handed = decisions.release(quarantine, kept, order, server)
    except (*FAILURES, ExwardError) as error:
        return Asked(Answer.LATER, asked.holding, asked.recipient, str(error))
    answer = Answer.RELEASED if handed.accepted and handed.is_certain else Answer.LATER
    return Asked(answer, asked.holding, asked.recipient, handed.said)
