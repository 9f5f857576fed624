"""How a message is made, as features. None names a header that only some collection has.

Each speaks in one direction only, whatever a collection says: what a sender can add at will never
speaks for a message, and what honest newsletters have as well never against it. A domain that costs
next to nothing vouches for nothing: its signature, links and names do not speak for a message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from exward.mail.classifier.identity import identity_features
from exward.mail.domains import is_reserved, label, organisation
from exward.mail.facts import Facts
from exward.mail.language.phrases import phrases_in
from exward.mail.urls import is_cheap, is_free_mail, is_open_host, is_shortener

_VOWELS = re.compile(r"[aeiouyäöü]")
_ROLE = re.compile(
    r"(?:no.?reply|do.?not.?reply|info|news|support|service|admin|contact|mailer|notif\w*|alert\w*|"
    r"account\w*|billing|team|hello|help|sales|marketing)\b"
)
_EMOJI = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
_ID_AT_END = re.compile(r"(?:[#\[(\-_ ]|id|ref)\W*[A-Z0-9-]*\d[A-Z0-9-]{3,}\W*$", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?(?:usd|eur|€|\$)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff]")
_PATHS = {
    "long code": re.compile(r"[A-Za-z0-9+_-]{30,}"),
    "nothing but a code": re.compile(r"^/(?=\w*\d)[\w=+-]{16,}/?$"),
    "many numbers in the path": re.compile(r"(?:/\d+(?:_\w{1,4})?){4}"),
    "counter of advertisers": re.compile(
        r"[?&](?:oc|s[12]|aff?_?(?:id|sub)|offer_?id|sub_?id\d?|click_?id)=", re.IGNORECASE
    ),
    "path speaks of accounts": re.compile(
        r"[/._?&=-](?:log-?in|sign-?in|verif\w*|secure\w*|webscr|auth|wallet|claim|confirm\w*|"
        r"account|password|webmail|owa)(?:[/._?&=-]|$)", re.IGNORECASE
    ),
    "inside a blog's own files": re.compile(r"/wp-(?:content|includes|admin)/", re.IGNORECASE),
}  # fmt: skip
_STYLED = re.compile(r"[\U0001d400-\U0001d7ff\u24b6-\u24e9\uff21-\uff5a]{2}")
"""Letters as mathematical, circled or wide signs, which filters for words do not read."""
_UNFILLED = re.compile(
    r"(?:[\[{]|%%) ?(?:\w{1,20} )?\w{0,30}(?:name|link|mask|unsub|subject|email)\w{0,30}"
    r" ?(?:[\]}%]|$)",
    re.IGNORECASE,
)
"""What a mass mailer should have replaced for each recipient."""
_SUBJECTS = {
    "exclamation": re.compile("!"),
    "emoji": _EMOJI,
    "number at its end": _ID_AT_END,
    "money": _MONEY,
    "styled letters": _STYLED,
    "unfilled form": _UNFILLED,
}
_LETTERS_IN_NUMBERS = re.compile(r"(?<!\w)\d{1,3}O{1,3}(?!\w)|(?<!\w)\dO\d(?!\w)")
"""`1OO` for 100, so that filters do not find it."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_TURN = re.compile(r"[a-z][A-Z]")
_D = re.compile(r"(?:^|;)\s*d\s*=\s*([\w.-]+)")


_FOR = (
    "sender: known company, and all links agree", "sender: name fits domain",
    "sender: usual subdomain", "links: all agree with the sender",
    "links: all to whom the name claims", "links: to the sender 50+",
    "links: to the sender 90+", "message id of its domain",
    "signed for its domain", "unsubscribe header", "links: 10+", "links: 40+", "links: domains 4+",
    "links: domains 8+", "html: images 5+", "html: images 20+", "text: length 1500+",
    "text: length 6000+", "html with text", "no html", "links: 0", "links: domains 0",
    "html: images 0", "sender: ending com", "sender: ending org", "sender: ending edu",
    "sender: ending gov", "sender: ending net",
)  # fmt: skip


def direction(name: str) -> int:
    """1: the feature may only speak against a message, -1: only for it, 0: either (words)."""
    if name.startswith("word"):
        return 1 if name.startswith("word in name: ") else 0
    return -1 if name in _FOR else 1


def structure_features(facts: Facts) -> Iterator[str]:
    """Names of all that holds for a message."""
    yield from _sender(facts)
    yield from identity_features(facts)
    yield from _headers(facts)
    yield from _subject(facts.subject)
    yield from _body(facts)
    yield from _links(facts)
    yield from _language(facts)


def _sender(facts: Facts) -> Iterator[str]:
    sender = facts.sender
    name = label(sender.domain)
    local = sender.address.partition("@")[0]
    if not sender.domain:  # the check `header_forensics` tells it
        return
    yield from _display_name(facts)
    if is_reserved(sender.domain):
        return
    if is_free_mail(sender.organisation):
        yield "sender: free mail"
    cheap = is_cheap(sender.domain)
    yield "sender: cheap ending" if cheap else f"sender: ending {_ending(sender.domain)}"
    yield from (f"sender: domain {trait}" for trait in _name_traits(name))
    if sum(char.isdigit() for char in local) >= 3:
        yield "sender: digits in address"
    if _ROLE.match(local):
        yield "sender: role address"


def _display_name(facts: Facts) -> Iterator[str]:
    name = facts.sender.name
    if not name:
        yield "sender: no name"
    if _EMOJI.search(name):
        yield "sender: emoji in name"
    if name.isupper() and len(name) > 3:
        yield "sender: name in capitals"
    if _mixes_scripts(name) or _STYLED.search(name):
        yield "sender: name mixes alphabets"
    folded = re.sub(r"\W", "", name.casefold())
    domain = facts.sender.domain
    is_solid = not is_reserved(domain) and not is_cheap(domain)
    if folded and is_solid and (label(domain) in folded or folded in domain):
        yield "sender: name fits domain"


def _name_traits(name: str) -> Iterator[str]:
    if re.search(r"\d", name):
        yield "with digits"
    if "-" in name:
        yield "with hyphen"
    if len(name) >= 16:
        yield "long"
    if len(name) >= 6 and len(_VOWELS.findall(name)) / len(name) < 0.2:
        yield "without vowels"


def _ending(host: str) -> str:
    last = host.rpartition(".")[2]
    if last in {"com", "net", "org", "edu", "gov", "info", "biz", "io", "co"}:
        return last
    return "country" if len(last) == 2 else "other"


def _headers(facts: Facts) -> Iterator[str]:
    message, sender = facts.message, facts.sender
    signers = {organisation(found[1]) for value in message.all("dkim-signature")
               for found in _D.finditer(value)}  # fmt: skip
    is_solid = not is_reserved(sender.domain) and not is_cheap(sender.domain)
    if sender.organisation in signers and is_solid:
        yield "signed for its domain"
    own_id = organisation(message.first("message-id").strip("<> ").rpartition("@")[2])
    if own_id and own_id == sender.organisation and is_solid:
        yield "message id of its domain"
    if message.first("list-unsubscribe"):
        yield "unsubscribe header"
    if message.first("x-priority")[:1] in {"1", "2"}:
        yield "high priority"
    if any(one.name.startswith("x-php-") for one in message.fields):
        yield "sent by a web page"


def _subject(subject: str) -> Iterator[str]:
    letters = [char for char in subject if char.isalpha()]
    if not subject:
        yield "subject: empty"
    if len(letters) > 8 and sum(char.isupper() for char in letters) / len(letters) > 0.7:
        yield "subject: capitals"
    yield from (f"subject: {trait}" for trait, mark in _SUBJECTS.items() if mark.search(subject))
    if _mixes_scripts(subject) or _INVISIBLE.search(subject):
        yield "subject: mixes alphabets"
    if any(len(_TURN.findall(word)) >= 3 for word in subject.split() if word.isalnum()):
        yield "subject: random word"


def _body(facts: Facts) -> Iterator[str]:
    text = facts.text
    yield f"text: length {_bucket(len(text), (0, 100, 400, 1500, 6000))}"
    images = sum(len(page.images) for page in facts.pages)
    if facts.pages:
        is_plain = any(part.media_type == "text/plain" and not part.names
                       for part in facts.message.parts)  # fmt: skip
        yield "html with text" if is_plain else "html alone"
        yield f"html: images {_bucket(images, (0, 1, 5, 20))}"
        if images and len(text) < 200:
            yield "html: pictures instead of text"
    else:
        yield "no html"
    if len(_INVISIBLE.findall(text)) > 5:
        yield "text: invisible characters"
    if _mixes_scripts(text[:3000]):
        yield "text: mixes alphabets"
    if any(len(page.hidden) > 400 for page in facts.pages):
        yield "html: much hidden text"
    if _MONEY.search(text[:5000]):
        yield "text: money"
    if _LETTERS_IN_NUMBERS.search(text[:5000]):
        yield "text: letters in numbers"
    if _differ(facts):
        yield "text: another than in the page"
    for kind in sorted({file.kind for file in facts.files} & {"html", "pdf", "svg", "rtf", "iso"}):
        yield f"attached: {kind}"


def _differ(facts: Facts) -> bool:
    """Whether the plain text is about something else than the page that is shown instead of it."""
    shown = {word for page in facts.pages for word in _WORD.findall(page.text[:3000].casefold())}
    plain = set(_WORD.findall(facts.text[:6000].casefold()))
    return min(len(shown), len(plain)) >= 15 and len(shown & plain) < len(shown) / 5


def _links(facts: Facts) -> Iterator[str]:
    hosts = {link.target.host for link in facts.links}
    owners = {organisation(host) for host in hosts}
    yield f"links: {_bucket(len(facts.links), (0, 1, 3, 10, 40))}"
    yield f"links: domains {_bucket(len(owners), (0, 1, 2, 4, 8))}"
    own = facts.sender.organisation
    if owners and not is_cheap(facts.sender.domain):
        share = sum(link.target.organisation == own for link in facts.links) / len(facts.links)
        yield f"links: to the sender {_bucket(round(share * 100), (0, 1, 50, 90))}"
    traits = {trait for link in facts.links for trait in _link_traits(link.target.host)}
    yield from sorted(f"links: {trait}" for trait in traits)
    if any(link.url.scheme == "http" for link in facts.links):
        yield "links: not encrypted"
    for trait, pattern in _PATHS.items():
        if any(pattern.search(link.target.rest[:500]) for link in facts.links):
            yield f"links: {trait}"
    if any(_UNFILLED.match(host) for host in hosts):
        yield "links: unfilled form"
    if any(link.source in {"qr", "pdf", "file"} for link in facts.links):
        yield "links: in attachments"


def _link_traits(host: str) -> Iterator[str]:
    if is_cheap(host):
        yield "cheap ending"
    if is_open_host(host):
        yield "host where anybody can put a page"
    if is_shortener(host):
        yield "shortener"
    yield from (f"domain {trait}" for trait in _name_traits(label(host)))


def _language(facts: Facts) -> Iterator[str]:
    for kind, phrases in facts.said.items():
        yield f"says: {kind}" if len(phrases) < 3 else f"says: {kind}, often"
    for kind in phrases_in(facts.subject.casefold()):
        yield f"subject says: {kind}"


def _bucket(value: int, limits: tuple[int, ...]) -> str:
    reached = [limit for limit in limits if value >= limit]
    return f"{reached[-1]}+" if reached and reached[-1] else str(limits[0])


def _mixes_scripts(text: str) -> bool:
    """Whether one word has letters of the Latin and of another alphabet that looks like it."""
    if text.isascii():
        return False
    for word in re.findall(r"[^\W\d_]{3,}", text):
        if word.isascii():
            continue
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN"}:
            return True
        if "MATHEMATICAL" in scripts:
            return True
    return False
