"""Text that is there for filters and not for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import SPAM, Sign, hint

TITLE = "Text is hidden from people or from filters"
CLASS = SPAM
_INVISIBLE = re.compile(r"\w[\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff]+\w")
MIN_BROKEN_WORDS = 5


def find(facts: Facts) -> Iterator[Sign]:
    """Look for invisible characters inside words and for long hidden passages."""
    broken = _INVISIBLE.findall(facts.subject + facts.text)
    if len(broken) >= MIN_BROKEN_WORDS:
        why = "Words are broken up by invisible characters."
        yield hint("broken words", why, facts.subject[:100])
    for page in facts.pages:
        if len(page.hidden) > 2000 and len(page.hidden) > len(page.text) / 2:
            yield hint("hidden text", "Most of the text is hidden.", page.hidden[:200])
            break
    links = [link for link in facts.links if link.source == "html"]
    images = sum(len(page.images) for page in facts.pages)
    if images and links and len(facts.text) < 60 and all(link.kind == "image" for link in links):
        why = "There is nothing but pictures that lead somewhere."
        yield hint("pictures alone", why, links[0].url.text[:200])
