"""Answers that go to somebody else than the sender."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.domains import is_reserved, label
from exward.mail.facts import Facts
from exward.mail.signs import BEC, SPAM, Sign, hint
from exward.mail.urls import is_free_mail

TITLE = "Answers go to another domain than the sender's"
CLASS = BEC


def find(facts: Facts) -> Iterator[Sign]:
    """Compare Reply-To with From."""
    answer, sender = facts.reply_to, facts.sender
    if not answer.domain or not sender.domain or answer.organisation == sender.organisation:
        return
    if label(answer.domain) == label(sender.domain) or _is_list(facts):
        return
    evidence = f"From {sender.address}, Reply-To {answer.address}"
    if sender.organisation in facts.settings.own_domains:
        yield Sign(5.0, "The sender has our own domain, answers go elsewhere.", evidence)
    elif is_free_mail(answer.organisation):
        is_known = brand_of(sender.domain) is not None
        is_firm = is_known or not is_free_mail(sender.organisation)
        trait = "answers leave a firm for free mail" if is_firm else "answers to other free mail"
        why = f"Answers go to a free mailbox ({answer.address}), not to {sender.domain}."
        yield hint(trait, why, evidence, SPAM)
    elif "noreply" not in answer.address:
        why = "Answers go to another domain than the sender's."
        yield hint("answers elsewhere", why, evidence, SPAM)


def _is_list(facts: Facts) -> bool:
    """Mailing lists write From anew (`Ann via a list`) and let answers go to the writer."""
    is_named = bool(facts.message.first("list-id")) or " via " in facts.sender.name
    return is_named or is_reserved(facts.sender.domain)
