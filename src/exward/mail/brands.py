"""Which company a text claims to speak for, and which domains are that company's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from exward.mail.data_files import data_file
from exward.mail.domains import label, organisation

_WORDY = {"target", "visa", "chase", "ing", "orange", "wise", "zoom", "ups", "steam", "ledger",
          "citi", "costa", "apple", "uber", "yeti", "delta", "caixa", "milwaukee", "stripe", "meta",
          "okta", "xero", "slack", "kraken", "hermes", "amazon", "o2", "twitter", "dpd", "irs",
          "tinder", "dewalt", "jira", "cpanel", "wordpress", "cloudflare",
          "salesforce", "ripple", "stanley", "arbitrum"}  # fmt: skip
"""Names that are words too, or that others speak of: these count in a sender's name only."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A company; `name` as people write it."""

    name: str
    domains: frozenset[str]

    def owns(self, host: str) -> bool:
        """Whether a host is the company's own."""
        name = host.lower()
        whole = organisation(name)
        return (
            whole in self.domains
            or name in self.domains
            or f"{label(name)}.*" in self.domains
            or any(name.endswith(f".{domain}") for domain in self.domains)
        )


@cache
def _brands() -> dict[str, Brand]:
    found: dict[str, Brand] = {}
    for names, domains in data_file("brands.toml")["brands"].items():
        for name in names.split("|"):
            found[name] = Brand(name, frozenset(domains))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_brands(), key=len, reverse=True)
    return re.compile(r"(?<![\w@.-])(" + "|".join(map(re.escape, names)) + r")(?![\w@-]|\.\w)")


def brands_in(text: str, *, in_name: bool = False) -> list[Brand]:
    """The companies named in a text; `in_name`: it is a sender's name, where any word counts."""
    found = dict.fromkeys(_pattern().findall(text[:4000].casefold()))
    return [_brands()[name] for name in found if in_name or name not in _WORDY]


def all_brands() -> list[Brand]:
    """Every company that exward knows, in a fixed order."""
    return [_brands()[name] for name in sorted(_brands())]


@lru_cache(maxsize=20_000)
def brand_of(host: str) -> Brand | None:
    """The company that a host belongs to; None if it is none that exward knows."""
    return next((brand for brand in _brands().values() if brand.owns(host)), None)


@cache
def brand_labels() -> dict[str, Brand]:
    """The names under which companies are registered (`paypal`), of five letters or more."""
    found: dict[str, Brand] = {}
    for brand in _brands().values():
        for domain in sorted(brand.domains):
            name = domain.partition(".")[0]
            if len(name) >= 5 and "*" not in name:
                found.setdefault(name, brand)
    return found
