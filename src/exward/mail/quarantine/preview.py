"""A held message to look at: its texts, links and files as values; nothing is fetched."""

from __future__ import annotations

from hashlib import sha256

from exward.mail.facts import gather
from exward.mail.mime.parser import parse
from exward.mail.mime.words import decode_words
from exward.mail.settings import MailSettings
from exward.model.quarantine import Kept, Preview, Shown

HEADERS = ("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "received",
           "authentication-results", "list-unsubscribe", "x-mailer")  # fmt: skip
MAX_HEADERS = 60
MAX_VALUE = 2000
MAX_TEXT = 50_000
MAX_LINKS = 200
MAX_FILES = 200


def preview(kept: Kept, raw: bytes) -> Preview:
    """Make it from the message as it came; never raises."""
    message = parse(raw)
    facts = gather(message, MailSettings())
    headers = [(name.title(), " ".join(decode_words(text).split())[:MAX_VALUE])
               for name in HEADERS for text in message.all(name)]  # fmt: skip
    links = [(link.text, link.url.text) for link in facts.links]
    files = [Shown(file.name or file.path, file.kind, file.size_bytes,
                   sha256(file.data).hexdigest() if not file.is_unread else "")
             for file in facts.files]  # fmt: skip
    is_cut = (len(headers) > MAX_HEADERS or len(facts.text) > MAX_TEXT
              or len(links) > MAX_LINKS or len(files) > MAX_FILES)  # fmt: skip
    text = "\n".join(facts.text[:MAX_TEXT].splitlines())
    return Preview(kept, tuple(headers[:MAX_HEADERS]), text,
                   tuple(links[:MAX_LINKS]), tuple(files[:MAX_FILES]), is_cut)  # fmt: skip
