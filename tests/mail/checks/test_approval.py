"""Sign-ins that others want approved."""

from __future__ import annotations

import pytest

from exward.mail.checks import approval
from exward.mail.settings import MailSettings
from tests.mail.letters import facts, letter

ASKS = "You will receive several prompts. Please approve the sign-in request on your phone."


def is_found(text, settings=None, **headers):
    return bool(list(approval.find(facts(letter(text, **headers), settings))))


@pytest.mark.parametrize("text", [
    ASKS, "Approve the MFA notification to keep access.", "Reply with the verification code.",
    "Please send me the security code that you got.", "Tap Approve in your Authenticator app.",
    "Bitte bestätigen Sie die Anfrage im Authenticator.",
    "Schicken Sie uns bitte den Sicherheitscode, den Sie bekommen haben.",
    "Acceptez la notification sur votre téléphone.",
    "Envoyez-nous le code de vérification.",
    "Acepte la notificación que llegue a su móvil.",
    "Envíenos el código de verificación que ha recibido.",
    "Aprove a solicitação de login no seu telemóvel.",
    "Nos envie o código de segurança que chegou por SMS.",
    "Approvi la richiesta di accesso sul telefono.",
    "Ci invii il codice di verifica ricevuto.",
    "Keur het aanmeldverzoek op uw telefoon goed.",
    "Stuur ons de verificatiecode die u krijgt.",
    "Zatwierdź logowanie w telefonie.",
    "Prześlij nam kod weryfikacyjny z wiadomości.",
    "届いたサインイン要求を承認してください。",
    "届いた認証コードを返信してください。",
])  # fmt: skip
def test_a_sign_in_or_a_code_is_asked_for(text):
    assert is_found(text)


@pytest.mark.parametrize("text", [
    "Never share your verification code with anybody.", "Your verification code is 553112.",
    "Do not approve the sign-in request if it was not you.", "I approve the budget.",
    "Ihr Sicherheitscode lautet 553112. Geben Sie ihn niemals weiter.",
    "Genehmigen Sie niemals eine Anmeldeanforderung, die Sie nicht gestellt haben.",
    "Votre code de vérification est 553112. Ne nous envoyez jamais le code de sécurité.",
    "Su código de verificación es 553112. No comparta nunca su código de seguridad.",
    "O seu código é 553112. Não partilhe o código de verificação com ninguém.",
    "Il codice di verifica è 553112. Non approvi la richiesta di accesso di altri.",
    "Uw verificatiecode is 553112. Geef deze code nooit aan anderen.",
    "Twój kod weryfikacyjny to 553112. Nigdy nie przekazuj go innym.",
    "認証コードは553112です。他人に教えないでください。",
    "心当たりのないサインイン要求は承認しないでください。",
])  # fmt: skip
def test_codes_and_warnings(text):
    assert not is_found(text)


def test_those_who_may_ask():
    assert not is_found(ASKS, From="Microsoft <a@microsoft.com>")
    assert not is_found(ASKS, MailSettings(own_domains=frozenset({"contoso.example"})))
