"""Pages of a PDF as pictures, for the codes on them, and the words that are drawn there."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

from exward.mail.mime.words import whole_letters

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image as Picture

MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 2
"""Codes stand where a reader sees them first."""
MAX_PIXELS = 3_000_000
MAX_SIDE = 20_000
MAX_TEXT_PAGES = 5
MAX_TEXT = 20_000
"""Characters of all pages together."""
SCALE = 2.0
"""Pixels for each point (1/72 inch)."""
MAX_S = 3.0
"""For all pages of a document; the rest is not drawn."""


def draw_pages(data: bytes) -> Iterator[Picture]:
    """Draw the first pages in grey; nothing of a document that is damaged, locked or too large."""
    if len(data) > MAX_BYTES:
        return
    import pypdfium2  # 10 MB, and most messages have no PDF

    until = monotonic() + MAX_S
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in range(min(len(document), MAX_PAGES)):
            picture = _draw(document[number], until)
            if picture is None:
                return
            yield picture
    except pypdfium2.PdfiumError:
        return
    finally:
        document.close()


def page_texts(data: bytes) -> Iterator[str]:
    """The words on the first pages; nothing of a document that is damaged, locked or too large."""
    if len(data) > MAX_BYTES:
        return
    import pypdfium2  # as above

    until, room = monotonic() + MAX_S, MAX_TEXT
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in range(min(len(document), MAX_TEXT_PAGES)):
            if room <= 0 or monotonic() > until:
                return
            text = document[number].get_textpage().get_text_bounded()[:room]
            room -= len(text)
            yield whole_letters(text.replace("\r\n", "\n"))
    except pypdfium2.PdfiumError:
        return
    finally:
        document.close()


def _draw(page: pypdfium2.PdfPage, until: float) -> Picture | None:
    """One page; None if there is no time left for it."""
    import pypdfium2
    from pypdfium2 import raw

    width, height = page.get_size()
    scale = min(SCALE, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    if max(size) > MAX_SIDE:
        return None
    bitmap = pypdfium2.PdfBitmap.new_native(*size, raw.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    pause = raw.IFSDK_PAUSE(version=1)
    callback = dict(raw.IFSDK_PAUSE._fields_)["NeedToPauseNow"]
    pause.NeedToPauseNow = callback(lambda _: int(monotonic() > until))
    state = raw.FPDF_RenderPageBitmap_Start(
        bitmap, page, 0, 0, *size, 0, raw.FPDF_GRAYSCALE, ctypes.byref(pause)
    )
    raw.FPDF_RenderPage_Close(page)
    picture: Picture | None = bitmap.to_pil().copy() if state == raw.FPDF_RENDER_DONE else None
    bitmap.close()
    page.close()
    return picture
