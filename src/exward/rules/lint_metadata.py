"""Checks of what a rule says about itself.

Source: Sigma specification 2.x (rule attributes, tag namespaces); MITRE ATT&CK tactics, with the
names before and after Defense Evasion was split.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date

from exward.rules.lint_subject import Check, Found, Subject, is_filter, text_of, texts_of

STATUSES = ("stable", "test", "experimental", "deprecated", "unsupported")
LEVELS = ("informational", "low", "medium", "high", "critical")
MAX_TITLE = 256
TACTICS = frozenset(
    (
        "collection", "command-and-control", "credential-access", "defense-evasion",
        "defense-impairment", "discovery", "execution", "exfiltration", "impact",
        "initial-access", "lateral-movement", "persistence", "privilege-escalation",
        "reconnaissance", "resource-development", "stealth",
    )
)  # fmt: skip
_ATTACK = re.compile(r"attack\.(?:t\d{4}(?:\.\d{3})?|[gs]\d{4}|(?:m|ta)\d{4}|ds\d{4})")
_TAG = re.compile(r"[a-z0-9_-]+\.[a-z0-9._-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _no_title(subject: Subject) -> Iterator[Found]:
    title = text_of(subject.document, "title")
    if not title:
        yield Found("the rule has no title")
    elif len(title) > MAX_TITLE:
        yield Found(f"the title has {len(title)} characters", "title")


def _bad_id(subject: Subject) -> Iterator[Found]:
    stated = text_of(subject.document, "id")
    if not stated:
        yield Found("the rule has no id")
        return
    try:
        parsed = uuid.UUID(stated)
    except ValueError:
        yield Found(f"the id {stated!r} is no UUID", "id")
        return
    if str(parsed) != stated.lower():
        yield Found(f"the id {stated!r} is not written like {parsed}", "id")


def _bad_level(subject: Subject) -> Iterator[Found]:
    level = text_of(subject.document, "level")
    if not is_filter(subject.document) and level.lower() not in LEVELS:
        yield Found(f"the level is {level!r}" if level else "the rule has no level", "level")


def _bad_status(subject: Subject) -> Iterator[Found]:
    status = text_of(subject.document, "status")
    if status and status not in STATUSES:
        yield Found(f"the status is {status!r}", "status")


def _bad_date(subject: Subject) -> Iterator[Found]:
    for key in ("date", "modified"):
        stated = text_of(subject.document, key)
        if stated and _day(stated) is None:
            yield Found(f"{key} is {stated!r}", key)


def _day(text: str) -> date | None:
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _modified_before_written(subject: Subject) -> Iterator[Found]:
    written = _day(text_of(subject.document, "date"))
    modified = _day(text_of(subject.document, "modified"))
    if written is not None and modified is not None and modified < written:
        yield Found(f"modified {modified} lies before date {written}", "modified")


def _missing(key: str, what: str) -> Check:
    def find(subject: Subject) -> Iterator[Found]:
        if not is_filter(subject.document) and not any(texts_of(subject.document, key)):
            yield Found(f"the rule has no {key}")

    return Check(f"no-{key}", "warning" if key != "author" else "info", what, find)


def _bad_tag(subject: Subject) -> Iterator[Found]:
    for tag in texts_of(subject.document, "tags"):
        lower = tag.lower().replace("_", "-")
        if lower.startswith("attack."):
            if _ATTACK.fullmatch(lower) is None and lower.removeprefix("attack.") not in TACTICS:
                yield Found(f"the tag {tag!r} is no ATT&CK tactic or technique", "tags")
        elif _TAG.fullmatch(tag) is None:
            yield Found(f"the tag {tag!r} is not of the form namespace.name", "tags")


def _tag_twice(subject: Subject) -> Iterator[Found]:
    tags = [tag.lower() for tag in texts_of(subject.document, "tags")]
    for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
        yield Found(f"the tag {tag!r} is given more than once", "tags")


def _no_attack_tag(subject: Subject) -> Iterator[Found]:
    tags = texts_of(subject.document, "tags")
    if not is_filter(subject.document) and not any(tag.startswith("attack.") for tag in tags):
        yield Found("no tag names an ATT&CK tactic or technique", "tags")


def _bad_reference(subject: Subject) -> Iterator[Found]:
    for reference in texts_of(subject.document, "references"):
        if reference and not reference.startswith(("https://", "http://")):
            yield Found(f"the reference {reference[:80]!r} is no web address", "references")


CHECKS = (
    Check("title", "error", f"Give a title of at most {MAX_TITLE} characters.", _no_title),
    Check("id", "error", "Give a new random UUID (version 4), lower case.", _bad_id),
    Check("level", "warning", f"Use one of {', '.join(LEVELS)}.", _bad_level),
    Check("status", "warning", f"Use one of {', '.join(STATUSES)}.", _bad_status),
    Check("date", "warning", "Write dates as YYYY-MM-DD.", _bad_date),
    Check("modified", "info", "Correct one of the two dates.", _modified_before_written),
    Check("tag", "warning", "Use attack.<tactic>, attack.t1234.567, cve.2021-1234, …", _bad_tag),
    Check("tag-twice", "info", "Remove the repetition.", _tag_twice),
    Check("no-attack-tag", "info", "Add the technique, so that findings get one.", _no_attack_tag),
    Check("reference", "info", "Give a public address that a reader can open.", _bad_reference),
    _missing("description", "Say what the rule detects and why that matters."),
    _missing("references", "Name a public source for what the rule looks for."),
    _missing("falsepositives", "Say what harmless activity looks the same."),
    _missing("author", "Say who wrote the rule."),
)
