"""Who sends mail in the name of a domain, as receivers report it (DMARC aggregate reports)."""

from __future__ import annotations

from dataclasses import dataclass, field

from exward.model.skipped import Skipped

SCHEMA = 1
"""Version of the JSONL objects; raised when a field changes its meaning."""


@dataclass(slots=True)
class SendingHost:
    """One address that sent in the name of a domain. Times: seconds since 1970 UTC."""

    domain: str
    """That stood in From."""
    source_ip: str
    messages: int = 0
    aligned: int = 0
    """Messages that DMARC passed: by SPF or DKIM of the same organisation."""
    by_dkim: int = 0
    by_spf: int = 0
    dispositions: dict[str, int] = field(default_factory=dict)
    """What receivers did: none, quarantine, reject."""
    signers: dict[str, int] = field(default_factory=dict)
    """Domains of valid DKIM signatures, aligned or not: who the sender really is."""
    envelopes: dict[str, int] = field(default_factory=dict)
    """Domains whose SPF allowed the address."""
    reporters: tuple[str, ...] = ()
    first: int = 0
    last: int = 0

    @property
    def unaligned(self) -> int:
        """Messages that DMARC failed."""
        return self.messages - self.aligned


@dataclass(frozen=True, slots=True)
class DmarcResult:
    """All that `exward mail dmarc-reports` says: the only thing its renderers get."""

    version: str
    hosts: tuple[SendingHost, ...]
    """Those with most unaligned messages first."""
    policies: dict[str, str]
    """Domain → the wish (p) of its record in the newest report."""
    reports: int
    duplicates: int
    """Reports that were there more than once and counted once."""
    skipped: tuple[Skipped, ...]
    interrupted: bool = False
