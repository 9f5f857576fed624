"""Matching texts against parts with `*` and `?`, in linear steps (no backtracking)."""

from __future__ import annotations

import re
from collections.abc import Callable

from exward.rules.ir import QUESTION, STAR
from exward.rules.values import Parts

Finder = Callable[[str, int], tuple[int, int] | None]


def unanchored(parts: Parts) -> Parts:
    """The same parts, matching anywhere in a text."""
    parts = parts if parts and parts[0] == STAR else (STAR, *parts)
    return parts if parts[-1] == STAR else (*parts, STAR)


def matcher(parts: Parts) -> Callable[[str], bool]:
    """A test whether a whole text fits the parts."""
    segments = _segments(parts)
    if len(segments) == 1:
        whole = re.compile(_pattern(segments[0]), re.DOTALL)
        return lambda text: whole.fullmatch(text) is not None
    head, *middle, tail = segments
    first = re.compile(_pattern(head), re.DOTALL)
    last = re.compile(_pattern(tail), re.DOTALL)
    tail_length = _length(tail)
    finders = [_finder(segment) for segment in middle if segment]

    def match(text: str) -> bool:
        begun = first.match(text)
        if begun is None:
            return False
        position, end = begun.end(), len(text) - tail_length
        for find in finders:
            found = find(text, position)
            if found is None:
                return False
            position = found[1]
        return position <= end and last.match(text, end) is not None

    return match


def _segments(parts: Parts) -> list[Parts]:
    """Cut at the stars: what lies between two of them has a fixed length."""
    segments: list[list[str | int]] = [[]]
    for part in parts:
        if part == STAR and isinstance(part, int):
            segments.append([])
        else:
            segments[-1].append(part)
    return [tuple(segment) for segment in segments]


def _length(segment: Parts) -> int:
    return sum(len(part) if isinstance(part, str) else 1 for part in segment)


def _pattern(segment: Parts) -> str:
    return "".join("." if part == QUESTION else re.escape(str(part)) for part in segment)


def _finder(segment: Parts) -> Finder:
    if len(segment) == 1 and isinstance(segment[0], str):
        text = segment[0]

        def find(within: str, start: int) -> tuple[int, int] | None:
            found = within.find(text, start)
            return None if found < 0 else (found, found + len(text))

        return find
    pattern = re.compile(_pattern(segment), re.DOTALL)

    def search(within: str, start: int) -> tuple[int, int] | None:
        found = pattern.search(within, start)
        return None if found is None else found.span()

    return search
