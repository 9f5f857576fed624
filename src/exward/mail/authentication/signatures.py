"""DKIM (RFC 6376, 8463) and ARC (RFC 8617) by dkimpy, with a resolver of ours."""

from __future__ import annotations

import re
from collections.abc import Callable

import dkim
from nacl.exceptions import CryptoError

from exward.mail.authentication.chain import check_chain
from exward.mail.authentication.resolver import LookupFailedError, Resolver

MAX_SIGNATURES = 10
_DOMAIN = re.compile(rb"(?:^|;)\s*d\s*=\s*([\w.-]{1,253})")
_DAMAGED = (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError,
            AssertionError, UnicodeError, CryptoError)  # fmt: skip
"""What the library raises, beside its own errors, for signatures that are no signatures."""


def check_dkim(raw: bytes, resolver: Resolver) -> tuple[tuple[str, str], ...]:
    """Result and domain of every signature, in the order of the headers."""
    found: list[tuple[str, str]] = []
    ask = _text_records(resolver)
    try:
        message = dkim.DKIM(raw, minkey=1024)
    except (dkim.DKIMException, *_DAMAGED):
        return ()
    values = [value for name, value in message.headers if name.lower() == b"dkim-signature"]
    for number, value in enumerate(values[:MAX_SIGNATURES]):
        domain = _DOMAIN.search(value)
        name = domain[1].decode().lower() if domain else ""
        found.append((_verify(message, number, ask), name))
    return tuple(found)


def _verify(message: dkim.DKIM, number: int, ask: Callable[..., bytes | None]) -> str:
    try:
        return "pass" if message.verify(idx=number, dnsfunc=ask) else "fail"
    except LookupFailedError:
        return "temperror"
    except dkim.DKIMException:
        return "permerror"
    except _DAMAGED:
        return "permerror"


def check_arc(raw: bytes, resolver: Resolver) -> str:
    """Whether the chain of those who passed the message on is whole: pass, fail or none."""
    if b"arc-seal" not in raw[: 1024 * 1024].lower():
        return "none"
    try:
        return check_chain(raw, _text_records(resolver))
    except LookupFailedError:
        return "temperror"
    except (dkim.DKIMException, *_DAMAGED):
        return "fail"


def _text_records(resolver: Resolver) -> Callable[..., bytes | None]:
    def ask(name: bytes | str, timeout: float = 0) -> bytes | None:
        del timeout  # the resolver has its own
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        records = resolver.lookup(text.rstrip("."), "TXT")
        return records[0] if records else None

    return ask
