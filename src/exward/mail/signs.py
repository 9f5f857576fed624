"""What a check says of a message."""

from __future__ import annotations

from dataclasses import dataclass

PHISHING, BEC, MALWARE, SPAM, SPOOF, BULK = "phishing", "bec", "malware", "spam", "spoof", "bulk"
CLASSES = (PHISHING, BEC, MALWARE, SPAM, SPOOF, BULK)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for or (with a weight below zero) against harm.

    `weight` is in points: from 5 a message is tagged, from 8 it goes to quarantine (the settings
    may say otherwise). `evidence` quotes the message and is hostile text.
    """

    weight: float
    why: str
    evidence: str = ""
    mail_class: str = ""
    """One of CLASSES; empty: the class of the check."""
