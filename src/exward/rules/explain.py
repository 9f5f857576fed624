"""Why a record matched: the values that a condition found, for the sentence in a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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
        yield Reason(node.field or KEYWORDS, _words(node))


def _words(node: Node) -> str:
    if isinstance(node, Like):
        return _like(node)
    if isinstance(node, Regex):
        return f"matches /{node.pattern}/"
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


def _like(node: Like) -> str:
    parts = node.parts
    shown = "".join(
        ("*" if part == STAR else "?") if isinstance(part, int) else part for part in parts
    )
    texts = [part for part in parts if isinstance(part, str)]
    if node.field is None or len(texts) != 1 or len(parts) > 3:
        return f"contains {shown!r}" if node.field is None else f"is like {shown!r}"
    if len(parts) == 1:
        return f"is {texts[0]!r}"
    if len(parts) == 3:
        return f"contains {texts[0]!r}"
    return f"ends with {texts[0]!r}" if parts[0] == STAR else f"starts with {texts[0]!r}"


def sentence(found: list[Reason]) -> str:
    """`Image ends with '\\\\w3wp.exe' and CommandLine contains 'whoami'`."""
    parts = [f"{field} {test}" if field else f"the record {test}" for field, test in found]
    return " and ".join(parts)
