"""Rewrite a condition for one event type: known fields are decided, others renamed.

A record's event type tells its EventID, Channel and Provider_Name. What the condition says of them
is settled here, once for each event type, so that most rules drop out before any record is read.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from exward.model.records import Fields
from exward.rules.evaluate import compile_node
from exward.rules.folding import Folded
from exward.rules.ir import And, FieldRef, Node, Not, Or

ALWAYS = And(())
NEVER = Or(())


def specialise(node: Node, known: Fields, names: Mapping[str, str]) -> Node:
    """Decide leaves on `known` fields, rename the others by `names`; ALWAYS and NEVER fold up."""
    if isinstance(node, And):
        return _and([specialise(arg, known, names) for arg in node.args])
    if isinstance(node, Or):
        return _or([specialise(arg, known, names) for arg in node.args])
    if isinstance(node, Not):
        inner = specialise(node.arg, known, names)
        if inner == ALWAYS:
            return NEVER
        return ALWAYS if inner == NEVER else Not(inner)
    if isinstance(node, FieldRef):
        return msgspec.structs.replace(
            node,
            field=names.get(node.field, node.field),
            other=names.get(node.other, node.other),
        )
    if node.field is None:
        return node
    if node.field in known:
        return ALWAYS if compile_node(node)(Folded(known)) else NEVER
    renamed = names.get(node.field)
    return node if renamed is None else msgspec.structs.replace(node, field=renamed)


def _and(args: list[Node]) -> Node:
    if NEVER in args:
        return NEVER
    left = [arg for arg in args if arg != ALWAYS]
    return left[0] if len(left) == 1 else And(tuple(left))


def _or(args: list[Node]) -> Node:
    if ALWAYS in args:
        return ALWAYS
    left = [arg for arg in args if arg != NEVER]
    return left[0] if len(left) == 1 else Or(tuple(left))


def has_keywords(node: Node) -> bool:
    """Whether a leaf searches the whole record."""
    if isinstance(node, And | Or):
        return any(has_keywords(arg) for arg in node.args)
    return has_keywords(node.arg) if isinstance(node, Not) else node.field is None


def fields_of(node: Node) -> frozenset[str]:
    """Names of all fields that the condition reads."""
    if isinstance(node, And | Or):
        return frozenset(name for arg in node.args for name in fields_of(arg))
    if isinstance(node, Not):
        return fields_of(node.arg)
    if isinstance(node, FieldRef):
        return frozenset({node.field, node.other})
    return frozenset() if node.field is None else frozenset({node.field})
