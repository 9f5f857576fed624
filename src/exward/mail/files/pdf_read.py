"""What a reader sees on the first pages of PDFs: words, and what the codes on them say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from exward.mail.files.images import codes_in
from exward.mail.files.pdf_pages import draw_pages, page_texts

if TYPE_CHECKING:
    from exward.mail.files.aside import Aside

MAX_CODES = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """Of all documents together."""

    text: str
    codes: tuple[str, ...]


def read_pages(data: bytes) -> Iterator[bytes]:
    """The words first: drawing may take too long. For `aside`."""
    yield msgspec.msgpack.encode(["\n".join(page_texts(data)), []])
    codes = [text for page in draw_pages(data) for text in codes_in(page)]
    yield msgspec.msgpack.encode(["", codes[:MAX_CODES]])


def seen_in(documents: Iterable[bytes], aside: Aside) -> Seen:
    """What is seen; ends at a document that takes too long."""
    from exward.mail.files.aside import PAGES

    texts: list[str] = []
    codes: list[str] = []
    try:
        for data in documents:
            for answer in aside.ask(PAGES, data):
                text, found = msgspec.msgpack.decode(answer, type=tuple[str, list[str]])
                texts += [text] if text else []
                codes += found
    except (OSError, EOFError, msgspec.DecodeError):
        pass
    return Seen("\n".join(texts), tuple(codes))
