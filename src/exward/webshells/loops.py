"""Goes through loops over constants, turn by turn: that is how code makes hidden text readable.

Only loops whose body takes texts apart are gone through, and only so many turns of a file; any
other is read once, as if each turn did the same.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne

from exward.webshells.decoders import Decoders
from exward.webshells.functions import DECODING, TAKING
from exward.webshells.lexer import NAME
from exward.webshells.values import DECODED, UNKNOWN, Constant, Value, constant

MAX_TURNS = 6_000
"""In one file, of all loops together."""
MAX_BODY = 150
MAX_TYPE = 4
MAX_NESTED = 3
_DECODED_BY = DECODING | {"tochar"}
_APART = TAKING | _DECODED_BY
_CLOSES = {"for": frozenset({"next"}), "while": frozenset({"wend", "while"}),
           "do": frozenset({"loop"})}  # fmt: skip
"""Basic: what begins a loop, and what ends it; `End While` of Visual Basic .NET."""
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": lt, "<=": le, ">": gt, ">=": ge, "<>": ne, "!=": ne, "=": eq, "==": eq,
}  # fmt: skip
_UP, _DOWN = frozenset({"<", "<="}), frozenset({">", ">="})
_INCLUDING = frozenset({"<=", ">="})


@dataclass(slots=True)
class Loop:
    """A loop that is gone through: its body, and what is known of the turns to come."""

    body: int
    end: int
    """The first token behind the body."""
    name: str = ""
    left: Iterator[Constant] | None = None
    """The variable of the loop, and what it is in the turns to come."""
    condition: int = 0
    """Where the condition stands of a loop that has one instead."""
    is_until: bool = False
    """Basic: whether the loop ends once its condition holds."""


class Loops(Decoders, ABC):
    """Reads the heads of loops, and goes back to the begin of a body for each turn."""

    loops: list[Loop]
    turns = MAX_TURNS
    untold = 0
    """Where the body ends of a loop that takes texts apart, and that is not gone through."""

    def _turned(self) -> None:
        """At the end of a loop's body: begin the next turn, or leave the loop."""
        while self.loops and self.at >= self.loops[-1].end:
            loop = self.loops[-1]
            goes_on = self._goes_on(loop)
            self.turns -= 1
            if goes_on and self.turns > 0:
                self.at = loop.body
                continue
            if goes_on:
                self._forget_halves()
            self.at = max(self.at, loop.end)
            self.loops.pop()

    def _forget_halves(self) -> None:
        """No turns are left: what loops put together until now is not what they would."""
        for names in (self.scope.own, self.scope.shared):
            for name, value in names.items():
                if isinstance(value.constant, str):
                    names[name] = value._replace(constant=None, kinds=value.kinds | {DECODED})

    def _goes_on(self, loop: Loop) -> bool:
        """Whether there is another turn; its variable is set."""
        if loop.condition:
            self.at = loop.condition
            holds = self._holds()
            self.at = loop.end
            return holds is not None and holds != loop.is_until
        element = next(loop.left, None) if loop.left is not None else None
        if element is not None:
            self._set(loop.name, constant(element))
        return element is not None

    def _holds(self) -> bool | None:
        """Whether `i <= Len(text)`, which stands here, is so; None if that is not known."""
        left, _ = self._operand()
        mark = self._peek().text
        self._step()
        right = self._expression()
        one, other = left.constant, right.constant
        if not isinstance(one, int | float) or not isinstance(other, int | float):
            return None
        return _COMPARED[mark](one, other) if mark in _COMPARED else None

    def _while(self, span: tuple[int, int], is_until: bool = False) -> None:
        """Behind `While`: its condition is read, and the loop begun if it can be told."""
        condition = self.at
        if self._takes_apart(*span):
            holds = self._holds() if self.turns > 0 else None
            if holds is not None and holds != is_until:
                self.loops.append(Loop(*span, condition=condition, is_until=is_until))
            else:
                self._leave_untold(span)
        self.at = condition

    def _leave_untold(self, span: tuple[int, int]) -> None:
        """Note a loop that makes letters of numbers, and that is read once only."""
        if any(token.word in _DECODED_BY for token in self.tokens[slice(*span)]):
            self.untold = max(self.untold, span[1])

    def _assign(self, name: str, value: Value) -> None:
        """What a loop puts together whose turns are not told is no constant."""
        if self.at < self.untold and value.constant is not None:
            value = value._replace(constant=None, kinds=value.kinds | {DECODED})
        super()._assign(name, value)

    def _begin(self, name: str, elements: Iterator[Constant], span: tuple[int, int]) -> bool:
        """Begin the first turn if the body in `span` takes texts apart; else False."""
        if not self._takes_apart(*span):
            return False
        if self.turns <= 0:
            self._leave_untold(span)
            return False
        first = next(elements, None)
        if first is None:
            return False
        self._set(name, constant(first))
        self.loops.append(Loop(*span, name, elements))
        return True

    def _takes_apart(self, body: int, end: int) -> bool:
        is_short = end - body < MAX_BODY and len(self.loops) < MAX_NESTED
        return is_short and any(token.word in _APART for token in self.tokens[body:end])

    def _each_element(self, name: str, held: Value, span: tuple[int, int]) -> None:
        """`For Each name In held`, whose body is in `span`."""
        self._declare(name)
        every = held.constant
        if isinstance(every, str):
            every = tuple(every[:MAX_TURNS])
        if not isinstance(every, tuple) or not self._begin(name, iter(every), span):
            self._assign(name, held)

    def _counting_variable(self) -> None:
        """`For i = 1 To n Step 2`, `For i As Integer = …`."""
        name = self._word()
        self._step()
        if self._word() == "as":
            self.at += 2
        if not self._is("="):
            return
        self._step()
        bounds = [self._expression()]
        for word in ("to", "step"):
            if self._word() == word:
                self._step()
                bounds.append(self._expression())
        self._declare(name)
        if not self._begin(name, _numbers(bounds), (self.at, self._basic_end_of(self.at))):
            self._assign(name, UNKNOWN)

    def _collecting(self, name: str) -> None:
        """Basic: what a loop puts together is an empty text at first."""
        in_loop = bool(self.loops) or self.at < self.untold
        if in_loop and name not in self.functions and self.lookup(name) in {None, UNKNOWN}:
            self._set(name, constant(""))

    def _basic_end_of(self, body: int, opens: str = "for") -> int:
        """Where a loop is closed; the body's begin if that is too far away."""
        closes = _CLOSES[opens]
        depth = 1
        for at in range(body, min(body + MAX_BODY, len(self.tokens))):
            word = self.tokens[at].word
            ended = word in closes and (word != "while" or self.tokens[at - 1].word == "end")
            depth += (word == opens and not ended) - ended
            if depth == 0:
                return at
        return body

    def _basic_do(self) -> None:
        """`Do While i <= n`, `Do Until i > n`; without a condition its turns are not told."""
        self._step()
        has_condition, is_until = self._word() in {"while", "until"}, self._word() == "until"
        if has_condition:
            self._step()
        span = (self.at, self._basic_end_of(self.at, "do"))
        if has_condition:
            self._while(span, is_until)
        elif self._takes_apart(*span):
            self._leave_untold(span)

    def _basic_while(self) -> None:
        """`While i <= n`."""
        self._step()
        self._while((self.at, self._basic_end_of(self.at, "while")))

    def _curly_body(self, head_end: int) -> tuple[int, int]:
        """The first token of a loop's body and the first behind it; the head ends with `)`."""
        body = head_end + 1
        if body < len(self.tokens) and self.tokens[body].text == "{":
            return body, min(self._matching(body) + 1, len(self.tokens))
        for at in range(body, min(body + MAX_BODY, len(self.tokens))):
            if self.tokens[at].text == ";":
                return body, at + 1
        return body, body

    def _counted(self, head_end: int) -> bool:
        """`(int i = 0; i < n; i++)`: whether the turns of it could be told. Stands behind `(`."""
        begin = self.at
        name = self._counter()
        if name:
            first = self._expression()
            self._step()
            if self._word() == name:
                self._step()
                elements = self._turns_of(first, name)
                self._declare(name)
                if elements and self._begin(name, elements, self._curly_body(head_end)):
                    self.at = min(head_end + 1, len(self.tokens))
                    return True
        self.at = begin
        return False

    def _counter(self) -> str:
        """The variable of `int i =`, which is read; "" if something else stands here."""
        for ahead in range(1, MAX_TYPE):
            if self._is("=", ahead) and self._peek(ahead - 1).kind == NAME:
                name = self._word(ahead - 1)
                self.at += ahead + 1
                return name
        return ""

    def _turns_of(self, first: Value, name: str) -> Iterator[Constant] | None:
        """What the variable is in the turns of `… ; name < last; name += step)`."""
        mark = self._peek().text
        if mark not in _UP | _DOWN:
            return None
        self._step()
        last = self._expression()
        self._step()
        step = 1 if mark in _UP else -1
        if self._word() == name and self._peek(1).text in {"+=", "-="}:
            self.at += 2
            by = self._expression().constant
            step *= by if isinstance(by, int) else 0
        if not isinstance(first.constant, int) or not isinstance(last.constant, int) or not step:
            return None
        beyond = (1 if step > 0 else -1) if mark in _INCLUDING else 0
        return iter(range(first.constant, last.constant + beyond, step))


def _numbers(bounds: list[Value]) -> Iterator[Constant]:
    """The numbers from the first bound to the second, that one too; the third is the step."""
    held = [bound.constant for bound in bounds]
    numbers = [number for number in held if isinstance(number, int)]
    if len(numbers) < 2 or len(numbers) < len(held):
        return iter(())
    step = numbers[2] if len(numbers) > 2 else 1
    return iter(range(numbers[0], numbers[1] + (1 if step > 0 else -1), step or 1))
