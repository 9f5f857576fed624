"""Money that is to go elsewhere, in several languages, and mail that only speaks of banks."""

from __future__ import annotations

import pytest

from exward.mail.checks import bank_change
from exward.mail.settings import MailSettings
from tests.mail.letters import facts, letter

FREE = "Tom Becker <tom.b77@gmail.com>"


def weights(text, settings=None, **headers):
    return [sign.weight for sign in bank_change.find(facts(letter(text, **headers), settings))]


@pytest.mark.parametrize("text", [
    "I have changed banks and want to update my direct deposit before the next payroll.",
    "Ich habe die Bank gewechselt, bitte für die nächste Gehaltszahlung.",
    "Pour mon salaire, voici mes nouvelles coordonnées bancaires.",
])  # fmt: skip
def test_a_salary_to_another_account(text):
    assert weights(text, From=FREE) == [6.5]
    assert weights(text) == [3.5]
    ours = MailSettings(own_domains=frozenset({"contoso.example"}))
    assert weights(text, ours) == []


@pytest.mark.parametrize("text", [
    "Our bank account has changed. Please pay the invoice to the account in the file.",
    "Bitte überweisen Sie auf unser neues Konto.",
    "Merci d'effectuer le virement sur notre nouveau RIB.",
    "Cambio de cuenta bancaria: realice la transferencia hoy.",
    "Mudança de conta para pagar a fatura por transferência.",
    "Questo è il nuovo IBAN per il bonifico.",
])  # fmt: skip
def test_payments_to_another_account(text):
    assert weights(text) == [3.0]
    assert weights(f"{text}\nLT12 1000 0111 0100 1000") == [4.0]
    assert weights(text, Reply_To="a@badhost.net") == [4.0]


@pytest.mark.parametrize("text", [
    "Open a new bank account today and get 50 euros. No payment for a year.",
    "Please pay the invoice to the usual account, IBAN DE12 5001 0517 0648 4898 90.",
    "Your payroll statement for October is ready.",
    "Ihr neues Konto bei uns ist bereit; die Rechnung folgt.",
])  # fmt: skip
def test_what_speaks_of_banks(text):
    assert weights(text, From=FREE) == []
