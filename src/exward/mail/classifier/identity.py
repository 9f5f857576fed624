"""Who a message claims to be from, against who sends it and where its links lead, as features.

What speaks for a message here holds only while every link agrees with the sender: whoever copies a
company's mail and puts in one link of their own loses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import Brand, brand_of, brands_in
from exward.mail.claims import clicked_hosts, is_carrier, is_theirs
from exward.mail.domains import is_reserved, label, organisation, skeleton
from exward.mail.facts import Facts
from exward.mail.urls import is_cheap, is_free_mail

HEAD = 400
"""Characters of the text in which a company speaks of itself first."""
_USUAL_PARTS = re.compile(
    r"(?:e?mails?|e|em|m|go|news|newsletters?|info|mailer|mailing|updates?|notif\w*|marketing|alerts?|"
    r"members?|accounts?|service|support|orders?|crm|messages?|messaging|reply|www|my|shop|edm|mkt|"
    r"click|links?|track\w*|t|comms?|communications?|offers?|loyalty|rewards?|customers?|corp|us|uk)"
)
_RANDOM_LABEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|(?:[a-z]\d|\d[a-z]){2}|\d{4}")
_RANDOM_LOCAL = re.compile(r"[a-z]+\d+[a-z]+\d|\d{5}|[bcdfghjklmnpqrstvwxz]{6}|^(?=\w*\d)\w{16,}$")
_BROKEN = re.compile(r"[\s,;\"()]|\.\.|@.*@")
_ANGLE = re.compile(r"<([^<>]{0,400})>")
_OFFICE = re.compile(
    r"\b(?:support|security|service|admin\w*|help ?desk|it desk|team|notif\w*|alerts?|billing|"
    r"accounts?|verif\w*|customer|webmail|server|department|office|delivery|rewards?|"
    r"kundenservice|kundendienst|sicherheit|assistance|sécurité|soporte|seguridad|suporte|"
    r"segurança|atendimento|assistenza|klantenservice|bezorging)\b",
    re.IGNORECASE,
)
_ACCOUNT_HOST = re.compile(
    r"(?:^|[.-])(?:log-?in|sign-?in|secure|security|verif\w*|account\w*|update|wallet\w*|claim\w*|"
    r"airdrop\w*|rewards?|support|webmail|mail\w*|auth\w*|portal)(?:[.-]|$)"
)


def identity_features(facts: Facts) -> Iterator[str]:
    """Names of all that holds for sender, claim and links."""
    yield from _address(facts)
    yield from _claims(facts)
    yield from _destinations(facts)


def _address(facts: Facts) -> Iterator[str]:
    sender = facts.sender
    if not sender.domain or is_reserved(sender.domain):
        return
    inner = sender.domain.removesuffix(sender.organisation).strip(".")
    parts = inner.split(".") if inner else []
    is_usual = bool(parts) and all(_USUAL_PARTS.fullmatch(part) for part in parts)
    if is_usual and not is_cheap(sender.domain):
        yield "sender: usual subdomain"
    if len(parts) >= 3:
        yield "sender: deep subdomain"
    if any(_RANDOM_LABEL.search(part) for part in [*parts, label(sender.domain)]):
        yield "sender: random host"
    if _RANDOM_LOCAL.search(sender.address.partition("@")[0]):
        yield "sender: random address"
    stated = _ANGLE.search(facts.message.first("from"))
    if stated and _BROKEN.search(stated[1]):
        yield "sender: broken address"


def _claims(facts: Facts) -> Iterator[str]:
    """What is claimed beside name and subject, which the check `claimed_company` looks at."""
    brands = brands_in(facts.text[:HEAD])
    if brands and not any(is_theirs(facts, brand) for brand in brands):
        yield "text claims a company that is not there"
    claimed = [*brands_in(facts.sender.name, in_name=True), *brands_in(facts.subject), *brands]
    hosts = clicked_hosts(facts)
    places = (facts.sender.domain, *hosts)
    if claimed and hosts and not any(one.owns(place) for one in claimed for place in places):
        yield "claims a company and leads elsewhere"
    look = skeleton(facts.sender.name)
    if brands_in(look, in_name=True) and not brands_in(facts.sender.name, in_name=True):
        yield "name is drawn like a company's"


def _destinations(facts: Facts) -> Iterator[str]:
    sender, hosts = facts.sender, clicked_hosts(facts)
    if not hosts:
        return
    brand = brand_of(sender.domain)
    mine = [_is_own(host, sender.organisation, brand) for host in hosts]
    foreign = {organisation(host) for host, own in zip(hosts, mine, strict=True)
               if not own and not is_carrier(host)}  # fmt: skip
    is_throwaway = is_cheap(sender.domain) and brand is None
    is_person = is_free_mail(sender.organisation) or is_reserved(sender.domain)
    if any(mine) and not foreign and not is_person and not is_throwaway:
        yield "links: all agree with the sender"
        if brand is not None:
            yield "sender: known company, and all links agree"
    if not any(mine) and foreign and all(_is_named(host, facts) for host in foreign):
        yield "links: all to whom the name claims"
    elif not any(mine) and _is_new(facts):
        yield f"links: all elsewhere, {'one owner' if len(foreign) == 1 else 'several owners'}"
        yield from _leads_away(facts)
    if len(facts.text) < 300 and foreign and _is_new(facts):
        yield "links: elsewhere from a short text"
    if any(_RANDOM_LABEL.search(label(host)) for host in hosts):
        yield "links: random host"
    if any(_ACCOUNT_HOST.search(host) for host in hosts if organisation(host) in foreign):
        yield "links: foreign host speaks of accounts"


def _leads_away(facts: Facts) -> Iterator[str]:
    """What is said where no link leads to the sender."""
    if facts.said.get("credential") or facts.said.get("parcel"):
        yield "asks for data and leads elsewhere"
    if facts.said.get("urgency"):
        yield "presses for time and leads elsewhere"
    if _OFFICE.search(facts.sender.name):
        yield "an office by name that leads elsewhere"


def _is_named(owner: str, facts: Facts) -> bool:
    """Whether the sender's name is that of a link's owner: who fakes a company leads elsewhere."""
    claimed = brands_in(facts.sender.name, in_name=True)
    if claimed:
        return any(brand.owns(owner) for brand in claimed)
    name = re.sub(r"\W", "", facts.sender.name.casefold())
    return len(label(owner)) >= 5 and label(owner) in name


def _is_new(facts: Facts) -> bool:
    """Whether the message begins a conversation: in others links are quoted."""
    return not (facts.message.first("in-reply-to") or facts.message.first("references"))


def _is_own(host: str, own: str, brand: Brand | None) -> bool:
    return organisation(host) == own or (brand is not None and brand.owns(host))
