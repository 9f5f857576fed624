"""Rules for harmful messages and the mailboxes that got them, made once these are known.

Two steps: what message tracking says of the messages tells whose mailboxes they reached; then the
sign-ins to these mailboxes and the mail from them are looked for. Columns and events of message
tracking: Microsoft Learn, "Message tracking".
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from exward.model.account import bare_name
from exward.model.finding import Evidence
from exward.rules import sigma_loader
from exward.rules.hits import Hit
from exward.rules.ir import RuleSet
from exward.rules.sigma_loader import Located
from exward.scan.tasks import Lure

MAX_MAILBOXES = 300
"""Mailboxes that are followed, in the order in which they are given."""
MIN_RECIPIENTS = 20
"""People inside who get one subject from one mailbox within an hour: more than most teams."""
MIN_REQUESTS = 3
"""To a mailbox by an account, from which on that counts as its owner."""
_NAMESPACE = uuid.UUID("0f6d3f7c-95d5-5b8e-8d6b-5a0d4f1f2b77")
_ADDRESS = re.compile(r"[\w.!#$%&'+/=^`{|}~-]{2,64}@[\w.-]{3,180}\Z")
_REFUSED = ("400", "401", "403", "404", "440", "500", "502", "503")
"""Statuses of a request that let nobody in; 440: the session has ended (Exchange)."""
_FIELDS = ("message-id", "event-id", "recipient-address", "sender-address", "message-subject")


class Delivery(NamedTuple):
    """One event in the life of a message: `event` is message tracking's, in upper case."""

    message_id: str
    event: str
    recipients: tuple[str, ...]
    time: int
    server: str
    place: Evidence


def _id(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))


SIGN_IN_RULES = frozenset({_id("web"), _id("logon")})
"""Rules whose hits are sign-ins; they report nothing themselves."""
SENT_RULE = _id("sent")
BURST_RULE = _id("burst")


def for_messages(lures: Iterable[Lure]) -> tuple[RuleSet, dict[str, tuple[str, ...]]]:
    """Rules that find the messages in message tracking, and the fields wanted of their hits."""
    ids = sorted({one.message_id for one in lures if one.message_id})
    rule = {
        **_head("messages", "Harmful Message In Message Tracking"),
        "logsource": {"product": "exchange", "service": "message-tracking"},
        "detection": {"message": {"message-id": list(map(_literal, ids))}, "condition": "message"},
    }
    documents = [rule] if ids else []
    return _build(documents), {_id("messages"): _FIELDS}


def deliveries(hits: Iterable[Hit]) -> Iterator[Delivery]:
    """What message tracking says of the messages, in order of time."""
    for hit in hits:
        values = hit.values
        told = (values.get("recipient-address") or "").casefold().split(";")
        shown = {name: values[name] for name in _FIELDS if values.get(name)}
        yield Delivery(
            message_id=(values.get("message-id") or "").strip().casefold(),
            event=(values.get("event-id") or "").strip().upper(),
            recipients=tuple(one.strip() for one in told if one.strip()),
            time=hit.time,
            server=hit.server,
            place=Evidence(hit.evidence.file, hit.evidence.position, hit.time, shown),
        )


def followed(mailboxes: Iterable[str]) -> list[str]:
    """The mail addresses among these that are followed, each once."""
    good = (one for one in mailboxes if _ADDRESS.match(one))
    return list(dict.fromkeys(good))[:MAX_MAILBOXES]


def for_names(mailboxes: Iterable[str]) -> RuleSet:
    """A rule for each mailbox that finds who signs in to it, where a log names both.

    HttpProxy names the mailbox as `AnchorMailbox` (`Smtp~ann.lee@…`), Autodiscover as EmailAddress
    or in the query.
    """
    return _build([
        {
            **_head(f"name {mailbox}", "Who Signs In To A Mailbox"),
            "logsource": {"product": "exchange"},
            "detection": {
                "mailbox": [
                    {"AnchorMailbox|endswith": f"~{_literal(mailbox)}"},
                    {"AnchorMailbox": _literal(mailbox)},
                    {"EmailAddress": _literal(mailbox)},
                    {"UrlQuery|contains": f"Email={_literal(mailbox)}"},
                ],
                "nobody": {"AuthenticatedUser": ["", None]},
                "condition": "mailbox and not nobody",
            },
        }
        for mailbox in mailboxes
    ])  # fmt: skip


def accounts(counts: Mapping[tuple[str, str], int], mailboxes: Iterable[str]) -> dict[str, str]:
    """Who signs in to each mailbox: the account that most requests are of.

    `counts`: requests by rule of `for_names` and account. Others may open a mailbox, too, so that
    an account of few requests, or of no more than half, is not believed.
    """
    names: dict[str, Counter[str]] = {}
    for (rule, account), count in counts.items():
        names.setdefault(rule, Counter())[bare_name(account)] += count
    found = {}
    for mailbox in mailboxes:
        told = names.get(_id(f"name {mailbox}"), Counter())
        account, most = max(told.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if account and most >= MIN_REQUESTS and 2 * most > told.total():
            found[mailbox] = account
    return found


def with_mailboxes(rules: RuleSet, mailboxes: Sequence[str], owners: Mapping[str, str]) -> RuleSet:
    """The rule set with rules for sign-ins to mailboxes (`followed`) and mail from them.

    `owners`: as `accounts` gives them.
    """
    if not mailboxes:
        return rules
    names = {bare_name(one) for one in mailboxes} | set(owners.values())
    own = _build([*_sign_ins(sorted(names), mailboxes), *_sent(mailboxes)])
    silent = [
        msgspec.structs.replace(one, report=one.report and one.meta.id not in SIGN_IN_RULES)
        for one in own.rules
    ]
    return msgspec.structs.replace(
        rules,
        rules=tuple(sorted((*rules.rules, *silent), key=lambda one: one.meta.id)),
        correlations=tuple(
            sorted((*rules.correlations, *own.correlations), key=lambda one: one.meta.id)
        ),
    )


def _build(documents: Sequence[Mapping[str, object]]) -> RuleSet:
    return sigma_loader.build(
        [Located("harmful mail in the evidence", 0, document) for document in documents], {}
    )


def _sign_ins(names: Sequence[str], mailboxes: Sequence[str]) -> Iterator[dict[str, object]]:
    exact = [_literal(one) for one in (*names, *sorted(mailboxes))]
    inside = [f"\\{_literal(one)}" for one in names]
    yield {
        **_head("web", "Request Of An Account That Got A Harmful Message"),
        "logsource": {"category": "webserver"},
        "detection": {
            "who": [
                {"cs-username": exact},
                {"cs-username|endswith": inside},
                {"cs-username|startswith": [f"{_literal(one)}@" for one in names]},
            ],
            "refused": {"sc-status": list(_REFUSED)},
            "condition": "who and not refused",
        },
    }
    yield {
        **_head("logon", "Logon Of An Account That Got A Harmful Message"),
        "logsource": {"product": "windows", "service": "security"},
        "detection": {
            "who": {"EventID": 4624, "TargetUserName": exact},
            "condition": "who",
        },
    }


def _sent(mailboxes: Sequence[str]) -> Iterator[dict[str, object]]:
    yield {
        **_head("sent", "Mail Inside From A Mailbox That Got A Harmful Message"),
        "name": "sent_after_harmful_message",
        "logsource": {"product": "exchange", "service": "message-tracking"},
        "detection": {
            "sent": {
                "event-id": "DELIVER",
                "sender-address": list(map(_literal, sorted(mailboxes))),
            },
            "condition": "sent",
        },
    }
    yield {
        **_head("burst", "One Subject To Many Inside From A Mailbox That Got A Harmful Message"),
        "tags": ["attack.lateral-movement", "attack.t1534"],
        "correlation": {
            "type": "value_count",
            "rules": ["sent_after_harmful_message"],
            "group-by": ["sender-address", "message-subject"],
            "timespan": "1h",
            "condition": {"gte": MIN_RECIPIENTS, "field": "recipient-address"},
        },
    }


def _head(name: str, title: str) -> dict[str, object]:
    return {
        "title": title,
        "id": _id(name),
        "status": "stable",
        "level": "informational",
        "exward": {
            "stage": "lateral-movement",
            "grade": "success",
            "confidence": "low",
            "advice": "Ask the owner of the mailbox by telephone; remove the messages from all "
            "mailboxes; reset the password.",
        },
    }


def _literal(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)
