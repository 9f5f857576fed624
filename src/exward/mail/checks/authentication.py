"""Who the message is really from, joined with whom it claims to be from."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.facts import Facts
from exward.mail.signs import SPOOF, Sign
from exward.mail.urls import is_free_mail

TITLE = "The sender's domain does not vouch for the message"
CLASS = SPOOF
WISHES = {"reject": 5.0, "quarantine": 3.5, "none": 1.5}


def find(facts: Facts) -> Iterator[Sign]:
    """Weigh what was checked, or what a server that the settings trust has told."""
    known = facts.authentication
    if known is None:
        return
    sender, brand = facts.sender, brand_of(facts.sender.domain)
    quote = f"spf={known.spf} dmarc={known.dmarc} arc={known.arc}"
    is_ours = sender.organisation in facts.settings.own_domains
    if known.dmarc == "fail" and known.arc != "pass":
        weight = WISHES.get(known.policy, WISHES["none"]) + (2.0 if brand or is_ours else 0.0)
        why = f"{sender.domain} does not vouch for this message"
        wish = f" and wishes such mail: {known.policy}" if known.policy else ""
        yield Sign(weight, f"{why}{wish}.", quote)
    elif is_ours and not known.is_authentic:
        yield Sign(4.0, "The sender has our own domain, and nothing shows that it is ours.", quote)
    elif known.is_authentic and brand is not None and not is_free_mail(sender.organisation):
        why = f"The message is authentic, and {sender.domain} belongs to {brand.name!r}."
        yield Sign(-3.0, why, quote)
    elif known.spf == "fail" and not known.is_authentic:
        yield Sign(2.0, f"{known.spf_domain} does not allow this server to send for it.", quote)
