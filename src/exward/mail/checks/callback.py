"""Bills without a link: who wants the money back shall call the number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import brand_of, brands_in
from exward.mail.facts import Facts
from exward.mail.signs import PHISHING, Sign
from exward.mail.urls import is_free_mail

TITLE = "A bill that can only be stopped by a telephone call"
CLASS = PHISHING
MAX_TEXT = 5000
_NUMBER = re.compile(r"(?:\+|\(|\b)(?!\d{4}-\d\d-\d\d\b)\d[\d\s().–-]{8,20}\d\b")
_CALL = re.compile(
    r"\b(?:call|dial|phone|reach|contact|help ?desk|helpline|toll[ -]free|"
    r"customer (?:care|service)|"
    r"anrufen|rufen sie|hotline|appelez|contactez|llame|llámenos|ligue|chiami|chiamare|bel)\b"
)
_BILL = re.compile(
    r"\b(?:charged|debited|renew(?:ed|al)|subscription|invoice|purchase|order|transaction|payment|"
    r"abgebucht|abonnement|rechnung|bestellung|prélevé|facture|commande|cargo|suscripción|factura|"
    r"pedido|assinatura|addebitat\w|abbonamento)\b"
)
_STOP = re.compile(
    r"\b(?:dispute|cancel\w*|refund|"
    r"(?:not|didn't|did not|wasn't) (?:\w+ ){0,2}(?:authori[sz]e\w*|make|place|you)|"
    r"unauthori[sz]ed|stornier\w*|widerruf\w*|rückerstatt\w*|annuler|rembours\w*|cancelar|"
    r"reembolso|annullare|rimborso)\b"
)
NEAR = 120
"""Characters between a number and the word that asks to call it."""


def find(facts: Facts) -> Iterator[Sign]:
    """Join a bill, a number to call and a sender who cannot have written the bill."""
    text = f"{facts.subject}\n{facts.written}"[:MAX_TEXT].casefold().replace("\u2019", "'")
    sender = facts.sender
    is_free = is_free_mail(sender.organisation)
    if not is_free and (facts.links or brand_of(sender.domain) is not None):
        return
    if not (_BILL.search(text) and _STOP.search(text)):
        return
    number = next((found for found in _NUMBER.finditer(text) if _is_called(text, found)), None)
    if number is None:
        return
    claimed = brands_in(f"{sender.name} {facts.subject} {facts.written[:2000]}")
    why = "A bill that can only be stopped by a call, "
    if is_free:
        weight, who = (5.0 if claimed else 3.5), f"from the free mailbox {sender.address}."
        yield Sign(weight, why + who, number[0])
    elif claimed:
        yield Sign(2.5, f"{why}in the name of {claimed[0].name!r} from {sender.domain}.", number[0])


def _is_called(text: str, number: re.Match[str]) -> bool:
    around = text[max(0, number.start() - NEAR) : number.end() + NEAR]
    return _CALL.search(around) is not None
