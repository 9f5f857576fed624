"""Correlations the slow way: every window looked at from scratch, straight from docs/sigma.md.

For comparison with `exward.rules.correlate` only; shares nothing with it but the values.
"""

from __future__ import annotations

import ast
import itertools
import operator
import statistics
from fractions import Fraction
from typing import Any

from exward.rules.hits import CorrelationMatch, Hit
from exward.rules.ir import Correlation, CorrelationType

T = CorrelationType
OPERATORS = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}
EXTENDED = {T.EXTENDED_TEMPORAL, T.EXTENDED_TEMPORAL_ORDERED}
ORDERED = {T.TEMPORAL_ORDERED, T.EXTENDED_TEMPORAL_ORDERED}
TEMPORAL = {T.TEMPORAL, *ORDERED, *EXTENDED}


def slow_correlate(correlations: list[Correlation], hits: list[Hit]) -> list[CorrelationMatch]:
    """All matches, sorted."""
    matches: list[CorrelationMatch] = []
    moments: dict[str, list[tuple[Hit, bool]]] = {}
    waiting = list(correlations)
    names = {c.meta.id for c in correlations}
    while waiting:
        ready = [c for c in waiting if all(r in moments or r not in names for r in c.rules)]
        for correlation in ready:
            seen = [hit for hit in hits if hit.rule in correlation.rules]
            lower = [moment for rule in correlation.rules for moment in moments.get(rule, ())]
            every = correlation.type in TEMPORAL
            seen += [hit for hit, fresh in lower if fresh or every]
            seen.sort(key=lambda hit: hit.time)
            found, held = one(correlation, seen)
            matches += found
            moments[correlation.meta.id] = held
        waiting = [c for c in waiting if c not in ready]
    return sorted(matches, key=order)


def order(match: CorrelationMatch) -> tuple:
    return (match.rule, match.group, match.first, match.last, match.value, match.hits)


def one(
    correlation: Correlation, hits: list[Hit]
) -> tuple[list[CorrelationMatch], list[tuple[Hit, bool]]]:
    groups: dict[tuple[str, ...], list[Hit]] = {}
    for hit in hits:
        values = [value_of(correlation, hit, name) for name in correlation.group_by]
        if None in values or not measurable(correlation, hit):
            continue
        groups.setdefault(tuple(str(v).casefold() for v in values), []).append(hit)
    matches, moments = [], []
    for members in groups.values():
        found, held = in_group(correlation, members)
        matches += found
        moments += held
    # Groups that hold at the same moment stand in the order of the hits that opened the windows.
    numbers = {id(hit): number for number, hit in enumerate(hits)}
    moments.sort(key=lambda moment: (moment[0].time, numbers[id(moment[2])]))
    return matches, [(event, fresh) for event, fresh, _ in moments]


def in_group(
    correlation: Correlation, hits: list[Hit]
) -> tuple[list[CorrelationMatch], list[tuple[Hit, bool, Hit]]]:
    span = correlation.timespan_s * 1_000_000
    whole = is_whole(correlation)
    trailing = not whole and not is_each(correlation)
    run: list[tuple] = []
    matches: list[list[tuple]] = []
    moments: list[tuple[Hit, bool, Hit]] = []
    for since, until in windows(correlation, hits, span, whole):
        inside = [hit for hit in hits if since <= hit.time <= until]
        around = [hit for hit in hits if since - span <= hit.time <= until]
        if run and (whole and since > run[-1][2][-1].time + span):
            matches.append(run)
            run = []
        if run and not whole and since > run[-1][1]:
            matches.append(run)
            run = []
        value = measured(correlation, inside)
        if not holds(correlation, value, inside, around):
            if whole and run:
                matches.append(run)
                run = []
            continue
        # The names are as first written since the group was last silent for a timespan.
        names = first_names(correlation, hits, inside[0], span)
        group = dict(zip(correlation.group_by, names, strict=True))
        event = Hit(correlation.meta.id, until, inside[-1].server, group, inside[-1].evidence)
        opened = until if trailing else since
        opener = next(hit for hit in inside if hit.time == opened)
        moments.append((event, not run, opener))
        run.append((since, until, inside, value, names))
    if run:
        matches.append(run)
    return [merged(correlation, entry) for entry in matches], moments


def windows(
    correlation: Correlation, hits: list[Hit], span: int, whole: bool
) -> list[tuple[int, int]]:
    times = sorted({hit.time for hit in hits})
    if whole:
        opened: list[int] = []
        for time in times:
            if not opened or time > opened[-1] + span:
                opened.append(time)
        return [(time, time + span) for time in opened]
    if is_each(correlation):
        return [(time, time + span) for time in times]
    return [(time - span, time) for time in times]


def merged(correlation: Correlation, run: list) -> CorrelationMatch:
    union: list[Hit] = []
    for _, _, inside, _, _ in run:
        union += [hit for hit in inside if not any(hit is known for known in union)]
    union.sort(key=lambda hit: hit.time)
    return CorrelationMatch(
        rule=correlation.meta.id,
        group=tuple(zip(correlation.group_by, run[0][4], strict=True)),
        server=union[0].server,
        first=union[0].time,
        last=union[-1].time,
        value=float(max(value for _, _, _, value, _ in run)),
        hits=len(union),
        evidence=tuple(hit.evidence for hit in union[:20]),
    )


def first_names(correlation: Correlation, hits: list[Hit], hit: Hit, span: int) -> list[str]:
    index = next(number for number, other in enumerate(hits) if other is hit)
    while index and hits[index].time - hits[index - 1].time <= span:
        index -= 1
    return [str(value_of(correlation, hits[index], name)) for name in correlation.group_by]


def is_whole(correlation: Correlation) -> bool:
    return any(op not in {"gt", "gte"} for op, _ in correlation.bounds)


def is_each(correlation: Correlation) -> bool:
    return correlation.type in EXTENDED and negates(tree_of(correlation), False)


def value_of(correlation: Correlation, hit: Hit, name: str) -> str | None:
    return hit.values.get(correlation.aliases.get(name, {}).get(hit.rule, name))


def number(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return Fraction(int(text, 16)) if text.lower().startswith("0x") else Fraction(text)
    except ValueError:
        return None


def measurable(correlation: Correlation, hit: Hit) -> bool:
    if correlation.type in TEMPORAL or correlation.type is T.EVENT_COUNT:
        return True
    values = [value_of(correlation, hit, name) for name in correlation.field]
    if None in values:
        return False
    return correlation.type is T.VALUE_COUNT or number(values[0]) is not None


def measured(correlation: Correlation, inside: list[Hit]) -> float | Fraction:
    kind = correlation.type
    if kind is T.EVENT_COUNT:
        return len(inside)
    if kind is T.TEMPORAL_ORDERED:
        lengths = range(len(correlation.rules) + 1)
        return max(n for n in lengths if in_order(correlation.rules[:n], inside))
    if kind in TEMPORAL:
        return len({hit.rule for hit in inside})
    values = [tuple(value_of(correlation, hit, n) for n in correlation.field) for hit in inside]
    if kind is T.VALUE_COUNT:
        return len({tuple(str(text).casefold() for text in value) for value in values})
    numbers = sorted(n for value in values if (n := number(value[0])) is not None)
    if kind is T.VALUE_SUM:
        return sum(numbers)
    if kind is T.VALUE_AVG:
        return statistics.mean(numbers)
    if kind is T.VALUE_MEDIAN:
        return statistics.median(numbers)
    wanted = Fraction(correlation.percentile) / 100 * len(numbers)
    return next(n for i, n in enumerate(numbers, start=1) if i >= wanted)


def in_order(rules: tuple[str, ...], inside: list[Hit]) -> bool:
    choices = [[hit.time for hit in inside if hit.rule == rule] for rule in rules]
    return any(list(path) == sorted(path) for path in itertools.product(*choices))


def holds(correlation: Correlation, value, inside: list[Hit], around: list[Hit]) -> bool:
    if correlation.type not in EXTENDED:
        bounds = correlation.bounds or (("gte", len(correlation.rules)),)
        return all(OPERATORS[op](value, Fraction(str(bound))) for op, bound in bounds)
    tree = tree_of(correlation)
    present = [rule for rule in correlation.rules if any(hit.rule == rule for hit in inside)]
    nearby = {hit.rule for hit in around}
    if correlation.type is T.EXTENDED_TEMPORAL:
        return truth(tree, set(present), nearby, False)
    return any(
        truth(tree, set(chosen), nearby, False)
        for count in range(len(present) + 1)
        for chosen in itertools.combinations(present, count)
        if in_order(chosen, inside)
    )


def tree_of(correlation: Correlation) -> ast.expr:
    """Python's own grammar has the same precedence; the ids in the tests are identifiers."""
    return ast.parse(correlation.expression, mode="eval").body


def negates(tree: Any, negated: bool) -> bool:
    """Say whether some rule must not occur (`not not a` says nothing of the kind)."""
    if isinstance(tree, ast.Name):
        return negated
    if isinstance(tree, ast.UnaryOp):
        return negates(tree.operand, not negated)
    return any(negates(value, negated) for value in tree.values)


def truth(tree: Any, present: set[str], nearby: set[str], negated: bool) -> bool:
    """A rule under an odd number of `not` counts as seen if it is anywhere near."""
    if isinstance(tree, ast.Name):
        return tree.id in (nearby if negated else present)
    if isinstance(tree, ast.UnaryOp):
        return not truth(tree.operand, present, nearby, not negated)
    join = all if isinstance(tree.op, ast.And) else any
    return join(truth(value, present, nearby, negated) for value in tree.values)
