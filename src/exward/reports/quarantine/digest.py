"""A digest as text and as HTML: what strangers wrote is escaped, links are ours alone."""

from __future__ import annotations

import re

from exward.model.quarantine import Digest
from exward.reports.quarantine.pages import environment
from exward.reports.visible import cut, utc_time, visible

MAX_TEXT = 200
_LIKE_A_LINK = re.compile(r"(://|\bwww\.)", re.IGNORECASE)


def render_text(digest: Digest) -> str:
    """The plain text, with lines of ours only."""
    lines = ["These messages were held back and not delivered to you.",
             "Ask for one only if you expected it.", ""]  # fmt: skip
    for notice in digest.notices:
        one = notice.holding
        lines += [
            f"{utc_time(one.held_at)}  ({', '.join(one.classes) or 'suspicious'})",
            f"  From:    {unlinked(one.sender)}",
            f"  Subject: {unlinked(one.subject)}",
            f"  Release: {notice.link}" if notice.link else "  Only an administrator releases it.",
            "",
        ]
    if digest.left_out:
        lines.append(f"{digest.left_out:,} more are not listed: ask an administrator.")
    lines.append(f"The links work once, until {utc_time(digest.expires)}.")
    return "\n".join(lines) + "\n"


def render_html(digest: Digest) -> str:
    """The same as HTML, without styles or pictures."""
    return environment().get_template("digest.html").render(digest=digest, unlinked=unlinked)


def unlinked(text: str) -> str:
    """A stranger's text, bounded, of which no mail program makes a link by itself."""
    return _LIKE_A_LINK.sub(r"\1 ", cut(visible(text), MAX_TEXT))
