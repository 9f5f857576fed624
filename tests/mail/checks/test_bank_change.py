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
    "He cambiado de banco: ¿puede ingresar la nómina en la cuenta nueva?",
    "Mudei de conta e quero receber o salário lá.",
    "Ho cambiato banca, a chi mando i dati per lo stipendio?",
    "Ik ben onlangs van bank veranderd, graag mijn salaris daarheen.",
    "Zmieniłam bank i proszę o wypłatę wynagrodzenia na inny rachunek.",
    "今月から給与の振込口座を変更したいです。",
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
    "Nous avons changé de banque ; les factures sont à régler autrement.",
    "Hemos cambiado de banco, pague la factura en la cuenta de abajo.",
    "Alteração dos dados bancários: faça a transferência para a nova conta.",
    "Ons rekeningnummer is gewijzigd, betaalt u de factuur daar.",
    "Prosimy o przelew na nasz nowy rachunek bankowy.",
    "振込先口座が変更になりました。請求書のお支払いはこちらへお願いします。",
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
    "Ouvrez un compte bancaire en ligne et payez vos factures sans frais.",
    "Abra una cuenta y reciba su nómina sin comisiones. Transferencia gratis.",
    "Abra uma conta bancária e pague a fatura pelo aplicativo.",
    "Apri un conto corrente: bonifico gratuito e nessuna fattura di carta.",
    "Open een rekening bij ons en betaal elke factuur gratis.",
    "Otwórz konto bankowe, a każdy przelew będzie za darmo.",
    "口座を開設すると、お振込の手数料が無料になります。",
])  # fmt: skip
def test_what_speaks_of_banks(text):
    assert weights(text, From=FREE) == []
