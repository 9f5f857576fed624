"""What a rule's match leaves behind, before it is merged into findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from exward.model.finding import Evidence


class Hit(NamedTuple):
    """One record that matched one rule, as correlations see it.

    `values` holds the record's value of each field that some correlation groups or counts by
    (under the rule's own field names). `time` is µs UTC; records without a time take no part
    in correlations.
    """

    rule: str
    time: int
    server: str
    values: Mapping[str, str]
    evidence: Evidence


class CorrelationMatch(NamedTuple):
    """One window of one group in which a correlation's condition held.

    `group` pairs each name of `group_by` with its value; `value` is what was compared with the
    condition (a count, a sum, …); `hits` counts all hits in the window, `evidence` holds the
    earliest of them, at most 20.
    """

    rule: str
    group: tuple[tuple[str, str], ...]
    server: str
    first: int
    last: int
    value: float
    hits: int
    evidence: tuple[Evidence, ...]
