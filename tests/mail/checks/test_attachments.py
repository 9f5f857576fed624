"""Attachments that are locked, and what is in them."""

from __future__ import annotations

from functools import partial

import pytest

from exward.mail.files.explode import Budget
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from tests.mail.files.test_containers import EVIL, iso, locked_zip, notebook, seven_zip
from tests.mail.letters import attached

TEXT = "Your documents.\nPassword: Kx-2026\n"


def reasons(raw):
    judged = judge(parse(raw), "a", MailSettings())
    return {one.why: one.evidence for one in judged.reasons if one.check == "attachments"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (locked_zip("Kx-2026"), "a.zip"),
        (seven_zip(("evil.exe", EVIL), password="Kx-2026", header_encryption=True), "a.7z"),
    ],
)
def test_what_the_texts_password_opens_is_judged(data, name):
    found = reasons(attached(data, name, TEXT))
    assert found["'evil.exe' is a Windows program inside of an archive."] == "2!evil.exe"
    assert any("opens it" in why and quote == "2: Kx-2026" for why, quote in found.items())


def test_a_password_of_which_the_text_says_nothing():
    found = reasons(attached(locked_zip("Kx-2026"), "a.zip", "Your documents.\n"))
    assert "'a.zip' is encrypted; it was not looked into." in found
    assert "'evil.exe' has a type that Windows runs." in found


@pytest.mark.parametrize(
    ("data", "name", "where"),
    [
        (iso(), "a.iso", "2!Dokumente für Sie/invoice.pdf.exe"),
        (notebook(EVIL), "a.one", "2!object 1"),
        (seven_zip(("evil.exe", EVIL)), "a.7z", "2!evil.exe"),
    ],
)
def test_what_is_in_images_and_notebooks_is_judged(data, name, where):
    found = reasons(attached(data, name))
    assert where in found.values()


def test_a_file_that_was_left_out_is_told(monkeypatch):
    monkeypatch.setattr("exward.mail.facts.Budget", partial(Budget, total=10))
    told = judge(parse(attached(b"%PDF-1.7 a letter", "a.pdf")), "", MailSettings()).reasons
    assert any(one.check == "attachments" and "was not read" in one.why for one in told)
