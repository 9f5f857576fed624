"""What all checks look at, worked out once for each message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from exward.mail.addresses import Mailbox, parse_mailbox
from exward.mail.authentication.results import Authentication, told_by
from exward.mail.files.aside import ASIDE
from exward.mail.files.explode import Budget, File, explode
from exward.mail.files.images import qr_texts
from exward.mail.files.kinds import IMAGES, file_kind
from exward.mail.files.pdf import Pdf, read_pdf
from exward.mail.files.pdf_read import Seen, seen_in
from exward.mail.known import NOTHING, Known
from exward.mail.language.passwords import passwords_in
from exward.mail.language.phrases import phrases_in
from exward.mail.mime.message import Message, Part
from exward.mail.mime.words import decode_text, decode_words
from exward.mail.pages import Page, read_page
from exward.mail.settings import MailSettings
from exward.mail.urls import Url, parse_url, target, urls_in

MAX_TEXT = 200_000
MAX_LINKS = 2000
MAX_PAGES = 20
MAX_TEXTS = 50
MAX_PICTURES = 20
MAX_DOCUMENTS = 5
MAX_READINGS = 6
"""Of the content of one part."""
_TEXTS = frozenset({"text", "unknown", "html", "svg", "xml", "script", "shortcut"})
MAX_READ_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SeenLink:
    """A link: where it says it leads, where it leads in the end, what stands for it.

    `source` is `html`, `text`, `pdf`, `qr` or `file`; `kind` the HTML element.
    """

    url: Url
    target: Url
    text: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One message as the checks see it."""

    message: Message
    settings: MailSettings
    sender: Mailbox
    reply_to: Mailbox
    subject: str
    text: str = field(repr=False)
    """All that is shown: plain text, or the text of the HTML where there is none."""
    written: str = field(repr=False)
    """The same and the words on the first pages of PDFs, for checks that look for whole wishes."""
    pages: tuple[Page, ...] = field(repr=False)
    attached_pages: tuple[tuple[str, Page], ...] = field(repr=False)
    """HTML files that are attached: name and content."""
    links: tuple[SeenLink, ...] = field(repr=False)
    files: tuple[File, ...] = field(repr=False)
    pdfs: dict[str, Pdf] = field(repr=False)
    hrefs: tuple[str, ...] = field(repr=False)
    """Addresses in HTML as they stand there, also those that are no web links."""
    said: dict[str, list[str]] = field(repr=False)
    """What subject and text say, by kind (`data/phrases.toml`)."""
    authentication: Authentication | None = None
    """None: nobody checked, and nobody who is trusted told."""
    known: Known = NOTHING

    @property
    def names(self) -> list[str]:
        """Every reading of every attached file's name."""
        return [name for file in self.files for name in file.names]


def gather(message: Message, settings: MailSettings, known: Known = NOTHING) -> Facts:
    """Work out the facts; never raises."""
    told = told_by(message.all("authentication-results"), settings.trusted_authserv_ids)
    subject = " ".join(decode_words(message.first("subject")).split())[:2000]
    texts, pages, files = _contents(message, subject)
    attached = tuple(_attached_pages(files))
    pdfs = {file.path: read_pdf(file.data) for file in files if file.kind == "pdf"}
    shown = "\n".join(texts) if any(text.strip() for text in texts) else ""
    page_text = "\n".join(page.text for page in pages)
    links = _links(pages, texts, attached)
    links += [_seen(url, "", "pdf", "pdf") for pdf in pdfs.values() for url in pdf.urls]
    drawn = _drawn(files)
    links += [_seen(text, "", "qr", "qr") for text in _qr_links(files, drawn)]
    text = (page_text if len(page_text) > len(shown) else shown)[:MAX_TEXT]
    return Facts(
        message,
        settings,
        parse_mailbox(message.first("from")),
        parse_mailbox(message.first("reply-to")),
        subject,
        text,
        f"{text}\n{drawn.text}" if drawn.text else text,
        tuple(pages),
        attached,
        tuple(link for link in links if link is not None)[:MAX_LINKS],
        tuple(files),
        pdfs,
        tuple(link.href for page in pages for link in page.links),
        phrases_in(f"{subject}\n{text}".casefold()),
        known.authentication or told,
        known,
    )


def _contents(message: Message, subject: str) -> tuple[list[str], list[Page], list[File]]:
    texts: list[str] = []
    pages: list[Page] = []
    packed: list[tuple[Part, bytes]] = []
    for part in message.parts:
        if _is_binary(part):
            packed += [(part, content) for content in part.contents[:MAX_READINGS]]
        elif part.media_type == "text/html" and not _is_file(part) and len(pages) < MAX_PAGES:
            pages += [read_page(text) for text in _readings(part)]
        elif part.media_type.startswith("text/") and not _is_file(part):
            if len(texts) < MAX_TEXTS:
                texts += [text[:MAX_TEXT] for text in _readings(part)]
        elif part.media_type != "message/delivery-status" or _is_file(part):
            packed += [(part, content) for content in part.contents[:MAX_READINGS]]
    told = "\n".join((subject, *texts, *(page.text for page in pages)))
    budget = Budget(passwords=passwords_in(told) if packed else ())
    files = [file for part, content in packed
             for file in explode(part.path, part.names, content, budget)]  # fmt: skip
    return texts, pages, files


def _is_file(part: Part) -> bool:
    return part.is_attached or bool(part.names) or (part.hidden and part.media_type == "")


def _is_binary(part: Part) -> bool:
    """Whether what says that it is a text begins as files do that are none."""
    head = part.content[:1024]
    return b"\0" in head and not _is_wide(part) and file_kind(part.content) not in _TEXTS


def _is_wide(part: Part) -> bool:
    return part.content[:2] in {b"\xff\xfe", b"\xfe\xff"} or any(
        one.lower().startswith(("utf-16", "utf-32", "utf16")) for one in part.charsets
    )


def _readings(part: Part) -> list[str]:
    charset = part.charsets[0] if part.charsets else ""
    return [decode_text(one, charset).replace("\0", "") for one in part.contents[:MAX_READINGS]]


def _attached_pages(files: list[File]) -> Iterator[tuple[str, Page]]:
    pages = [file for file in files if file.kind in {"html", "svg"} and not file.is_unread]
    for file in pages[:MAX_PAGES]:
        yield file.name or file.path, read_page(decode_text(file.data[:MAX_READ_BYTES]))


def _links(
    pages: list[Page], texts: list[str], attached: tuple[tuple[str, Page], ...]
) -> list[SeenLink | None]:
    found = [_seen(link.href, link.text, link.kind, "html")
             for page in pages for link in page.links]  # fmt: skip
    found += [_seen(link.href, link.text, link.kind, "file")
              for _, page in attached for link in page.links]  # fmt: skip
    found += [_seen(form.action, "", "form", "html") for page in pages for form in page.forms]
    found += [_seen(form.action, "", "form", "file")
              for _, page in attached for form in page.forms]  # fmt: skip
    for text in texts:
        found += [_seen(url, "", "text", "text") for url in urls_in(text)]
    return found[:MAX_LINKS]


def _seen(href: str, text: str, kind: str, source: str) -> SeenLink | None:
    url = parse_url(href)
    return SeenLink(url, target(url), text, kind, source) if url and url.host else None


def _drawn(files: list[File]) -> Seen:
    """What a reader sees in the first PDFs."""
    documents = [file for file in files if file.kind == "pdf" and not file.is_unread]
    return seen_in((file.data for file in documents[:MAX_DOCUMENTS]), ASIDE)


def _qr_links(files: list[File], drawn: Seen) -> list[str]:
    pictures = [file for file in files if file.kind in IMAGES and not file.is_unread]
    found = [text for file in pictures[:MAX_PICTURES] for text in qr_texts(file.data, file.kind)]
    found += drawn.codes
    return [text for text in dict.fromkeys(found) if re.match(r"https?:", text, re.IGNORECASE)]
