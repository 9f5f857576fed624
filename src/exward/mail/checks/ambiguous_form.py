"""A message that programs read differently: what one scans, another does not show."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.mime.message import AMBIGUITIES
from exward.mail.signs import MALWARE, SPAM, Sign

TITLE = "Mail programs and scanners read the message differently"
CLASS = MALWARE
_WEAK = {"two-names": 1.0, "uuencoded": 0.5, "header-broken": 0.3, "no-final-boundary": 0.0,
         "part-outside": 1.0, "encoding-unknown": 1.0, "nul-bytes": 1.0, "bare-cr": 0.3,
         "base64-broken": 1.0, "encoded-multipart": 0.5, "two-from": 2.5, "fragment": 2.0,
         "external-body": 2.0, "utf-7": 2.0, "two-encodings": 2.5, "boundary-not-found": 1.5,
         "too-deep": 2.0, "too-many": 2.0, "two-content-types": 2.5}  # fmt: skip
"""What careless programs do as well; all others are done on purpose."""
STRONG = 3.5
NOTHING_TO_HIDE = 0.5
"""What is careless counts half without a file: a text is judged in all of its readings."""


def find(facts: Facts) -> Iterator[Sign]:
    """One sign for each kind of ambiguity; much more if a file hides behind it."""
    files = [part for part in facts.message.parts
             if part.names or not part.media_type.startswith(("text/", "message/"))]  # fmt: skip
    hides = any(part.hidden for part in files)
    seen: set[str] = set()
    for one in facts.message.ambiguities:
        weight = STRONG
        if one.code in _WEAK:
            weight = _WEAK[one.code] * (1.0 if files else NOTHING_TO_HIDE)
        if one.code in seen or not weight:
            continue
        seen.add(one.code)
        where = f"part {one.where}" if one.where else "the message itself"
        mail_class = MALWARE if weight >= STRONG or hides else SPAM
        yield Sign(weight + (1.0 if hides else 0), f"There is {AMBIGUITIES[one.code]}.", where,
                   mail_class)  # fmt: skip
