"""Mail meets server: the message, the sign-in that followed, the rule it made, the mail it sent.

A harmful message in a mailbox is nothing yet: every server gets them daily. It becomes the first
step of an attack when the mailbox is misused within a week. What followed is weighed; where it is
enough, all of it is joined by the mailbox and gets the severity that it has together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from exward.incidents.habits import SPREADING
from exward.incidents.joins import DAY, MAILBOX_FIELD
from exward.incidents.story import shortened
from exward.incidents.words import when
from exward.model.account import bare_name
from exward.model.finding import Confidence, Evidence, Finding
from exward.model.severity import Severity

DETECTOR = "mail"
MESSAGE_RULE = "harmful-message"
SIGN_IN_RULE = "sign-in-after-harmful-message"
FOLLOW = 7 * DAY
"""µs: intruders used half of the accounts that they had phished within twelve hours, 91 % within a
week (Agari, "Anatomy of a Compromised Account", 2021)."""
FORWARDING = frozenset({"T1114.003", "T1564.008", "T1137.005"})
"""ATT&CK: e-mail forwarding rule, e-mail hiding rules, Outlook rules."""
MAX_SUBJECT = 80
_OWNER_FIELDS = ("MailboxOwnerUPN", "sender-address", "related-recipient-address")
_OF_MAILBOX = re.compile(r'-(?:Identity|Mailbox)[: ]\s*"?([^"\s]{1,200})')
_TARGETS = re.compile(
    r'-(?:RedirectTo|ForwardTo|ForwardAsAttachmentTo|ForwardingSmtpAddress)[: ]\s*"?([^"-]{1,400})'
)
_TARGET_FIELDS = (
    *("Parameters", "Parameter.RedirectTo", "Parameter.ForwardTo"),
    *("Parameter.ForwardAsAttachmentTo", "Parameter.ForwardingSmtpAddress", "recipient-address"),
)
_DOMAIN = re.compile(r"@([\w.-]{3,253})")
_BETWEEN = re.compile(r"[\s.,_-]+")
_Name = tuple[str, ...]
_ANSWER = re.compile(r"(?:\s*(?:re|aw|antw|sv)\s*:)+\s*", re.IGNORECASE)
WEIGHTY, LIGHT, PROVEN = 2, 1, 3
"""Points of one kind of thing that followed, and how many of two kinds make it proven.

Weighty are a sign-in in a way that is new, or from where the rule was made; a rule that is grave by
itself; the subject of the message sent on. Light are any new address, a rule that sends mail out, a
burst to a hundred. People get new phones, travel, make rules and write to their team, and in a
large organisation somebody does so every day after some message: one of these proves nothing.
"""


class Arrival(NamedTuple):
    """When a message came (µs UTC), to which mailbox (lower case), and who signs in to that.

    `account` is a bare name: that of the mailbox, unless the logs tell of another.
    """

    time: int
    mailbox: str
    account: str


Came = Mapping[str, Sequence[Arrival]]
"""Id of the finding on a message → its arrivals."""


@dataclass(slots=True)
class _Mailbox:
    """What is known of one mailbox: numbers of findings, messages with the time of each."""

    address: str
    account: str
    messages: list[tuple[int, int]] = field(default_factory=list)
    sign_ins: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    spread: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Raise:
    """What a finding weighs as a part of a story."""

    severity: Severity
    confidence: Confidence
    mailbox: str
    message: int
    time: int
    """When the message came, µs UTC."""


def connect(findings: Iterable[Finding], came: Came) -> tuple[Finding, ...]:
    """Tie harmful messages to what followed; what is part of such a story weighs more.

    Findings are attributed and merged already. Sign-ins that no story needs are left out: people
    travel.
    """
    held = tuple(findings)
    if not came:
        return held
    raised: defaultdict[int, list[_Raise]] = defaultdict(list)
    for mailbox in _mailboxes(held, came):
        for number, one in _weighed(mailbox, held):
            raised[number].append(one)
    return tuple(
        _told(one, raised[number], held) if number in raised else one
        for number, one in enumerate(held)
        if number in raised or not _is_doubtful(one)
    )


def subject_of(text: str) -> str:
    """A subject as it is compared, without the `Re:` of answers."""
    return " ".join(_ANSWER.sub("", text, count=1).split()).casefold()


def _is_doubtful(finding: Finding) -> bool:
    return finding.rule == SIGN_IN_RULE and finding.confidence is Confidence.LOW


def _mailboxes(held: Sequence[Finding], came: Came) -> Iterator[_Mailbox]:
    """Every mailbox that a message reached, with what its owner seems to have done since."""
    found: dict[str, _Mailbox] = {}
    for number, one in enumerate(held):
        for time, address, account in () if one.accepted else came.get(one.id, ()):
            mailbox = found.setdefault(address, _Mailbox(address, account))
            mailbox.messages.append((time, number))
    owners: defaultdict[_Name, list[_Mailbox]] = defaultdict(list)
    for mailbox in found.values():
        for name in {_name(bare_name(mailbox.address)), _name(mailbox.account)}:
            owners[name].append(mailbox)
    users = _users(held, owners)
    for number, one in enumerate(held):
        if one.rule == MESSAGE_RULE or one.accepted:
            continue
        names = _names(one) & owners.keys()
        concerned = [mailbox for name in sorted(names) for mailbox in owners[name]]
        if not FORWARDING.isdisjoint(one.techniques):
            concerned += users.get(one.source_ip, ())
        for mailbox in {id(mailbox): mailbox for mailbox in concerned}.values():
            _sort_in(mailbox, number, one)
    yield from (found[address] for address in sorted(found))


def _users(
    held: Sequence[Finding], owners: Mapping[_Name, Sequence[_Mailbox]]
) -> dict[str, list[_Mailbox]]:
    """New address → the mailboxes that were signed in to from there."""
    users: defaultdict[str, list[_Mailbox]] = defaultdict(list)
    for one in held:
        if one.rule == SIGN_IN_RULE and one.source_ip and not one.accepted:
            users[one.source_ip] += owners.get(_name(one.account), ())
    return users


def _name(text: str) -> _Name:
    """A name as it is compared: `ann.lee`, `Ann Lee` and `Lee, Ann` are the same."""
    return tuple(sorted(filter(None, _BETWEEN.split(text.casefold()))))


def _sort_in(mailbox: _Mailbox, number: int, one: Finding) -> None:
    if _message_before(mailbox, one) is None:
        return
    if one.rule == SIGN_IN_RULE:
        mailbox.sign_ins.append(number)
    elif SPREADING in one.techniques:
        mailbox.spread.append(number)
    elif not FORWARDING.isdisjoint(one.techniques):
        mailbox.rules.append(number)


def _names(one: Finding) -> set[_Name]:
    """Whose account did it, or whose mailbox it was done to."""
    named = [one.account]
    for place in one.evidence[:10]:
        named += [place.fields.get(name, "") for name in _OWNER_FIELDS]
        named += _OF_MAILBOX.findall(place.fields.get("Parameters", ""))
    return {_name(bare_name(text)) for text in named if text} - {()}


def _message_before(mailbox: _Mailbox, one: Finding) -> tuple[int, int] | None:
    """The last message that came within a week before."""
    if one.first is None:
        return None
    near = [told for told in mailbox.messages if 0 < one.first - told[0] <= FOLLOW]
    return max(near, default=None)


def _weighed(mailbox: _Mailbox, held: Sequence[Finding]) -> Iterator[tuple[int, _Raise]]:
    """What of it is a story, and what each part weighs then."""
    grave = [one for one in mailbox.rules if held[one].severity.rank >= Severity.HIGH.rank]
    rules = [one for one in mailbox.rules if one in grave or _sends_out(held[one], mailbox)]
    makers = {held[one].source_ip for one in rules} - {""}
    sure = [
        one
        for one in mailbox.sign_ins
        if held[one].confidence is not Confidence.LOW or held[one].source_ip in makers
    ]
    same = [one for one in mailbox.spread if _has_subject(held[one], mailbox, held)]
    large = [one for one in mailbox.spread if held[one].severity is not Severity.INFORMATIONAL]
    kinds = ((mailbox.sign_ins, sure), (rules, grave), (large, same))
    points = [WEIGHTY if weighty else LIGHT if light else 0 for light, weighty in kinds]
    if sum(points) >= PROVEN and sum(map(bool, points)) > 1:
        levels, confidence = (Severity.MEDIUM, Severity.HIGH, Severity.HIGH), Confidence.MEDIUM
        parts = [sure or mailbox.sign_ins, rules, mailbox.spread]
    else:
        levels, confidence = (Severity.MEDIUM,) * 3, Confidence.LOW
        parts = [[], grave, same]
    for numbers, severity in zip(parts, levels, strict=True):
        for number in numbers:
            before = _message_before(mailbox, held[number])
            if before is not None:
                time, message = before
                yield number, _Raise(severity, confidence, mailbox.address, message, time)
                came = (Severity.MEDIUM, Confidence.MEDIUM, mailbox.address, message, time)
                yield message, _Raise(*came)


def _sends_out(rule: Finding, mailbox: _Mailbox) -> bool:
    """Whether mail goes to an address of another domain than that of the mailbox."""
    own = mailbox.address.rpartition("@")[2]
    targets = [
        text
        for place in rule.evidence[:10]
        for name in _TARGET_FIELDS
        for text in (
            _TARGETS.findall(place.fields.get(name, ""))
            if name == "Parameters"
            else [place.fields.get(name, "")]
        )
    ]
    domains = {one.casefold().strip(".") for text in targets for one in _DOMAIN.findall(text)}
    return bool(domains - {own})


def _has_subject(spread: Finding, mailbox: _Mailbox, held: Sequence[Finding]) -> bool:
    """Whether what is sent on has the subject of a message that came.

    Who warns others forwards it: `FW:` makes it another one.
    """
    sent = {subject_of(place.fields.get("message-subject", "")) for place in spread.evidence}
    came = {
        subject_of(place.fields.get("message-subject", ""))
        for _, number in mailbox.messages
        for place in held[number].evidence
    }
    return not (sent - {""}).isdisjoint(came)


def _told(one: Finding, parts: Sequence[_Raise], held: Sequence[Finding]) -> Finding:
    """The finding with its weight in the story and the mailbox that joins it."""
    worst = max(parts, key=lambda part: (part.severity.rank, _SURE[part.confidence]))
    severity = max(one.severity, worst.severity, key=lambda level: level.rank)
    confidence = max(one.confidence, worst.confidence, key=_SURE.__getitem__)
    why = one.why
    if one.rule not in (MESSAGE_RULE, SIGN_IN_RULE):
        why = f"{why}; {after(held[worst.message], worst.mailbox, worst.time)}"
    mailboxes = {part.mailbox for part in parts}
    return replace(
        one,
        severity=severity,
        confidence=confidence,
        why=why,
        evidence=tuple(_marked(one, mailboxes)),
    )


def after(message: Finding, mailbox: str, time: int) -> str:
    """What came before, in words."""
    fields = message.evidence[0].fields
    subject = shortened(fields.get("message-subject", ""), MAX_SUBJECT)
    sender = shortened(fields.get("sender-address", ""), MAX_SUBJECT)
    return f"after {subject!r} from {sender or 'nobody'} came to {mailbox} on {when(time)}"


def _marked(one: Finding, mailboxes: set[str]) -> Iterator[Evidence]:
    """The places, each mailbox on the first that is about it; else on the first that is free."""
    about = {place.fields.get("recipient-address", "").casefold() for place in one.evidence}
    elsewhere = sorted(mailboxes - about if one.rule == MESSAGE_RULE else mailboxes)
    waiting = mailboxes - set(elsewhere)
    for place in one.evidence:
        named = place.fields.get("recipient-address", "").casefold()
        if named in waiting:
            waiting.remove(named)
            yield replace(place, fields={**place.fields, MAILBOX_FIELD: named})
        elif elsewhere:
            yield replace(place, fields={**place.fields, MAILBOX_FIELD: elsewhere.pop(0)})
        else:
            yield place


_SURE = {confidence: rank for rank, confidence in enumerate(Confidence)}
