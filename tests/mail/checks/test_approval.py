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
])  # fmt: skip
def test_a_sign_in_or_a_code_is_asked_for(text):
    assert is_found(text)


@pytest.mark.parametrize("text", [
    "Never share your verification code with anybody.", "Your verification code is 553112.",
    "Do not approve the sign-in request if it was not you.", "I approve the budget.",
])  # fmt: skip
def test_codes_and_warnings(text):
    assert not is_found(text)


def test_those_who_may_ask():
    assert not is_found(ASKS, From="Microsoft <a@microsoft.com>")
    assert not is_found(ASKS, MailSettings(own_domains=frozenset({"contoso.example"})))
