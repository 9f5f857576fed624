"""Checks of the `exward:` map, and of what rules of our own pack have to bring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exward.model.finding import Confidence, Grade
from exward.model.stage import Stage
from exward.rules.lint_subject import Check, Found, Subject, section, text_of

AUTHOR = "exward project"
WORDS = {
    "stage": tuple(Stage),
    "grade": tuple(Grade),
    "confidence": tuple(Confidence),
}
KEYS = frozenset({*WORDS, "advice"})
MARKS = frozenset({"exchange-update"})
"""What findings of some rules mark the time of, to explain those of others."""
_OPTIONAL = frozenset({"explained_by", "marks"})


def _bad_word(subject: Subject) -> Iterator[Found]:
    own = section(subject.document, "exward")
    for key, words in WORDS.items():
        stated = text_of(own, key)
        if stated and stated not in words:
            yield Found(f"exward.{key} is {stated!r}, none of {', '.join(words)}", key)
    for key in sorted(_OPTIONAL & set(own)):
        marks = own[key]
        for mark in marks if isinstance(marks, list) else [marks]:
            if str(mark) not in MARKS:
                yield Found(f"exward.{key} names {mark!r}, none of {', '.join(MARKS)}", key)
    for key in sorted(set(own) - KEYS - _OPTIONAL):
        yield Found(f"the exward map has an unknown key {key!r}", key)


def _incomplete(subject: Subject) -> Iterator[Found]:
    own = section(subject.document, "exward")
    missing = sorted(key for key in KEYS if not text_of(own, key))
    if subject.in_pack and missing:
        yield Found(f"the exward map lacks {', '.join(missing)}", "exward")


def _wrong_folder(subject: Subject) -> Iterator[Found]:
    path = Path(subject.path)
    stage = text_of(section(subject.document, "exward"), "stage")
    if subject.in_pack and (path.name != "rule.yml" or path.parent.parent.name != stage):
        yield Found(f"the file is not {stage or '<stage>'}/<id>/rule.yml", "stage")


def _no_samples(subject: Subject) -> Iterator[Found]:
    if not subject.in_pack:
        return
    for kind in ("hit", "miss"):
        if not any(Path(subject.path).parent.glob(f"{kind}*.*")):
            yield Found(f"there is no {kind}.log or {kind}.jsonl beside the rule")


def _foreign_author(subject: Subject) -> Iterator[Found]:
    author = text_of(subject.document, "author")
    if subject.in_pack and author != AUTHOR:
        yield Found(f"the author is {author!r}", "author")


CHECKS = (
    Check("exward-map", "error", "See docs/rules.md for the words of the exward map.", _bad_word),
    Check("exward-map-incomplete", "error", "Give stage, grade, confidence, advice.", _incomplete),
    Check("pack-layout", "error", "Put the rule into the folder of its stage.", _wrong_folder),
    Check("samples", "error", "Add records that match and records that nearly do.", _no_samples),
    Check("pack-author", "error", f"Rules of the pack are by {AUTHOR}.", _foreign_author),
)
