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
    trait: str = ""
    """Evidence by degree: the name under which the trained model weighs it (`hint`)."""


def hint(trait: str, why: str, evidence: str = "", mail_class: str = "") -> Sign:
    """What honest mail shows as well, now and then: the model says how many points it is.

    A trait is a feature of the model, so its name must not change.
    """
    return Sign(0.0, why, evidence, mail_class, trait)
