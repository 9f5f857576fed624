"""Seals messages as RFC 8617 says, and, for the tests, as it forbids: every tag can be changed.

Independent of the library under test: canonicalization is RFC 6376 section 3.4 (relaxed), the
signatures are made by `cryptography`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from exward.mail.authentication.resolver import TableResolver

DOMAIN, SELECTOR = "hop.example", "s1"
MESSAGE = (
    "From: Ann Lee <ann.lee@contoso.example>\r\nTo: bob@fabrikam.example\r\n"
    "Subject: Minutes\r\nDate: Mon, 05 Jan 2026 10:00:00 +0000\r\n\r\nHello\r\n"
)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)


def record(key: rsa.RSAPrivateKey = KEY) -> bytes:
    """The key as a TXT record has it."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def resolver(text: bytes | None = None) -> TableResolver:
    """Knows one key; b"" knows none."""
    given = record() if text is None else text
    records = {(f"{SELECTOR}._domainkey.{DOMAIN}", "TXT"): [given]} if given else {}
    return TableResolver(records)


@dataclass
class Hop:
    """One who passes a message on. `None` in a table of tags leaves a tag out, a text replaces it.

    `seal`, `signature` are tags of ARC-Seal and ARC-Message-Signature; `sealed_over` is put in the
    place of the chain that is really there.
    """

    cv: str = ""
    seal: dict[str, str | None] = field(default_factory=dict)
    signature: dict[str, str | None] = field(default_factory=dict)
    results: str = "hop.example; spf=pass"
    number: int | None = None
    key: rsa.RSAPrivateKey = KEY
    folded: bool = False


def sealed(hop: Hop, message: str) -> str:
    """The message with one more ARC set at its top."""
    number = hop.number or len(re.findall(r"(?mi)^arc-seal:", message)) + 1
    results = f"i={number}; {hop.results}"
    tags = {"i": str(number), "a": "rsa-sha256", "c": "relaxed/relaxed", "d": DOMAIN, "b": "",
            "s": SELECTOR, "h": "from:to:subject:date", "bh": _body_hash(message)}  # fmt: skip
    tags_of_signature = _changed(tags, hop.signature)
    own = f"ARC-Authentication-Results: {results}\r\n{message}"
    signed = _signature(tags_of_signature, own, hop)
    cv = hop.cv or ("none" if number == 1 else "pass")
    tags = {"i": str(number), "a": "rsa-sha256", "t": "1767607200", "cv": cv, "d": DOMAIN,
            "s": SELECTOR, "b": ""}  # fmt: skip
    tags_of_seal = _changed(tags, hop.seal)
    sets = [*_sets(message), ("ARC-Authentication-Results", f" {results}"),
            ("ARC-Message-Signature", signed)]  # fmt: skip
    unsigned = _written(tags_of_seal, hop.folded)
    over = "".join(f"{_relaxed(name, value)}\r\n" for name, value in sets)
    over += _relaxed("ARC-Seal", unsigned)
    seal = unsigned if hop.seal.get("b", "") != "" or "b" not in tags_of_seal else (
        unsigned + _sign(over, hop.key)
    )  # fmt: skip
    return (
        f"ARC-Seal:{seal}\r\nARC-Message-Signature:{signed}\r\n"
        f"ARC-Authentication-Results: {results}\r\n{message}"
    )


def chain(*hops: Hop) -> str:
    """The message after all hops."""
    message = MESSAGE
    for hop in hops:
        message = sealed(hop, message)
    return message


def _signature(tags: dict[str, str], message: str, hop: Hop) -> str:
    unsigned = _written(tags, hop.folded)
    if hop.signature.get("b", "") != "" or "b" not in tags:
        return unsigned
    headers = _headers(message)
    over = ""
    for name in tags.get("h", "").lower().split(":"):
        for at in range(len(headers) - 1, -1, -1):
            if headers[at][0].lower() == name.strip():
                over += f"{_relaxed(*headers.pop(at))}\r\n"
                break
    return unsigned + _sign(over + _relaxed("ARC-Message-Signature", unsigned), hop.key)


def _changed(tags: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    merged = {**{key: value for key, value in tags.items() if key != "b"}, **changes}
    found = {key: value for key, value in merged.items() if value is not None and key != "b"}
    signature = changes.get("b", "")
    return found if signature is None else {**found, "b": signature}


def _written(tags: dict[str, str], folded: bool) -> str:
    between = ";\r\n\t" if folded else "; "
    equals = " = " if folded else "="
    return " " + between.join(f"{key}{equals}{value}" for key, value in tags.items())


def _headers(message: str) -> list[tuple[str, str]]:
    head = message.partition("\r\n\r\n")[0]
    lines = re.split(r"\r\n(?![ \t])", head)
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def _sets(message: str) -> list[tuple[str, str]]:
    """The headers of all sets as a seal goes over them: by number, results, signature, seal."""
    order = ("arc-authentication-results", "arc-message-signature", "arc-seal")
    found = [(name, value) for name, value in _headers(message) if name.lower() in order]
    return sorted(found, key=lambda one: (_number(one[1]), order.index(one[0].lower())))


def _number(value: str) -> int:
    found = re.search(r"(?:^|;)\s*i\s*=\s*(\d+)", value)
    return int(found[1]) if found else 0


def _relaxed(name: str, value: str) -> str:
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    return f"{name.lower()}:" + re.sub(r"[ \t]+", " ", unfolded).strip()


def _body_hash(message: str) -> str:
    body = message.partition("\r\n\r\n")[2]
    lines = [re.sub(r"[ \t]+", " ", line).rstrip(" ") for line in body.split("\r\n")]
    plain = "\r\n".join(lines).rstrip("\r\n")
    return base64.b64encode(
        hashlib.sha256((f"{plain}\r\n" if plain else "").encode()).digest()
    ).decode()


def _sign(text: str, key: rsa.RSAPrivateKey) -> str:
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
