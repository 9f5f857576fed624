"""ARC (RFC 8617): whether the chain of those who passed a message on is whole.

Each signature is dkimpy's to check; the rules of the chain are here. The library's own walk fails
whole chains whose headers stand in another order or have blanks around the signs, and lets pass
those of more than 50 sets or without From.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

MAX_SETS = 50  # RFC 8617, section 4.2.1
RESULTS, SIGNATURE, SEAL = b"arc-authentication-results", b"arc-message-signature", b"arc-seal"
_NUMBER = re.compile(rb"\s*i\s*=\s*([1-9]\d?)\s*(?:;|$)")
_FIELD_NAME = re.compile(rb"[!-9;-~]+")  # RFC 5322, section 3.6.8
_SEAL_TAGS = [b"i", b"a", b"b", b"cv", b"d", b"s"]
_SIGNATURE_TAGS = [b"i", b"a", b"b", b"bh", b"d", b"h", b"s"]

Ask = Callable[..., bytes | None]
Header = tuple[bytes, bytes]


@dataclass(slots=True)
class _Set:
    """What one who passed the message on has added; each once."""

    headers: dict[bytes, Header]
    seal: dict[bytes, bytes]
    signature: dict[bytes, bytes]


class BrokenChainError(Exception):
    """The headers of the chain break a rule."""


def check_chain(raw: bytes, ask: Ask) -> str:
    """Say `pass`, `fail` or `none`; raises what `ask` and dkimpy raise."""
    message = dkim.ARC(raw, minkey=1024)
    headers = [one for one in message.headers if one[0].lower() in {RESULTS, SIGNATURE, SEAL}]
    if not headers:
        return "none"
    try:
        sets = _sets(headers)
        _check_rules(sets)
    except (BrokenChainError, InvalidTagValueList):
        return "fail"
    newest = sets[-1]
    named = [name.lower() for name in re.split(rb"\s*:\s*", newest.signature[b"h"])]
    if not message.verify_sig(newest.signature, named, newest.headers[SIGNATURE], ask):
        return "fail"
    whole = all(_is_sealed(message, sets[:number], ask) for number in range(len(sets), 0, -1))
    return "pass" if whole else "fail"


def _sets(headers: list[Header]) -> list[_Set]:
    """The sets in order; raises BrokenChainError for one that is missing, double or incomplete."""
    found: dict[int, dict[bytes, Header]] = {}
    for header in headers:
        kind, value = header[0].lower(), header[1]
        stated = value if kind == RESULTS else b"i=" + parse_tag_value(value).get(b"i", b"")
        number = _NUMBER.match(stated)
        if number is None or kind in found.setdefault(int(number[1]), {}):
            raise BrokenChainError
        found[int(number[1])][kind] = header
    if sorted(found) != list(range(1, len(found) + 1)) or len(found) > MAX_SETS:
        raise BrokenChainError
    if any(len(one) < 3 for one in found.values()):
        raise BrokenChainError
    ordered = (found[number] for number in sorted(found))
    return [_Set(one, parse_tag_value(one[SEAL][1]), parse_tag_value(one[SIGNATURE][1]))
            for one in ordered]  # fmt: skip


def _check_rules(sets: list[_Set]) -> None:
    """Raise BrokenChainError or a DKIMException where tags say what they must not."""
    for number, one in enumerate(sets, start=1):
        one.signature.pop(b"v", None)  # section 4.1.2: to be ignored
        dkim.validate_signature_fields(one.seal, _SEAL_TAGS, True)
        dkim.validate_signature_fields(one.signature, _SIGNATURE_TAGS, True)
        named = re.split(rb"\s*:\s*", one.signature[b"h"].lower())
        if one.seal[b"cv"] != (b"none" if number == 1 else b"pass") or b"h" in one.seal:
            raise BrokenChainError
        if not _may_sign(named):
            raise BrokenChainError
        for tags in (one.seal, one.signature):
            tags.setdefault(b"c", b"relaxed/relaxed")


def _may_sign(named: list[bytes]) -> bool:
    """Whether these may be the headers that a signature covers, as the public suite has it.

    RFC 8617, section 4.1.2, tells signers to name no header of the chain; section 5.2 has
    validators refuse none for it, and many signers name the results. Only the seal, which is made
    after the signature, cannot be in it. A list without any name vouches for the body alone.
    """
    if any(name and not _FIELD_NAME.fullmatch(name) for name in named) or SEAL in named:
        return False
    return b"from" in named or named == [b""]


def _is_sealed(message: dkim.ARC, sets: list[_Set], ask: Ask) -> bool:
    """Whether the last of these sets seals all of them."""
    kinds = (RESULTS, SIGNATURE, SEAL)
    over = [one.headers[kind] for one in sets for kind in kinds][:-1]
    every = message.headers
    try:
        # dkimpy looks for headers from the bottom up, so the first that is signed stands last.
        message.headers = over[::-1]
        names = [name.lower() for name, _ in over]
        return bool(message.verify_sig(sets[-1].seal, names, sets[-1].headers[SEAL], ask))
    finally:
        message.headers = every
