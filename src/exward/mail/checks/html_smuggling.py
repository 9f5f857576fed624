"""HTML that brings a file or a page with it, or asks for a password itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.pages import Form, Page
from exward.mail.signs import MALWARE, PHISHING, Sign, hint

TITLE = "HTML carries a hidden file, a script or a form for passwords"
CLASS = PHISHING
_SMUGGLES = re.compile(
    r"msSaveOrOpenBlob|createObjectURL|new\s+Blob|\.download\s*=|navigator\.msSave|"
    r"application/(?:octet-stream|zip|x-msdownload|x-iso9660)",
    re.IGNORECASE,
)
_HIDES = re.compile(
    r"\batob\s*\(|unescape\s*\(|fromCharCode|eval\s*\(|document\.write|decodeURIComponent|"
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\()",
)
_DATA_PAGE = re.compile(r"data:(?:text/html|application/|image/svg)", re.IGNORECASE)
_PASSWORD = re.compile(r"\bpass(?:word|wort|wd|code)?\b|contrase|senha|mot de passe|\bpin\b|\bcvv")


def find(facts: Facts) -> Iterator[Sign]:
    """Look into the message's own HTML and the HTML that is attached."""
    for href in facts.hrefs:
        if _DATA_PAGE.match(href.strip()):
            yield Sign(4.0, "A link is a whole page of its own (data:).", href[:120])
            break
    if any(href.strip().lower().startswith(("javascript:", "vbscript:")) for href in facts.hrefs):
        yield hint("script as link", "A link runs a script.")
    for page in facts.pages:
        yield from _page(page, "The message", 2.0)
    for name, page in facts.attached_pages:
        yield from _page(page, f"The attached page {name!r}", 3.0)
        if page.scripts and not page.forms:
            yield Sign(2.0, f"The attached page {name!r} runs scripts.", page.scripts[0][:200])


def _page(page: Page, subject: str, weight: float) -> Iterator[Sign]:
    if any(_asks_password(form) for form in page.forms):
        asked = "; ".join(form.action for form in page.forms if form.action)
        yield Sign(weight + 1.5, f"{subject} asks for a password.", asked[:300])
    code = "\n".join(page.scripts)
    if _SMUGGLES.search(code):
        why = f"{subject} puts a file together by script."
        yield Sign(weight + 2.0, why, code[:200], MALWARE)
    elif len(_HIDES.findall(code)) >= 2 or (_HIDES.search(code) and len(code) > 5000):
        yield Sign(weight + 1.0, f"{subject} has a script that hides what it does.", code[:200])


def _asks_password(form: Form) -> bool:
    return any(asked.startswith("password") or _PASSWORD.search(asked) for asked in form.asks)
