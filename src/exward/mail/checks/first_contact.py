"""Somebody who never wrote before: with the name of a correspondent, or with pressure."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.domains import label
from exward.mail.facts import Facts
from exward.mail.history.learning import recipients_of
from exward.mail.signs import BEC, PHISHING, Sign
from exward.mail.urls import is_free_mail

TITLE = "A sender who is new here, with a known name or with pressure"
CLASS = BEC
OLD_DAYS = 5


def find(facts: Facts) -> Iterator[Sign]:
    """Ask the history of senders, if there is one."""
    history, sender = facts.known.history, facts.sender
    if history is None or not sender.domain or sender.organisation in facts.settings.own_domains:
        return
    contact = history.ask(sender, recipients_of(facts.message, facts.known))
    shown = f"{sender.name} <{sender.address}>"
    if contact.failed:
        yield Sign(0.0, "Nobody knows whether the sender wrote before.", contact.failed)
    elif contact.days == 0 and contact.is_ripe:
        if contact.same_looks and not contact.is_known_organisation:
            why = f"The sender is new; its domain looks like {contact.same_looks}, which is not."
            # Firms have several endings; other letters they do not have.
            is_ending = label(contact.same_looks) == label(sender.domain)
            yield Sign(2.0 if is_ending else 5.0, why, shown, PHISHING)
        elif contact.same_name:
            why = f"The sender is new and has the name of a correspondent, {contact.same_name}."
            yield Sign(4.0 if is_free_mail(sender.organisation) else 3.0, why, shown)
        if not contact.is_known_organisation:
            yield from _pressure(facts, shown)
    elif contact.days >= OLD_DAYS and _is_authentic(facts):
        yield Sign(-1.0, f"The sender wrote on {contact.days} days before.", shown)


def _is_authentic(facts: Facts) -> bool:
    return facts.authentication is not None and facts.authentication.is_authentic


def _pressure(facts: Facts, shown: str) -> Iterator[Sign]:
    said = facts.said
    asks = [*said.get("credential", []), *said.get("payment", []), *said.get("gift", []),
            *said.get("extortion", [])]  # fmt: skip
    if said.get("urgency") and asks:
        why = "Nobody of the sender's domain wrote before, and the text presses for data or money."
        yield Sign(1.5, why, "; ".join([*said["urgency"][:2], *asks[:3]])[:300] or shown)
