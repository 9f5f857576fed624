"""QR codes in pictures: what they say."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS = 8_000_000
MAX_BYTES = 8 * 1024 * 1024
MIN_SIDE = 60
_DECODERS = {"png": "PNG", "jpeg": "JPEG", "gif": "GIF", "bmp": "BMP", "webp": "WEBP"}


def qr_texts(data: bytes, kind: str) -> list[str]:
    """What the QR codes in a picture say; none if it is too large, too small or damaged."""
    if kind not in _DECODERS or len(data) > MAX_BYTES:
        return []
    picture = _open(data, kind)
    return [] if picture is None else codes_in(picture)


def codes_in(picture: Picture) -> list[str]:
    """What the QR codes in an opened picture say."""
    import zxingcpp  # with numpy behind it; few messages have pictures in them

    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return [one.text for one in found][:20]


def _open(data: bytes, kind: str) -> Picture | None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, whose size is checked here
            picture = Image.open(io.BytesIO(data), formats=[_DECODERS[kind]])
            width, height = picture.size
            if width * height > MAX_PIXELS or min(width, height) < MIN_SIDE:
                return None
            return picture.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
