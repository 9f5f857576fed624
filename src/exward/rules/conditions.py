"""The condition language: `1 of sel* and not (filter_a or filter_b)`.

Source: Sigma specification 2.x, "Condition". `N of` with N > 1 is a common extension.
"""

from __future__ import annotations

import fnmatch
import itertools
import math
import re
from collections.abc import Mapping

from exward.rules.ir import And, Node, Not, Or

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")
_IDENTIFIER = re.compile(r"[\w.*?-]+\Z")
MAX_DEPTH = 50
MAX_TOKENS = 2_000
MAX_COMBINATIONS = 1000


def parse(condition: str, detections: Mapping[str, Node]) -> Node:
    """Turn a condition into a tree over the named detections.

    Raises ValueError with a sentence for the rule's author.
    """
    if "|" in condition:
        raise ValueError(
            "the condition uses the pipe aggregation that Sigma 2 replaced by correlation rules"
        )
    tokens = _TOKEN.findall(condition)
    if not tokens:
        raise ValueError("the condition is empty")
    if len(tokens) > MAX_TOKENS:
        raise ValueError(f"the condition has more than {MAX_TOKENS} words")
    node, rest = _either(tokens, detections, 0)
    if rest:
        raise ValueError(f"the condition has {rest[0]!r} where it should end")
    return node


def _either(tokens: list[str], names: Mapping[str, Node], depth: int) -> tuple[Node, list[str]]:
    node, tokens = _both(tokens, names, depth)
    nodes = [node]
    while tokens and tokens[0].lower() == "or":
        node, tokens = _both(tokens[1:], names, depth)
        nodes.append(node)
    return any_of(nodes), tokens


def _both(tokens: list[str], names: Mapping[str, Node], depth: int) -> tuple[Node, list[str]]:
    node, tokens = _negation(tokens, names, depth)
    nodes = [node]
    while tokens and tokens[0].lower() == "and":
        node, tokens = _negation(tokens[1:], names, depth)
        nodes.append(node)
    return all_of(nodes), tokens


def _negation(tokens: list[str], names: Mapping[str, Node], depth: int) -> tuple[Node, list[str]]:
    if depth > MAX_DEPTH:
        raise ValueError(f"the condition is nested deeper than {MAX_DEPTH}")
    if not tokens:
        raise ValueError("the condition ends where a search name should stand")
    word, rest = tokens[0], tokens[1:]
    if word.lower() == "not":
        node, rest = _negation(rest, names, depth + 1)
        return Not(node), rest
    if word == "(":
        node, rest = _either(rest, names, depth + 1)
        if not rest or rest[0] != ")":
            raise ValueError("the condition lacks a closing parenthesis")
        return node, rest[1:]
    if len(rest) >= 2 and rest[0].lower() == "of":
        return _quantified(word.lower(), rest[1], names), rest[2:]
    return _named(word, names), rest


def _named(word: str, names: Mapping[str, Node]) -> Node:
    if word in names:
        return names[word]
    if _IDENTIFIER.match(word) is None or word.lower() in {"and", "or", "not", "of"}:
        raise ValueError(f"the condition has {word!r} where a search name should stand")
    raise ValueError(f"the condition names {word!r}, which the detection does not define")


def _quantified(quantity: str, pattern: str, names: Mapping[str, Node]) -> Node:
    if pattern.lower() == "them" and pattern not in names:
        chosen = [names[name] for name in sorted(names) if not name.startswith("_")]
    else:
        # Names that begin with an underscore are left out unless the pattern asks for them.
        hides = not pattern.startswith("_")
        chosen = [
            names[name]
            for name in sorted(names)
            if fnmatch.fnmatchcase(name, pattern) and not (hides and name.startswith("_"))
        ]
    if not chosen:
        raise ValueError(f"no search name fits {quantity!r} of {pattern!r}")
    if quantity in {"1", "any"}:
        return any_of(chosen)
    if quantity == "all":
        return all_of(chosen)
    if not quantity.isdecimal() or quantity == "0":
        raise ValueError(f"{quantity!r} is no quantity (a number, any, all)")
    return _at_least(int(quantity), chosen)


def _at_least(number: int, nodes: list[Node]) -> Node:
    if number > len(nodes):
        raise ValueError(f"{number} of {len(nodes)} searches can never hold")
    if math.comb(len(nodes), number) > MAX_COMBINATIONS:
        raise ValueError(f"{number} of {len(nodes)} searches has too many combinations")
    return any_of([all_of(list(group)) for group in itertools.combinations(nodes, number)])


def any_of(nodes: list[Node]) -> Node:
    """One node that holds if any of them does; nested alternatives are joined."""
    flat = [part for node in nodes for part in (node.args if isinstance(node, Or) else (node,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def all_of(nodes: list[Node]) -> Node:
    """One node that holds if all of them do."""
    flat = [part for node in nodes for part in (node.args if isinstance(node, And) else (node,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))
