"""Digests: who is told of what, and the message that tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from exward.mail.quarantine import deeds
from exward.mail.quarantine.asking import may_ask
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.links import make_token
from exward.mail.quarantine.lists import checked_name
from exward.mail.quarantine.passes import DIGEST, Pass, pass_header, recipient_key
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import UsageError
from exward.model.quarantine import Deed, Digest, Holding, Kept, Notice, State

MAX_NOTICES = 200
MAX_MESSAGES = 1_000_000
PASS_US = 24 * 3600 * 1_000_000
"""A digest passes the filter for so long: its way to the mailbox has delays of its own."""
PATH = "release"
_LOCAL = {"127.0.0.1", "localhost", "::1"}
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """Links of one run: where they lead, what was held until it began, when they end.

    Times are µs since 1970-01-01 UTC.
    """

    base: str
    until: int
    expires: int

    def link(self, key: bytes, holding: Holding, recipient: str) -> str:
        """The address of a link."""
        token = make_token(key, holding.id, holding.held_at, recipient, self.expires)
        return f"{self.base}/{PATH}/{token}"


def plan_links(base: str, days: int) -> LinkPlan:
    """Links that begin now; `base` as `checked_base` gives it."""
    now = deeds.micros_now()
    return LinkPlan(base, now, now + days * 24 * 3600 * 1_000_000)


def checked_base(url: str) -> str:
    """An address under which links may stand; raises UsageError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'\\?#@")
    if not host or not is_plain or not (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL)
    ):  # fmt: skip
        raise UsageError("must be https://HOST or https://HOST/PATH", "", f"--base-url {url}")
    return url.rstrip("/")


def find_digests(
    quarantine: Quarantine, domains: frozenset[str], reserved: frozenset[str], links: LinkPlan
) -> Iterator[Digest]:
    """Yield a digest for each recipient in our domains for whom something new is held."""
    key = load_key(quarantine.folder)
    query = Query(states=(State.HELD,), until=links.until, limit=MAX_MESSAGES)
    for recipient, found in sorted(_by_recipient(quarantine, query, domains).items()):
        told = quarantine.index.told_until(recipient)
        told = told if told <= links.until else 0  # the clock was ahead that time
        new = [one for one in found if one.holding.held_at > told]
        if new:
            notices = tuple(
                Notice(one.holding, links.link(key, one.holding, recipient)
                       if may_ask(one.holding, reserved) else "")
                for one in new[:MAX_NOTICES]
            )  # fmt: skip
            yield Digest(recipient, notices, max(0, len(new) - MAX_NOTICES), links.expires)


def note_told(quarantine: Quarantine, digest: Digest, until: int, who: str) -> None:
    """Write down that a user was told of all that was held until then."""
    with quarantine.deciding():
        quarantine.record(Deed(when=deeds.now(), who=who, what=deeds.TOLD, until=until,
                               recipients=(digest.recipient,)))  # fmt: skip


def compose(key: bytes, digest: Digest, sender: str, texts: tuple[str, str]) -> bytes:
    """The message, with a pass for the filter; `texts` are plain text and HTML of our own making.

    Raises UsageError if sender or recipient is no address.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = f"Mail quarantine <{checked_name(sender)}>"
    message["To"] = checked_name(digest.recipient)
    count = len(digest.notices) + digest.left_out
    message["Subject"] = f"{count:,} held for you" if count > 1 else "A message is held for you"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=checked_name(sender).rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(texts[0])
    message.add_alternative(texts[1], subtype="html")
    raw = message.as_bytes()
    given = Pass(DIGEST, recipient_key(digest.recipient), "", deeds.micros_now() + PASS_US)
    return pass_header(key, given, raw) + raw


def _by_recipient(
    quarantine: Quarantine, query: Query, domains: frozenset[str]
) -> dict[str, list[Kept]]:
    """Held messages by recipient in lower case, newest first; odd addresses get no mail of ours."""
    found: dict[str, list[Kept]] = {}
    for kept in quarantine.index.find(query):
        for one in dict.fromkeys(name.lower() for name in kept.waiting):
            if one.rpartition("@")[2] in domains and _is_address(one):
                found.setdefault(one, []).append(kept)
    return found


def _is_address(text: str) -> bool:
    try:
        return text.isascii() and "@" in text and checked_name(text) == text
    except UsageError:
        return False
