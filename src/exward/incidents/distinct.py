"""How many different acts findings show: two rules that match one record prove one thing."""

from __future__ import annotations

from collections.abc import Iterable

from exward.model.finding import Finding


def acts(findings: Iterable[Finding]) -> int:
    """The number of rules whose findings share no record with another's."""
    owners: dict[tuple[str, int], int] = {}
    rules: dict[str, int] = {}
    groups: list[int] = []
    for finding in findings:
        group = rules.setdefault(finding.rule, len(groups))
        if group == len(groups):
            groups.append(group)
        for place in finding.evidence:
            key = (place.file, place.position)
            other = owners.setdefault(key, group)
            one, two = sorted((_root(groups, group), _root(groups, other)))
            groups[two] = one
    return len({_root(groups, group) for group in rules.values()})


def _root(groups: list[int], item: int) -> int:
    while groups[item] != item:
        item = groups[item]
    return item
