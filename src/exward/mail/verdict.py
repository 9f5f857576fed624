"""From a message to what is said of it: all checks, one sum, one word."""

from __future__ import annotations

from dataclasses import dataclass

from exward.mail import delivery
from exward.mail.checks.registry import checks
from exward.mail.classifier.weighing import weigh
from exward.mail.facts import Facts, gather
from exward.mail.known import NOTHING, Known
from exward.mail.mime.message import Message
from exward.mail.settings import MailSettings, Thresholds
from exward.mail.signs import BEC, BULK, MALWARE, PHISHING, SPAM, SPOOF, Sign
from exward.model.message import Disposal, MessageVerdict, Reason

GRAVITY = (MALWARE, BEC, PHISHING, SPOOF, SPAM, BULK)
MIN_CLASS_POINTS = 1.0
MAX_REASONS = 40
MAX_SHOWN = 500
"""Characters of a subject or sender that are kept."""


@dataclass(frozen=True, slots=True)
class _Found:
    reason: Reason
    mail_class: str


def judge(
    message: Message, path: str, settings: MailSettings, known: Known = NOTHING
) -> MessageVerdict:
    """Say what to do with a message and why; never raises."""
    facts = gather(message, settings, known)
    found = _run_checks(facts)
    found.sort(key=lambda one: (-abs(one.reason.weight), one.reason.check, one.reason.why))
    score = round(sum(one.reason.weight for one in found), 1)
    return MessageVerdict(
        path,
        disposal(score, settings.thresholds),
        score,
        _classes(found) if score > 0 else (),
        f"{facts.sender.name} <{facts.sender.address}>"[:MAX_SHOWN],
        facts.subject[:MAX_SHOWN],
        tuple(one.reason for one in found[:MAX_REASONS]),
        delivery.message_id(message),
        known.recipients or delivery.recipients(message),
        delivery.arrived(message) if known.time is None else known.time * 1_000_000,
    )


def disposal(score: float, limits: Thresholds) -> Disposal:
    """The word for a score."""
    if score >= limits.reject:
        return Disposal.REJECT
    if score >= limits.quarantine:
        return Disposal.QUARANTINE
    return Disposal.TAG if score >= limits.tag else Disposal.DELIVER


def _run_checks(facts: Facts) -> list[_Found]:
    """What all checks find; the points of hints come from the model, and none has none."""
    found, hints = [], []
    for name, check in checks():
        try:
            signs = list(check.find(facts))
        except Exception as error:  # noqa: BLE001 - the one place around a check
            why = f"This check failed ({type(error).__name__}): please report it."
            found.append(_Found(Reason(name, 0.0, why, str(error)[:200]), ""))
            continue
        found += [_as_found(name, one, one.weight, check.CLASS) for one in signs if not one.trait]
        hints += [(name, one, check.CLASS) for one in signs if one.trait]
    weighed = weigh(facts, {one.trait for _, one, _ in hints})
    for name, one, mail_class in hints:
        share = weighed.traits.pop(one.trait, 0.0)  # a trait counts once
        if share:
            found.append(_as_found(name, one, share, mail_class))
    if weighed.rest is not None:
        found.append(_as_found("classifier", weighed.rest, weighed.rest.weight, ""))
    return found


def _as_found(check: str, sign: Sign, weight: float, mail_class: str) -> _Found:
    reason = Reason(check, round(weight, 1), sign.why, sign.evidence)
    return _Found(reason, sign.mail_class or mail_class)


def _classes(found: list[_Found]) -> tuple[str, ...]:
    """The classes that enough points speak for, the gravest first."""
    points = dict.fromkeys(GRAVITY, 0.0)
    for one in found:
        if one.mail_class in points and one.reason.weight > 0:
            points[one.mail_class] += one.reason.weight
    return tuple(name for name in GRAVITY if points[name] >= MIN_CLASS_POINTS)
