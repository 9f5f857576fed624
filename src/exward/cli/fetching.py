"""Fetches one file over https: bounded in size and time, never by way of an unprotected address."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from email.message import Message
from http.client import HTTPException
from ssl import SSLContext
from typing import IO

from exward import __version__
from exward.model.errors import ExwardError, UsageError

TIMEOUT_S = 30
"""For connecting, and for each piece."""
TOTAL_S = 300
_PIECE_BYTES = 256 * 1024


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    """Follows no redirection to an address without TLS."""

    def redirect_request(  # noqa: PLR0913 - urllib's own signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse everything but https."""
        _check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def fetch(url: str, limit: int, context: SSLContext | None = None) -> bytes:
    """The file at `url`, at most `limit` bytes; raises UsageError or ExwardError."""
    _check(url)
    opener = urllib.request.build_opener(_OnlyHttps(), urllib.request.HTTPSHandler(context=context))
    headers = {"User-Agent": f"exward/{__version__}", "Accept": "application/json, */*"}
    request = urllib.request.Request(url, headers=headers)
    ends = time.monotonic() + TOTAL_S
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            pieces, size = [], 0
            while piece := answer.read(_PIECE_BYTES):
                pieces.append(piece)
                size += len(piece)
                if size > limit:
                    raise ExwardError(f"the file is larger than {limit:,} bytes", "", url)
                if time.monotonic() > ends:
                    raise ExwardError(f"took longer than {TOTAL_S} s", "fetch it yourself", url)
            return b"".join(pieces)
    except (urllib.error.URLError, HTTPException, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise ExwardError(
            f"cannot be fetched: {reason}", "fetch it yourself and give the file", url
        ) from error


def _check(url: str) -> None:
    if not url.lower().startswith("https://"):
        raise UsageError("only https is fetched", "fetch it yourself and give the file", url)
