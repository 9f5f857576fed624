"""How a check makes a finding: a stable id, and places with the fields that accepted risks name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from exward.access.facts import Place
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

DETECTOR = "access"
MAX_PLACES = 100


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What all findings of one check have in common; `id` is what an accepted risk names."""

    id: str
    title: str
    techniques: tuple[str, ...] = ()
    advice: str = ""
    references: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one finding says besides; `about` tells it from others of its rule."""

    why: str
    severity: Severity
    about: tuple[str, ...]
    places: Sequence[tuple[Place, Mapping[str, str]]]
    title: str = ""
    advice: str = ""
    server: str = ""
    account: str = ""
    first: int | None = None
    count: int = 0
    grade: Grade = Grade.STATE
    confidence: Confidence = Confidence.HIGH
    stage: Stage = Stage.ACCESS_REVIEW


def make(rule: Rule, said: Said) -> Finding:
    """The finding; `count` 0 stands for the number of places."""
    text = "\0".join((DETECTOR, rule.id, *said.about)).encode("utf-8", "backslashreplace")
    return Finding(
        id=hashlib.blake2b(text, digest_size=12).hexdigest(),
        detector=DETECTOR,
        rule=rule.id,
        title=said.title or rule.title,
        severity=said.severity,
        confidence=said.confidence,
        stage=said.stage,
        techniques=rule.techniques,
        server=said.server,
        account=said.account,
        source_ip="",
        first=said.first,
        last=said.first,
        count=said.count or len(said.places),
        grade=said.grade,
        evidence=tuple(
            Evidence(place.source, place.position, said.first, fields)
            for place, fields in said.places[:MAX_PLACES]
        ),
        why=said.why,
        advice=said.advice or rule.advice,
        references=rule.references,
    )
