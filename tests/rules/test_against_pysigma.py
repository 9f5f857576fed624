"""Our reading of rules against pySigma's, over every rule of SigmaHQ: the same tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from sigma import types
from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule

from exward.rules import ir, sigma_loader
from exward.rules.sigma_loader import Located

_FLAGS = {"IGNORECASE": "i", "MULTILINE": "m", "DOTALL": "s"}


def _canonical(node: object) -> object:
    """Either tree as nested tuples, the order of alternatives left aside."""
    if isinstance(node, ir.And | ConditionAND):
        return _joined("and", [_canonical(arg) for arg in node.args])
    if isinstance(node, ir.Or | ConditionOR):
        return _joined("or", [_canonical(arg) for arg in node.args])
    if isinstance(node, ir.Not):
        return ("not", _canonical(node.arg))
    if isinstance(node, ConditionNOT):
        return ("not", _canonical(node.args[0]))
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return _leaf(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return _leaf(None, node.value)
    return _ours(node)


def _joined(kind: str, args: list[object]) -> object:
    flat: list[object] = []
    for arg in args:
        flat += arg[1] if isinstance(arg, tuple) and arg[0] == kind else [arg]
    return flat[0] if len(flat) == 1 else (kind, tuple(sorted(flat, key=repr)))


def _ours(node: object) -> object:
    if isinstance(node, ir.Like):
        return ("like", node.field, node.parts, node.cased)
    if isinstance(node, ir.Regex):
        return ("re", node.field, node.pattern, node.flags)
    if isinstance(node, ir.Number):
        return ("num", node.field, node.value)
    if isinstance(node, ir.FieldRef):
        return ("ref", node.field, node.other, node.starts, node.ends)
    assert isinstance(node, ir.Cidr | ir.Null | ir.Bool | ir.Exists | ir.Compare), node
    return (type(node).__name__, *(getattr(node, name) for name in node.__struct_fields__))


def _leaf(field: str | None, value: types.SigmaType) -> object:  # noqa: C901 - a flat list of types
    if isinstance(value, types.SigmaExpansion):
        return _joined("or", [_leaf(field, one) for one in value.values])
    if isinstance(value, types.SigmaString):
        return ("like", field, _parts(value), isinstance(value, types.SigmaCasedString))
    if isinstance(value, types.SigmaRegularExpression):
        flags = "".join(sorted(_FLAGS[flag.name] for flag in value.flags))
        return ("re", field, str(value.regexp), flags)
    if isinstance(value, types.SigmaNumber):
        if field is None:
            return ("like", None, (str(value.number),), False)
        return ("num", field, value.number)
    if isinstance(value, types.SigmaFieldReference):
        return ("ref", field, value.field, value.starts_with, value.ends_with)
    if isinstance(value, types.SigmaCIDRExpression):
        return ("Cidr", field, str(value.network))
    if isinstance(value, types.SigmaNull):
        return ("Null", field)
    if isinstance(value, types.SigmaBool):
        return ("Bool", field, value.boolean)
    if isinstance(value, types.SigmaExists):
        return ("Exists", field, value.exists)
    assert isinstance(value, types.SigmaCompareExpression), value
    return ("Compare", field, value.op.name.lower(), value.number.number)


def _parts(value: types.SigmaString) -> tuple[str | int, ...]:
    wildcards = {
        types.SpecialChars.WILDCARD_MULTI: ir.STAR,
        types.SpecialChars.WILDCARD_SINGLE: ir.QUESTION,
    }
    parts: list[str | int] = []
    for part in value.s:
        if isinstance(part, types.Placeholder):
            part = f"%{part.name}%"
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part if isinstance(part, str) else wildcards[part])
    return tuple(parts)


def _documents(folder: Path) -> list[Located]:
    return [
        Located(str(path), 1, document)
        for path in sorted(folder.rglob("*.yml"))
        for document in yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader)
    ]


def test_every_rule_of_sigmahq_reads_as_pysigma_reads_it(corpora: Path) -> None:
    documents = _documents(corpora / "sigmahq-rules")
    ours = sigma_loader.build(sigma_loader.merge_actions(documents), _Echo())
    theirs = SigmaCollection.from_dicts([cast("dict[str, Any]", d.document) for d in documents])
    trees = {
        str(rule.id): _joined("or", [_canonical(c.parsed) for c in rule.detection.parsed_condition])
        for rule in theirs.rules
        if isinstance(rule, SigmaRule)
    }
    assert ours.unusable == ()
    assert len(ours.rules) == len(trees) > 3000
    different = [
        rule.meta.path for rule in ours.rules if _canonical(rule.condition) != trees[rule.meta.id]
    ]
    assert different == []


class _Echo(dict[str, tuple[str, ...]]):
    """Placeholders that stand for themselves, as pySigma leaves them."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> tuple[str, ...]:
        return (f"%{name}%",)


_CASES = [
    ("CommandLine|windash|contains: ' -enc '"),
    ("CommandLine|windash|contains|all: [' -a -b', '/c']"),
    ("Data|base64offset|contains: 'IEX '"),
    ("Data|wide|base64offset|contains: ['http', 'ftp']"),
    ("Data|utf16be|base64|contains: foo"),
    ("Data|utf16|base64offset|contains: foo"),
    ("Field: 'a\\*b\\\\*c?'"),
    ("Field: ''"),
    ("Field: null"),
    ("Field: []"),
    ("Field|exists: false"),
    ("Field|gte: 5"),
    ("Field|re|i|m: '^a.*b$'"),
    ("Field|cased|startswith: Ab"),
    ("Field|cidr: [10.0.0.0/8, 'fe80::/10']"),
    ("Field|fieldref|endswith: Other"),
    ("Field|neq: [a, b]"),
    ("Field: true"),
    ("Field: [1, two, 3.5]"),
]


@pytest.mark.parametrize("item", _CASES)
def test_each_modifier_reads_as_pysigma_reads_it(item: str) -> None:
    text = (
        "title: t\nid: 6a0e2d3c-0000-4000-8000-000000000001\nlogsource: {product: windows}\n"
        f"detection:\n  sel:\n    {item}\n  condition: sel\n"
    )
    document = yaml.safe_load(text)
    ours = sigma_loader.build([Located("t", 1, document)], {})
    theirs = SigmaCollection.from_dicts([document])
    assert ours.unusable == ()
    (rule,) = theirs.rules
    assert isinstance(rule, SigmaRule)
    tree = rule.detection.parsed_condition[0].parsed
    assert _canonical(ours.rules[0].condition) == _canonical(tree)
