"""All rules as one plan: for each event type a route, made when the first such record comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from exward.model.records import EventType
from exward.rules import literals
from exward.rules.ir import LogSource, Rule, RuleSet
from exward.rules.route import Entry, Route
from exward.rules.routing import admit, view_of


class Plan:
    """Routes by event type, made on demand. Lives in one process."""

    def __init__(self, rules: RuleSet) -> None:
        self._by_source: dict[LogSource, list[Rule]] = defaultdict(list)
        for rule in rules.rules:
            self._by_source[rule.logsource].append(rule)
        self._routes: dict[tuple[EventType, bool], Route | None] = {}

    def route(self, event: EventType, lines: bool = False) -> Route | None:
        """The route for an event type; None if no rule can fire on it.

        `lines` says how its records come: as lines of a block, or as one JSON text each.
        """
        key = (event, lines)
        if key not in self._routes:
            entries = list(self._entries(event, lines))
            self._routes[key] = Route(event, entries, lines) if entries else None
        return self._routes[key]

    def rules_for(self, event: EventType) -> frozenset[str]:
        """Ids of the rules that can fire on an event type."""
        routes = (self._routes.get((event, lines)) for lines in (False, True))
        return frozenset(
            entry.rule.meta.id for route in routes if route is not None for entry in route.entries
        )

    def _entries(self, event: EventType, lines: bool) -> Iterator[Entry]:
        how = literals.in_lines if lines else literals.in_json
        for source, rules in self._by_source.items():
            view = view_of(source, event)
            if view is None:
                continue
            for rule in rules:
                admission = admit(view, rule.condition, event)
                if admission is not None:
                    need = literals.need(admission.condition, how, admission.derived)
                    yield Entry(rule=rule, admission=admission, need=need)
