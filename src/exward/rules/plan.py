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
        self._routes: dict[EventType, Route | None] = {}

    def route(self, event: EventType) -> Route | None:
        """The route for an event type; None if no rule can fire on it."""
        if event not in self._routes:
            entries = list(self._entries(event))
            self._routes[event] = Route(event, entries) if entries else None
        return self._routes[event]

    def _entries(self, event: EventType) -> Iterator[Entry]:
        how = literals.in_json if event.log == "windows" else literals.in_lines
        for source, rules in self._by_source.items():
            view = view_of(source, event)
            if view is None:
                continue
            for rule in rules:
                admission = admit(view, rule.condition, event)
                if admission is not None:
                    need = literals.need(admission.condition, how, admission.derived)
                    yield Entry(rule=rule, admission=admission, need=need)
