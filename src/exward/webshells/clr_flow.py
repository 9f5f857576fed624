"""Follows data through the methods of an assembly: what a request's data reaches.

An approximation. Each method is followed once or twice from its first instruction to its last; a
call of a method of the same assembly has the effect of that method's summary. Nothing runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from exward.webshells.clr_frame import Frame
from exward.webshells.clr_knowledge import CONCRETE, CONTROLLERS, SERVICE_METHODS
from exward.webshells.clr_metadata import Assembly
from exward.webshells.clr_tables import Method
from exward.webshells.clr_values import Event, Summary, Value

MOST_INSTRUCTIONS = 400_000  # followed in one file: about a second and a half
MOST_ROUNDS = 4


class Flow:
    """The state of one analysis."""

    def __init__(self, assembly: Assembly, calls: dict[int, set[int]]) -> None:
        self.assembly = assembly
        self.calls = calls
        self.fields: dict[int, Value] = {}
        self.summaries: dict[int, Summary] = {}
        self.found: dict[Event, None] = {}
        self.left = MOST_INSTRUCTIONS
        self.changed = False
        self._asked = assembly.attributed(SERVICE_METHODS)
        self._implementations: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for method in assembly.methods.values():
            if method.code:
                key = (method.name.rpartition(".")[2], method.signature.parameters)
                self._implementations[key].append(method.token)
        self._services = {
            (assembly.methods[token].name, assembly.methods[token].signature.parameters)
            for token in self._asked
            if token in assembly.methods
        }

    def run(self, methods: Iterable[int]) -> None:
        """Follow these methods until nothing new is learnt."""
        order = self._callees_first(methods)
        for _ in range(MOST_ROUNDS):
            self.changed = False
            for token in order:
                if self.left <= 0:
                    return
                self._follow(self.assembly.methods[token])
            if not self.changed:
                return

    def targets(self, token: int) -> list[int]:
        """The methods of the assembly that a call may reach."""
        method = self.assembly.methods.get(token)
        if method is None:
            return []
        if method.code or token in self.assembly.imports:
            return [token]
        key = (method.name, method.signature.parameters)
        return self._implementations.get(key, [])[:6]

    def asks_a_stranger(self, method: Method) -> bool:
        """Whether the method's arguments are what a stranger sends."""
        if method.token in self._asked:
            return True
        if (method.name, method.signature.parameters) in self._services:
            return True
        owner = self.assembly.types.get(method.owner)
        return owner is not None and owner.base in CONTROLLERS and not method.name.startswith(".")

    def field(self, token: int) -> Value:
        """What is known about a field, of any object."""
        if token not in self.fields:
            value = self.fields[token] = Value()
            value.place = token
        return self.fields[token]

    def store(self, token: int, mask: int) -> None:
        """Labels that come into a field."""
        value = self.field(token)
        if mask & CONCRETE & ~value.mask:
            value.mask |= mask & CONCRETE
            self.changed = True

    def _follow(self, method: Method) -> None:
        frame = Frame(self, method)
        frame.run()
        if frame.loops:
            frame.run()
        summary = frame.summary()
        if summary != self.summaries.get(method.token):
            self.summaries[method.token] = summary
            self.changed = True

    def _callees_first(self, methods: Iterable[int]) -> list[int]:
        order: list[int] = []
        wanted, seen = set(methods), set()
        methods_of = (
            self.assembly.methods
        )  # short ones first: long ones may be there to use up time
        for root in sorted(wanted, key=lambda token: (len(methods_of[token].code), token)):
            stack = [(root, False)]
            while stack:
                token, done = stack.pop()
                if done:
                    order.append(token)
                elif token not in seen:
                    seen.add(token)
                    stack.append((token, True))
                    stack.extend((callee, False) for callee in sorted(self.calls[token] & wanted))
        return order
