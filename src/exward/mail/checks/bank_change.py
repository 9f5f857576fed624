"""Money or a salary that is to go to another account from now on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import BEC, Sign
from exward.mail.urls import is_free_mail

TITLE = "Money or a salary is to go to another bank account"
CLASS = BEC
MAX_TEXT = 20_000
_ACCOUNT = r"(?:bank(?:ing)?(?: account| details| information)?|direct deposit|account details)"
_CHANGED = re.compile(
    # "our bank account has changed", "update my direct deposit", "my new bank details"
    rf"\b(?:our|my) (?:new {_ACCOUNT}|{_ACCOUNT} (?:\w+ ){{0,3}}(?:changed|updated|switched))\b|"
    rf"\b(?:changed?|update|switch(?:ed)?) (?:\w+ ){{0,3}}(?:our|my) (?:\w+ )?{_ACCOUNT}\b|"
    r"\b(?:i|we)(?: have| ve)? (?:\w+ )?(?:changed|switched) banks?\b|\bdirect deposit change\b|"
    r"\b(?:change|update) (?:of|to|in) (?:our |my )?(?:bank details|bank account|direct deposit)\b|"
    # German
    r"\bneuen? (?:bankverbindung|iban|kontoverbindung|bankdaten)\b|"
    r"\b(?:unser|mein)(?:e[ms]?)? neue[sn]? konto\b|\bbank gewechselt\b|"
    r"\bänderung (?:\w+ ){0,2}(?:bankverbindung|kontoverbindung|bankdaten|kontodaten)\b|"
    r"\b(?:bankverbindung|kontodaten|bankdaten) (?:\w+ ){0,4}(?:ge)?änder(?:n|t)\b|"
    # French, Spanish, Portuguese, Italian, Dutch
    r"\bchangement de (?:rib|banque|coordonnées bancaires|compte bancaire)\b|"
    r"\bnouve(?:au|l|lles) (?:rib|iban|compte bancaire|coordonnées bancaires)\b|"
    r"\bcambio de (?:cuenta|banco|datos bancarios)\b|\bhemos cambiado de (?:banco|cuenta)\b|"
    r"\bnuev[ao]s? (?:cuenta bancaria|datos bancarios|iban)\b|"
    r"\b(?:mudança|alteração) d[eo]s? (?:banco|conta|dados bancários)\b|"
    r"\bnov[ao]s? (?:conta bancária|dados bancários|iban)\b|"
    r"\bnuov[oe] (?:iban|coordinate bancarie|conto corrente)\b|"
    r"\bnieuwe? (?:bankrekening|rekeningnummer|iban)\b"
)
_SALARY = re.compile(
    r"\b(?:payroll|salary|direct deposit|pay ?check|pay date|gehalt\w*|lohn\w*|salaire|paie|nómina|"
    r"salario|salário|stipendio|salaris)\b"
)
_MONEY = re.compile(
    r"\b(?:pay(?:ments?)?|transfer|remit\w*|invoices?|überweis\w*|rechnung\w*|zahlung\w*|virement|"
    r"factures?|transferencia|facturas?|transferência|fatura|bonifico|fattur[ae]|betal\w*|factuur)\b"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}")


def find(facts: Facts) -> Iterator[Sign]:
    """Weigh such a wish by who has it; whoever gets it should ask by telephone in any case."""
    text = f"{facts.subject}\n{facts.text}"[:MAX_TEXT]
    words = " ".join(re.findall(r"\w+", text.casefold()))
    changed = _CHANGED.search(words)
    if changed is None:
        return
    is_free = is_free_mail(facts.sender.organisation)
    if _SALARY.search(words) and facts.sender.organisation not in facts.settings.own_domains:
        why = "Somebody outside wants a salary paid to another bank account."
        yield Sign(6.5 if is_free else 3.5, why, changed[0])
    elif _MONEY.search(words):
        why = "Payments are to go to another bank account from now on."
        answers_leave = facts.reply_to.organisation not in {"", facts.sender.organisation}
        weight = 4.0 if is_free or answers_leave else 3.0
        yield Sign(weight + bool(_IBAN.search(text)), why, changed[0])
