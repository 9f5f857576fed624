"""Regular expressions of rules, without the risk of catastrophic backtracking.

RE2 runs in linear time and takes nearly all patterns; for the rest (look-around, back references)
the `regex` module runs with a time limit, and a search that hits it counts as no match and is
counted here, so that the scan can say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import re2
import regex

TIMEOUT_S = 0.25
# Escapes and flags that change how the rest of a pattern reads: nothing is said of such patterns.
_UNREADABLE = regex.compile(
    r"\\[^dDwWsSbBAzZnrtfvx0-9\W_]|\(\?[a-zA-Z]*[x-]|\(\?[PR&(+#]|\(\?[0-9]"
)
MAX_TIMEOUTS = 20
"""A pattern that ran into the limit so often is not tried again until the counts are taken."""
MAX_PATTERN = 10_000
timeouts: Counter[str] = Counter()
"""Pattern → texts it was not searched in, because it took or would have taken too long."""


@lru_cache(maxsize=8192)
def searcher(pattern: str, flags: str) -> Callable[[str], bool]:
    """A test whether the pattern occurs in a text; raises ValueError if it is not valid."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"the regular expression is longer than {MAX_PATTERN} characters")
    prefix = f"(?{flags})" if flags else ""
    options = re2.Options()
    options.log_errors = False
    try:
        linear = re2.compile(prefix + pattern, options)
    except re2.error:
        return _backtracking(prefix + pattern)

    def search(text: str) -> bool:
        # Bytes spare the library its translation of offsets; a lone surrogate becomes a mark.
        return linear.search(text.encode("utf-8", "replace")) is not None

    return search


def _backtracking(pattern: str) -> Callable[[str], bool]:
    try:
        compiled = regex.compile(pattern)
    except (regex.error, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(f"the regular expression cannot be used: {error}") from None

    def search(text: str) -> bool:
        if timeouts[pattern] >= MAX_TIMEOUTS:
            timeouts[pattern] += 1
            return False
        try:
            return compiled.search(text, timeout=TIMEOUT_S) is not None
        except TimeoutError:
            timeouts[pattern] += 1
            return False

    return search


def required_texts(pattern: str) -> list[str]:
    """Texts that every match of the pattern contains (case apart), longest first; may be empty.

    Only plain runs at the top level are taken: whatever is optional, alternative or grouped is
    left out, so the answer is never too strong.
    """
    runs: list[str] = []
    run = ""
    position = 0
    if _UNREADABLE.search(pattern):
        return []
    while position < len(pattern):
        char = pattern[position]
        if char == "|":
            return []
        text, position = _atom(pattern, position)
        quantifier, position = _quantifier(pattern, position)
        if text is None or quantifier in {"?", "*", "{"}:
            runs.append(run)
            run = ""
        elif quantifier == "+":
            runs += [run + text]
            run = text
        else:
            run += text
    runs.append(run)
    return sorted({text for text in runs if text}, key=lambda text: (-len(text), text))


def _atom(pattern: str, position: int) -> tuple[str | None, int]:
    """The text an atom stands for (None: not plain) and where the next begins."""
    char = pattern[position]
    if char == "\\" and position + 1 < len(pattern):
        following = pattern[position + 1]
        plain = following if not following.isalnum() else None
        return plain, position + 2 if plain else _after_escape(pattern, position)
    if char == "[":
        return None, _after_class(pattern, position)
    if char == "(":
        return None, _after_group(pattern, position)
    return (None if char in ".^$)" else char), position + 1


def _after_escape(pattern: str, position: int) -> int:
    found = regex.compile(r"\\(?:x\{[^}]*\}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|[0-7]{1,3}|.)", regex.S)
    match = found.match(pattern, position)
    return match.end() if match else position + 2


def _after_class(pattern: str, position: int) -> int:
    position += 1
    if pattern[position : position + 1] == "^":
        position += 1
    if pattern[position : position + 1] == "]":
        position += 1
    while position < len(pattern) and pattern[position] != "]":
        if pattern.startswith("[:", position):
            end = pattern.find(":]", position)
            position = end + 2 if end > 0 else position + 2
        else:
            position += 2 if pattern[position] == "\\" else 1
    return position + 1


def _after_group(pattern: str, position: int) -> int:
    depth = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            position += 2
            continue
        if char == "[":
            position = _after_class(pattern, position)
            continue
        depth += {"(": 1, ")": -1}.get(char, 0)
        position += 1
        if depth == 0:
            break
    return position


def _quantifier(pattern: str, position: int) -> tuple[str, int]:
    char = pattern[position : position + 1]
    if char not in {"?", "*", "+", "{"}:
        return "", position
    if char == "{":
        end = pattern.find("}", position)
        position = end + 1 if end > 0 else position + 1
    else:
        position += 1
    if pattern[position : position + 1] in {"?", "+"}:
        position += 1
    return char, position
