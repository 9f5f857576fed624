"""One message of each kind that the checks are for, made by us."""

from __future__ import annotations

import io
import zipfile

import pytest

from exward.mail.addresses import Mailbox
from exward.mail.checks.registry import checks
from exward.mail.facts import gather
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings, Rule, Thresholds
from exward.mail.signs import CLASSES
from exward.mail.verdict import disposal, judge
from exward.model.message import Disposal
from tests.mail.letters import attached, html, letter

OURS = MailSettings(
    own_domains=frozenset({"contoso.example", "woodgrove-bank.com"}),
    trusted_authserv_ids=frozenset({"mx.contoso.example"}),
    executives=(Mailbox("Ann Lee", "ann.lee@contoso.example"),),
    block=frozenset({"bad.example"}),
    allow=frozenset({"good.example"}),
    rules=(Rule(name="our word", place="subject", pattern="(?i)zanzibar", weight=6.0),),
)


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


LINK = '<a href="{href}">{text}</a>'
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>go()</script></svg>"
CASES = {
    "link-text": html(LINK.format(href="https://evil.example.net/x", text="https://www.paypal.com/")),
    "claimed-company": letter("x", From="PayPal Support <a@badhost.net>"),
    "sender-name": letter("x", From='"ann.lee@contoso.com" <a@badhost.net>'),
    "look-alike": letter("x", From="A <a@woodgr0ve-bank.com>"),
    "executive": letter("Are you free?", From="Ann Lee <ceo.mail77@gmail.com>"),
    "answers-elsewhere": letter("x", Reply_To="a.lee@gmail.com"),
    "pressure": letter(
        "Dear customer, verify your account within 24 hours or your password expires.\n"
        "Confirm your identity: http://badhost.net/\n"),
    "link-hosts": html(LINK.format(href="http://0x08080808/x", text="here")),
    "html-smuggling": attached(
        b"<html><form action='http://badhost.net'><input type='password'></form>", "a.html"),
    "attachments": attached(zipped("invoice.pdf.exe", b"MZ" + bytes(64)), "a.zip"),
    "documents": attached(b"%PDF-1.4\n1 0 obj<</OpenAction<</S/L#61unch/F(cmd.exe)>>>>", "a.pdf"),
    "ambiguous-form": letter("x", Content_Type="text/plain\r\nContent-Type: text/html"),
    "header-forensics": letter("x", From="nobody", Date="", Message_ID=""),
    "hidden-text": html("<p>" + "pay\u200bpal ver\u00adify " * 8 + "</p>"),
    "user-lists": letter("x", From="x <a@mail.bad.example>"),
    "authentication": letter("x", Authentication_Results="mx.contoso.example; dmarc=fail"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "check"), [one for one in checks() if one[0] in CASES])
def test_each_check_finds_what_it_is_for(name, check):
    found = list(check.find(gather(parse(CASES[name]), OURS)))
    assert found
    assert all(one.weight > 0 or one.trait for one in found)
    assert all(one.why.endswith(".") for one in found)


def test_a_hint_has_the_points_that_the_model_gives_it():
    verdict = judge(parse(CASES["claimed-company"]), "a.eml", OURS)
    assert any(one.check == "claimed-company" and one.weight > 0 for one in verdict.reasons)


def test_a_hint_that_stands_twice_counts_once():
    twice = html(LINK.format(href="https://a.net/x", text="www.b.org") * 2)
    verdict = judge(parse(twice), "a.eml", OURS)
    assert sum(one.check == "link-text" for one in verdict.reasons) <= 1


@pytest.mark.parametrize("name", [name for name, _ in checks()])
def test_a_usual_message_gives_no_sign(name):
    raw = letter("Hello Bob,\nhere are the minutes of Monday. Regards, Ann\n")
    verdict = judge(parse(raw), "a.eml", MailSettings())
    assert [one for one in verdict.reasons if one.check == name and one.weight > 0] == []


@pytest.mark.parametrize(("name", "module"), checks())
def test_a_check_says_what_it_is(name, module):
    assert module.TITLE
    assert module.CLASS in CLASSES
    assert module.__doc__


@pytest.mark.parametrize(
    ("raw", "verdict", "mail_class"),
    [
        (attached(b"MZ" + bytes(64), "a.exe"), Disposal.QUARANTINE, "malware"),
        (attached(SVG, "a.svg"), Disposal.TAG, "malware"),
        (letter("x", From="x <a@bad.example>"), Disposal.REJECT, "spam"),
        (letter("x", Subject="Zanzibar now"), Disposal.TAG, "spam"),
        (letter("Are you at your desk? I need gift cards.", From="Ann Lee <ceo77@gmail.com>"),
         Disposal.QUARANTINE, "bec"),
        (letter("Hello\n"), Disposal.DELIVER, None),
        (letter("x", From="x <a@good.example>", Reply_To="a@gmail.com"), Disposal.DELIVER, None),
    ],
)  # fmt: skip
def test_the_word_and_the_class(raw, verdict, mail_class):
    judged = judge(parse(raw), "a.eml", OURS)
    assert judged.verdict is verdict
    assert mail_class is None or mail_class in judged.classes


def test_the_score_is_the_sum_of_the_reasons():
    judged = judge(parse(CASES["claimed-company"]), "a.eml", OURS)
    assert judged.score == pytest.approx(sum(one.weight for one in judged.reasons), abs=0.11)
    assert [abs(one.weight) for one in judged.reasons] == sorted(
        (abs(one.weight) for one in judged.reasons), reverse=True
    )


def test_words_for_scores():
    limits = Thresholds(tag=1, quarantine=2, reject=3)
    assert [disposal(score, limits).value for score in (0.9, 1, 2, 3)] == list(Disposal)


def test_a_check_that_fails_is_said_and_the_rest_goes_on(monkeypatch):
    name, module = checks()[0]

    def fail(facts):
        raise ZeroDivisionError("x")

    monkeypatch.setattr(module, "find", fail)
    judged = judge(parse(CASES["attachments"]), "a.eml", OURS)
    assert any(one.check == name and "failed" in one.why for one in judged.reasons)
    assert "malware" in judged.classes or name == "attachments"
