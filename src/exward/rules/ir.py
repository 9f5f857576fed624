"""What a Sigma rule is inside exward: metadata and a condition tree of plain values.

`sigma_loader.py` makes it from YAML, the cache keeps it on disk (MessagePack), `literals.py` and
`evaluate.py` read it. Strings are kept as written in the rule; case folding happens later.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

STAR = 0
QUESTION = 1
"""Wildcards inside `Like.parts`: any run of characters (also none), exactly one character."""


class Like(msgspec.Struct, frozen=True, tag="like"):
    """A value with wildcards against a field, or (`field` None) against the whole record.

    `parts` alternates literal text and wildcards: `["\\\\cmd.exe"]` is equality,
    `[STAR, "\\\\cmd.exe"]` is endswith. A keyword without wildcards means "contains".
    """

    field: str | None
    parts: tuple[str | int, ...]
    cased: bool = False


class Regex(msgspec.Struct, frozen=True, tag="re"):
    """A regular expression searched in the value (case-sensitive unless `flags` holds `i`)."""

    field: str | None
    pattern: str
    flags: str = ""


class Cidr(msgspec.Struct, frozen=True, tag="cidr"):
    """The value is an address inside `network`."""

    field: str
    network: str


class Number(msgspec.Struct, frozen=True, tag="num"):
    """The value is this number, as a number or written as text (decimal, or hexadecimal 0x)."""

    field: str | None
    value: int | float


class Bool(msgspec.Struct, frozen=True, tag="bool"):
    """The value is this truth value, as such or written `true`/`false` in any case."""

    field: str
    value: bool


class Null(msgspec.Struct, frozen=True, tag="null"):
    """The field is absent or null (an empty text is not null)."""

    field: str


class Exists(msgspec.Struct, frozen=True, tag="exists"):
    """The field is present (whatever its value, null too), or absent if `expected` is False."""

    field: str
    expected: bool


class Compare(msgspec.Struct, frozen=True, tag="cmp"):
    """The value is a number and stands in relation `op` (`lt lte gt gte`) to `value`."""

    field: str
    op: str
    value: int | float


class FieldRef(msgspec.Struct, frozen=True, tag="ref"):
    """The value equals (starts with, ends with, contains) the value of another field."""

    field: str
    other: str
    starts: bool = False
    ends: bool = False


class TimePart(msgspec.Struct, frozen=True, tag="time"):
    """A part (`minute hour day week month year`) of the timestamp in the field, in UTC."""

    field: str
    part: str
    op: str
    value: int


class And(msgspec.Struct, frozen=True, tag="and"):
    """All of them."""

    args: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True, tag="or"):
    """One of them at least."""

    args: tuple[Node, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """Not this one."""

    arg: Node


Leaf = Like | Regex | Cidr | Number | Bool | Null | Exists | Compare | FieldRef | TimePart
Node = Leaf | And | Or | Not


class LogSource(msgspec.Struct, frozen=True):
    """Sigma's log source; "" where the rule leaves a part out."""

    category: str = ""
    product: str = ""
    service: str = ""


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What rule and correlation have in common. `stage` … `marks` come from an `exward:` map."""

    id: str
    title: str
    path: str
    name: str = ""
    level: str = "medium"
    status: str = ""
    description: str = ""
    author: str = ""
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    stage: str = ""
    grade: str = ""
    confidence: str = ""
    advice: str = ""
    explained_by: tuple[str, ...] = ()
    """Marks of other rules whose findings explain this one's harmlessly."""
    marks: str = ""
    """What its findings mark the time of, such as `exchange-update`."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One detection rule."""

    meta: Meta
    logsource: LogSource
    condition: Node
    report: bool = True
    """False for a rule that only feeds correlations (referenced with `generate: false`)."""
    notes: tuple[str, ...] = ()
    """What the user should know of it, such as a placeholder without values."""


class CorrelationType(IntEnum):
    """Sigma's correlation types."""

    EVENT_COUNT = 0
    VALUE_COUNT = 1
    TEMPORAL = 2
    TEMPORAL_ORDERED = 3
    VALUE_SUM = 4
    VALUE_AVG = 5
    VALUE_PERCENTILE = 6
    VALUE_MEDIAN = 7
    EXTENDED_TEMPORAL = 8
    EXTENDED_TEMPORAL_ORDERED = 9


class Correlation(msgspec.Struct, frozen=True, kw_only=True):
    """One correlation rule over the hits of other rules (ids in `rules`, correlations too).

    `bounds` are `(op, number)` pairs that all have to hold (`op`: `lt lte gt gte eq neq`);
    `expression` is the condition over rule names of the extended temporal types.
    `aliases` maps an alias in `group_by` to `{rule id: field}`.
    """

    meta: Meta
    type: CorrelationType
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    timespan_s: int
    bounds: tuple[tuple[str, float], ...] = ()
    field: tuple[str, ...] = ()
    percentile: float = 0.0
    expression: str = ""
    aliases: dict[str, dict[str, str]] = {}
    generate: bool = False


class Unusable(msgspec.Struct, frozen=True):
    """A rule that cannot be used, and why; shown, never dropped in silence."""

    path: str
    id: str
    title: str
    reason: str


class RuleSet(msgspec.Struct, frozen=True):
    """All that was loaded, each list sorted by id."""

    rules: tuple[Rule, ...]
    correlations: tuple[Correlation, ...]
    unusable: tuple[Unusable, ...]
