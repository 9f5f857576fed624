"""From a letter to what the mail server is told: headers, hold, reject."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from exward.mail.authentication.check import authenticate
from exward.mail.authentication.resolver import Resolver
from exward.mail.authentication.results import header_value, server_of
from exward.mail.banner import with_banner
from exward.mail.history.learning import learn
from exward.mail.known import NOTHING, Known
from exward.mail.milter import packets
from exward.mail.milter.packets import Packet
from exward.mail.milter.session import Letter
from exward.mail.mime.message import Message
from exward.mail.mime.parser import parse
from exward.mail.quarantine.passes import HEADER as PASS
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from exward.model.message import Disposal, MessageVerdict
from exward.model.quarantine import Holding

VERDICT, SCORE, REASONS = "X-Exward-Verdict", "X-Exward-Score", "X-Exward-Reasons"
RESULTS = "Authentication-Results"
OURS = (VERDICT, SCORE, REASONS, PASS)
MAX_REASONS = 8
MAX_FORGED = 100
"""Headers of names that only mail servers and we write; no honest message has so many."""
REFUSAL = "550 5.7.1 This message was refused as {classes}"
TOO_MANY = "550 5.6.0 This message has too many headers, or too many of mail filters"
NOT_JUDGED = "not-judged"
"""The verdict in the header of what the settings let pass without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """How the filter speaks to the server."""

    server_name: str
    """The name under which results are added, and forged ones of that name are taken out."""
    subject_tag: str = ""
    """Put before the subject of what is tagged or held; empty: the subject stays."""
    may_reject: bool = True
    """Otherwise what would be refused is held."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said of a letter, and the packets that say it to the server.

    `verdict` is None for what was not judged: a release or a digest of ours.
    """

    verdict: MessageVerdict | None
    answer: tuple[Packet, ...]
    results: str = ""
    """What Authentication-Results says; empty: nobody checked."""
    said: str = ""
    """What else happened, for the log."""
    failed: str = ""
    """Why the quarantine could not take it; the answer follows from the settings then."""

    @property
    def is_held(self) -> bool:
        """Whether the answer puts the message on hold."""
        return any(one.command == packets.HOLD for one in self.answer)


def decide(
    letter: Letter,
    settings: MailSettings,
    options: FilterOptions,
    resolver: Resolver | None,
    known: Known = NOTHING,
) -> Decision:
    """Judge a letter; never raises. With a resolver its sender is checked."""
    message = parse(letter.raw)
    if resolver is not None:
        checked = authenticate(message, letter.raw, resolver, letter.envelope)
        known = replace(known, authentication=checked)
    # Nobody before us writes in our name: what came in it is forged, also where nobody checks.
    others = settings.trusted_authserv_ids - {options.server_name.lower()}
    settings = replace(settings, trusted_authserv_ids=others)
    known = replace(known, recipients=letter.recipients, time=int(time.time()))
    verdict = judge(message, letter.queue_id, settings, known)
    if known.history is not None:
        learn(known.history, message, verdict, known, settings)
    found = known.authentication
    results = header_value(found, options.server_name) if found is not None else ""
    answer = _answer(letter, verdict, results, options)
    return Decision(verdict, (*_warning(letter, message, verdict, settings), *answer), results)


def let_pass(letter: Letter, holding: Holding | None, options: FilterOptions) -> Decision:
    """Pass a letter on unjudged: the release of a holding, or (None) a digest of ours."""
    results = holding.results if holding is not None else ""
    found = _cleaned(letter, results, options)
    if holding is not None:
        found.append(packets.insert_header(0, SCORE, f" {holding.score:.1f}"))
    found.append(packets.insert_header(0, VERDICT, " released" if holding else " digest"))
    said = f"release of {holding.id}" if holding is not None else "digest"
    return Decision(None, (*found, Packet(packets.CONTINUE)), results, said)


def unjudged(letter: Letter) -> tuple[Packet, ...]:
    """Let a letter pass that could not be judged, and say so in a header.

    Whatever failed may have been the message itself: it is not parsed here. So nobody knows who
    wrote its results of authentication, and all are taken out.
    """
    if _has_too_many(letter):
        return (packets.reply(TOO_MANY),)
    found = [packets.change_header(number, name, "")
             for name in (*OURS, RESULTS)
             for number in range(letter.header_counts.get(name.lower(), 0), 0, -1)]  # fmt: skip
    return (*found, packets.insert_header(0, VERDICT, f" {NOT_JUDGED}"), Packet(packets.CONTINUE))


def _warning(
    letter: Letter, message: Message, verdict: MessageVerdict, settings: MailSettings
) -> list[Packet]:
    """The body with the banner, if there is one and the message is neither clean nor refused."""
    if verdict.verdict not in {Disposal.TAG, Disposal.QUARANTINE} or settings.banner is None:
        return []
    if letter.is_cut or letter.is_body_fixed:
        return []
    body = with_banner(letter.raw, message, settings.banner)
    return packets.replace_body(body) if body is not None else []


def _answer(
    letter: Letter, verdict: MessageVerdict, results: str, options: FilterOptions
) -> list[Packet]:
    if verdict.verdict is Disposal.REJECT and options.may_reject:
        classes = ", ".join(verdict.classes) or "unwanted"
        return [packets.reply(REFUSAL.format(classes=classes))]
    if _has_too_many(letter):
        return [packets.reply(TOO_MANY)]
    found = _cleaned(letter, results, options)
    found += [packets.insert_header(0, name, f" {value}")
              for name, value in reversed(list(_headers(verdict)))]  # fmt: skip
    if verdict.verdict is not Disposal.DELIVER and options.subject_tag:
        found.append(_tagged(verdict, options.subject_tag))
    if verdict.verdict.rank >= Disposal.QUARANTINE.rank:
        found.append(packets.hold(f"exward: {', '.join(verdict.classes)}"))
    return [*found, Packet(packets.CONTINUE)]


def _cleaned(letter: Letter, results: str, options: FilterOptions) -> list[Packet]:
    """Take out headers that only we may write, and put our results in."""
    found = [packets.change_header(number, name, "")
             for name in OURS
             for number in range(letter.header_counts.get(name.lower(), 0), 0, -1)]  # fmt: skip
    found += [packets.change_header(number, RESULTS, "")
              for number in _forged_results(letter, options.server_name.lower())]  # fmt: skip
    if results:
        found.append(packets.insert_header(0, RESULTS, f" {results}"))
    return found


def _forged_results(letter: Letter, server: str) -> list[int]:
    """Which headers of results pretend to be by this server, the last one first."""
    if not letter.header_counts.get(RESULTS.lower()):
        return []
    head = letter.raw[: letter.raw.find(b"\r\n\r\n") + 4]
    values = parse(head).all(RESULTS.lower())
    return [number for number in range(len(values), 0, -1)
            if server_of(values[number - 1]) == server]  # fmt: skip


def _has_too_many(letter: Letter) -> bool:
    """A server looks for each header to take out from the top: thousands would keep it busy."""
    forged = sum(letter.header_counts.get(name.lower(), 0) for name in (*OURS, RESULTS))
    return letter.has_too_many_names or forged > MAX_FORGED


def _headers(verdict: MessageVerdict) -> list[tuple[str, str]]:
    reasons = "; ".join(f"{one.check}={one.weight:+.1f}" for one in verdict.reasons[:MAX_REASONS])
    return [(VERDICT, verdict.verdict.value), (SCORE, f"{verdict.score:.1f}"),
            (REASONS, reasons or "none")]  # fmt: skip


def _tagged(verdict: MessageVerdict, tag: str) -> Packet:
    from email.header import Header

    subject = " ".join(f"{tag} {verdict.subject}".split())
    coded = subject if subject.isascii() else Header(subject, "utf-8").encode(linesep="\n")
    return packets.change_header(1, "Subject", f" {coded}")
