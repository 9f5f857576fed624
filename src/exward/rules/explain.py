"""Why a record matched: the values that a condition found, for the sentence in a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from exward.rules import regexes
from exward.rules.evaluate import compile_node
from exward.rules.folding import KEYWORDS, Folded
from exward.rules.ir import (
    STAR,
    And,
    Bool,
    Cidr,
    Compare,
    Exists,
    FieldRef,
    Like,
    Node,
    Not,
    Null,
    Number,
    Or,
    Regex,
    TimePart,
)

MAX_REASONS = 6
MAX_TEXT = 80
_COMPARISONS = {"lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "eq": "="}


class Reason(NamedTuple):
    """One test of the rule that the record passed."""

    field: str
    test: str


def reasons(condition: Node, record: Folded) -> list[Reason]:
    """What of the condition holds for the record, in the rule's order, at most a few."""
    found: list[Reason] = []
    for reason in _holding(condition, record):
        if reason not in found:
            found.append(reason)
        if len(found) == MAX_REASONS:
            break
    return found


def _holding(node: Node, record: Folded) -> Iterator[Reason]:
    if isinstance(node, And):
        for arg in node.args:
            yield from _holding(arg, record)
    elif isinstance(node, Or):
        for arg in node.args:
            if compile_node(arg)(record):
                yield from _holding(arg, record)
                return
    elif not isinstance(node, Not) and compile_node(node)(record):
        yield Reason(node.field or KEYWORDS, _words(node, record))


def _words(node: Node, record: Folded) -> str:
    if isinstance(node, Like):
        return _like(node)
    if isinstance(node, Regex):
        return f"holds {_quoted(_found(node, record))}"
    if isinstance(node, Number | Bool):
        return f"is {node.value}"
    if isinstance(node, Cidr):
        return f"lies in {node.network}"
    if isinstance(node, Compare):
        return f"{_COMPARISONS[node.op]} {node.value}"
    if isinstance(node, TimePart):
        return f"has {node.part} {_COMPARISONS[node.op]} {node.value}"
    if isinstance(node, FieldRef):
        return f"goes with {node.other}"
    if isinstance(node, Exists):
        return "is present" if node.expected else "is absent"
    return "is absent" if isinstance(node, Null) else ""


def _found(node: Regex, record: Folded) -> str:
    """What the expression found; the expression itself if that takes too long to tell."""
    flags = f"(?{node.flags})" if node.flags else ""
    for text in record.texts(node.field or KEYWORDS):
        try:
            found = regex.search(flags + node.pattern, text, timeout=regexes.TIMEOUT_S)
        except (TimeoutError, regex.error, RecursionError, MemoryError):
            continue
        if found is not None and found[0]:
            return str(found[0])
    return node.pattern


def _quoted(text: str) -> str:
    """The text in quotation marks, cut if it is long; paths keep their single backslashes."""
    return f"'{text}'" if len(text) <= MAX_TEXT else f"'{text[: MAX_TEXT - 1]}…'"


def _like(node: Like) -> str:
    parts = node.parts
    shown = "".join(
        ("*" if part == STAR else "?") if isinstance(part, int) else part for part in parts
    )
    texts = [part for part in parts if isinstance(part, str)]
    if node.field is None or len(texts) != 1 or len(parts) > 3:
        return f"{'contains' if node.field is None else 'is like'} {_quoted(shown)}"
    if len(parts) == 1:
        return f"is {_quoted(texts[0])}"
    if len(parts) == 3:
        return f"contains {_quoted(texts[0])}"
    return f"{'ends' if parts[0] == STAR else 'starts'} with {_quoted(texts[0])}"


def sentence(found: list[Reason]) -> str:
    """`Image ends with '\\\\w3wp.exe' and CommandLine contains 'whoami'`."""
    parts = [f"{field} {test}" if field else f"the record {test}" for field, test in found]
    return " and ".join(parts)
