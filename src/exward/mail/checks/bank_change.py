"""Money or a salary that is to go to another account from now on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.language.wishes import pattern, words_of
from exward.mail.signs import BEC, Sign
from exward.mail.urls import is_free_mail

TITLE = "Money or a salary is to go to another bank account"
CLASS = BEC
MAX_TEXT = 20_000
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}")


def find(facts: Facts) -> Iterator[Sign]:
    """Weigh such a wish by who has it; whoever gets it should ask by telephone in any case."""
    text = f"{facts.subject}\n{facts.written}"[:MAX_TEXT]
    words = words_of(text)
    changed = pattern("account-changed").search(words)
    if changed is None:
        return
    is_free = is_free_mail(facts.sender.organisation)
    if (
        pattern("salary").search(words)
        and facts.sender.organisation not in facts.settings.own_domains
    ):
        why = "Somebody outside wants a salary paid to another bank account."
        yield Sign(6.5 if is_free else 3.5, why, changed[0])
    elif pattern("payment").search(words):
        why = "Payments are to go to another bank account from now on."
        answers_leave = facts.reply_to.organisation not in {"", facts.sender.organisation}
        weight = 4.0 if is_free or answers_leave else 3.0
        yield Sign(weight + bool(_IBAN.search(text)), why, changed[0])
