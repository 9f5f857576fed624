"""Mail addresses as headers state them, and as people see them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exward.mail.domains import organisation
from exward.mail.mime.words import decode_words

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@(?:\[[\w:.]{3,60}\]|[\w.-]{1,253})")
_ANGLE = re.compile(r"^(.*?)<\s*([^<>]{0,400}?)\s*>", re.DOTALL)
MAX_HEADER = 4000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox; `name` is what people see, `address` in lower case; both may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the @, empty if there is none."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""

    @property
    def organisation(self) -> str:
        """The registrable domain of the address."""
        return organisation(self.domain)


NOBODY = Mailbox("", "")


def parse_mailbox(value: str) -> Mailbox:
    """The first mailbox of a header's value, read leniently."""
    text = value[:MAX_HEADER]
    angle = _ANGLE.match(text)
    if angle is None:
        bare = _ADDRESS.search(text)
        rest = re.sub(r"[()]", " ", text.replace(bare[0], " ")) if bare else text
        return Mailbox(_name(rest), bare[0].lower() if bare else "")
    inner = _ADDRESS.search(angle[2])
    return Mailbox(_name(angle[1]), inner[0].lower() if inner else angle[2].strip().lower())


def addresses_in(text: str) -> list[str]:
    """Everything in a text that looks like an address, lower case."""
    if "@" not in text:
        return []
    return [match[0].lower() for match in _ADDRESS.finditer(text[:MAX_HEADER])]


def _name(text: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", text.strip().strip("\"'").strip())
    return " ".join(decode_words(plain).replace('"', "").split())
