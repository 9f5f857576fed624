"""From a rule's log source to the event types it means, by the tables in `logsources/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
import yaml

from exward.model.records import EventType, Fields
from exward.rules.derive import DERIVED, Derivation
from exward.rules.ir import And, Like, LogSource, Node, Or
from exward.rules.specialise import NEVER, specialise


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of event types; what is left out is any."""

    log: str
    channel: str | None = None
    event_ids: tuple[int, ...] | None = None
    provider: str | None = None

    def admits(self, event: EventType) -> bool:
        """Whether the event type is in the set (names compared without case)."""
        return (
            self.log == event.log
            and (self.channel is None or self.channel.lower() == event.channel.lower())
            and (self.event_ids is None or event.event_id in self.event_ids)
            and (self.provider is None or self.provider.lower() == event.provider.lower())
        )


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events that carry a category, and how their fields relate to the Sigma taxonomy."""

    events: tuple[Pattern, ...]
    fields: dict[str, str] = {}
    derive: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = {}


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values that the event type alone decides; they need not stand in the record's text."""

    events: tuple[Pattern, ...]
    fields: dict[str, str]


class Computed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields that a reader works out: their values do not stand in the record's text."""

    events: tuple[Pattern, ...]
    fields: tuple[str, ...]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of `logsources/`, or all of them together."""

    products: dict[str, tuple[Pattern, ...]] = {}
    categories: dict[str, tuple[View, ...]] = {}
    services: dict[str, tuple[Pattern, ...]] = {}
    facts: tuple[Fact, ...] = ()
    computed: tuple[Computed, ...] = ()


class Admission(msgspec.Struct, frozen=True):
    """A rule's condition for one event type, over that event's own field names."""

    condition: Node
    derivations: tuple[Derivation, ...]
    derived: frozenset[str]
    """Fields that do not stand in the record's text."""
    names: dict[str, str]
    """Sigma field name to the event's, where they differ."""


@cache
def table() -> Table:
    """The shipped tables, what several files say of one name in the order of their names."""
    whole = Table({}, {}, {})
    facts: tuple[Fact, ...] = ()
    computed: tuple[Computed, ...] = ()
    folder = resources.files("exward.rules").joinpath("logsources")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yml"):
            continue
        one = msgspec.convert(yaml.safe_load(file.read_text("utf-8")), Table)
        for name, patterns in one.products.items():
            whole.products[name] = (*whole.products.get(name, ()), *patterns)
        for name, views in one.categories.items():
            whole.categories[name] = (*whole.categories.get(name, ()), *views)
        for name, patterns in one.services.items():
            whole.services[name] = (*whole.services.get(name, ()), *patterns)
        facts = (*facts, *one.facts)
        computed = (*computed, *one.computed)
    return msgspec.structs.replace(whole, facts=facts, computed=computed)


def problem(source: LogSource) -> str:
    """Why no event of ours can carry this log source; empty if one can."""
    known = table()
    if source.category and source.category not in known.categories:
        return f"no reader yet for log source category {source.category!r}"
    if source.service and source.service not in known.services:
        return f"no reader yet for log source service {source.service!r}"
    if source.product and source.product not in known.products and not source.category:
        return f"no reader yet for log source product {source.product!r}"
    if not (patterns := patterns_of(source)):
        return "the parts of the log source exclude each other"
    if source.product not in {"", *known.products} and not any(
        pattern.log in {"iis", "proxy"} for pattern in patterns
    ):
        return f"no reader yet for log source product {source.product!r}"
    return ""


def patterns_of(source: LogSource) -> tuple[Pattern, ...]:
    """The narrowest list of event types that the log source names."""
    known = table()
    if source.category:
        views = known.categories.get(source.category, ())
        return tuple(pattern for view in views for pattern in view.events)
    if source.service:
        return known.services.get(source.service, ())
    return known.products.get(source.product, ())


def admit(view: View, condition: Node, event: EventType) -> Admission | None:
    """The condition as it stands for this event type; None if it can never hold there."""
    known: Fields = {}
    if event.log == "windows":
        known = {"EventID": event.event_id}
        if event.channel:
            known["Channel"] = event.channel
        if event.provider:
            known["Provider_Name"] = event.provider
    for fact in table().facts:
        if _any(fact.events, event):
            known.update(fact.fields)
    limits = [Or(tuple(Like(f, (one,)) for one in values)) for f, values in view.where.items()]
    left = specialise(And((condition, *limits)), known, view.fields)
    if left == NEVER:
        return None
    made = [DERIVED[name] for name in view.derive]
    return Admission(
        condition=left,
        derivations=tuple(function for function, _ in made),
        derived=frozenset(
            [field for _, fields in made for field in fields]
            + [field for one in table().computed if _any(one.events, event) for field in one.fields]
        ),
        names=dict(view.fields),
    )


def view_of(source: LogSource, event: EventType) -> View | None:
    """How the event carries the log source; None if it does not."""
    known: Mapping[str, tuple[Pattern, ...]] = table().products
    # Web servers have products (apache, nginx, iis on windows) that share one log shape.
    is_web = source.category in {"webserver", "proxy"} or source.service == "iis"
    if source.product in known and not is_web and not _any(known[source.product], event):
        return None
    if source.product and source.product not in known and not is_web:
        return None
    if source.service and not _any(table().services.get(source.service, ()), event):
        return None
    if not source.category:
        named = source.service or source.product
        return View(events=()) if named else None
    for view in table().categories.get(source.category, ()):
        if _any(view.events, event):
            return view
    return None


def _any(patterns: tuple[Pattern, ...], event: EventType) -> bool:
    return any(pattern.admits(event) for pattern in patterns)
