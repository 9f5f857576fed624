"""The condition language the slow way: or, and, not, `x of`, parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable

Fields = dict[str, object]
Search = Callable[[Fields, list[str]], bool]


class NotSigma(ValueError):
    """The rule is not valid Sigma."""


def parse(text: str, names: tuple[str, ...]) -> tuple:
    """Precedence from loose to tight: or, and, not, `x of`, parentheses."""
    words = re.findall(r"[()]|[^\s()]+", text)
    tree, rest = parse_or(words, names)
    if rest:
        raise NotSigma(f"unexpected {rest[0]}")
    return tree


def parse_or(words: list[str], names: tuple[str, ...]) -> tuple[tuple, list[str]]:
    tree, words = parse_and(words, names)
    while words and words[0].lower() == "or":
        right, words = parse_and(words[1:], names)
        tree = ("or", tree, right)
    return tree, words


def parse_and(words: list[str], names: tuple[str, ...]) -> tuple[tuple, list[str]]:
    tree, words = parse_not(words, names)
    while words and words[0].lower() == "and":
        right, words = parse_not(words[1:], names)
        tree = ("and", tree, right)
    return tree, words


def parse_not(words: list[str], names: tuple[str, ...]) -> tuple[tuple, list[str]]:
    if not words:
        raise NotSigma("the condition ends too early")
    if words[0].lower() == "not":
        tree, words = parse_not(words[1:], names)
        return ("not", tree), words
    if words[0] == "(":
        tree, words = parse_or(words[1:], names)
        if not words or words[0] != ")":
            raise NotSigma("a parenthesis is not closed")
        return tree, words[1:]
    if len(words) > 2 and words[1].lower() == "of":
        return ("of", words[0].lower(), chosen(words[2], names)), words[3:]
    if words[0] not in names:
        raise NotSigma(f"no search {words[0]}")
    return ("search", words[0]), words[1:]


def chosen(pattern: str, names: tuple[str, ...]) -> list[str]:
    """The searches that `them` or a pattern means; `_` hides a search unless it is asked for."""
    if pattern == "them":
        pattern = "*"
    regex = ".*".join(re.escape(part) for part in pattern.split("*"))
    hidden = not pattern.startswith("_")
    found = [n for n in names if re.fullmatch(regex, n) and not (hidden and n.startswith("_"))]
    if not found:
        raise NotSigma(f"{pattern} names no search")
    return found


def truth(tree: tuple, searches: dict[str, Search], fields: Fields, text: list[str]) -> bool:
    kind = tree[0]
    if kind == "or":
        return truth(tree[1], searches, fields, text) or truth(tree[2], searches, fields, text)
    if kind == "and":
        return truth(tree[1], searches, fields, text) and truth(tree[2], searches, fields, text)
    if kind == "not":
        return not truth(tree[1], searches, fields, text)
    if kind == "search":
        return searches[tree[1]](fields, text)
    _, quantity, names = tree
    number = sum(searches[name](fields, text) for name in names)
    if quantity == "all":
        return number == len(names)
    return number >= (1 if quantity == "any" else int(quantity))
