"""Computes what functions and loops of the code make of constants: the text that it hides.

What they do is followed as it happens (`decoding`), within a bound for each and one
for all of a file. What is not pure is left to those who follow what may happen.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable

from exward.webshells.cursor import Cursor
from exward.webshells.decoding.basic import PureBasic
from exward.webshells.decoding.curly import RETURN
from exward.webshells.decoding.values import Chosen, Pure, Routine, Unclear, constant_of, pure_of
from exward.webshells.expressions import Expressions
from exward.webshells.functions import TAKING, Function
from exward.webshells.lexer import NAME, Token
from exward.webshells.values import DECODED, Constant, Value, constant

MAX_CALLS = 40
MAX_TRIED = 400
"""Calls and loops in one file that are tried."""
MAX_FAILED = 3
"""Calls of one function that came to nothing."""
MAX_LOOKED = 250
"""Tokens of a body that are looked at for what takes texts apart."""
_APART = TAKING | {
    "tochar",
    "charat",
    "chars",
    "insert",
    "reverse",
    "instr",
    "indexof",
    "getstring",
}
_ENDS = frozenset({"end"})
_OPENING, _CLOSING = frozenset({"for", "do"}), frozenset({"next", "loop", "wend"})
_ROUTINES = frozenset({"function", "sub"})
_DECODED_ONLY = frozenset({DECODED})


class Decoder(PureBasic):
    """Runs functions and loops that work on constants only."""

    def __init__(
        self, code: Cursor, functions: dict[str, Function], outer: Callable[[str], Pure]
    ) -> None:
        super().__init__()
        self.language = code.language
        self.tokens: list[Token] = code.tokens
        self.closing = code.closing
        self.functions = functions
        self.outer = outer
        self.collected: frozenset[str] = frozenset()
        """Basic: names to which the function assigns that runs."""

    def lend(self, name: str) -> Pure:
        """What a variable of the page is; one that the function fills itself is nothing yet."""
        try:
            return super().lend(name)
        except Chosen:
            raise
        except Unclear:
            if name not in self.collected:
                raise
            return None

    def own(self, function: Function, arguments: list[Pure], names: list[str]) -> Pure:
        """Call a function of the page; `names`: the variables that are given."""
        if function.code is None or not function.body or function.is_property:
            raise Unclear
        parameters = function.parameters
        if len(arguments) > len(parameters) or function.overloads or function.spreads:
            raise Unclear
        saved = (self.tokens, self.closing, self.collected)
        self.tokens, self.closing = function.code.tokens, function.code.closing
        frame: dict[str, Pure] = dict.fromkeys(parameters)
        frame |= dict(zip(parameters, arguments, strict=False))
        if self.basic and not function.is_lambda:
            frame[function.name] = None
            self.collected = _assigned_in(function.code.tokens, function.body)
        value = self._inside(frame, function.body, function.name)
        self.tokens, self.closing, self.collected = saved
        for parameter, name in zip(parameters, names, strict=False):
            if name and parameter in function.fills:
                self.frame[name] = frame[parameter]
        return value

    def applied(self, routine: Routine, arguments: list[Pure]) -> Pure:
        """Call a function without a name."""
        given = zip(routine.parameters, arguments, strict=False)
        return self._inside({**self.frame, **dict(given)}, routine.body, "")

    def _inside(self, frame: dict[str, Pure], body: int, name: str) -> Pure:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise Unclear
        outside = (self.at, self.frame, self.depth, self.returned)
        self.at, self.frame, self.depth, self.returned = body, frame, 0, None
        value = self._body(name)
        self.at, self.frame, self.depth, self.returned = outside
        self.calls -= 1
        return value

    def _body(self, name: str) -> Pure:
        is_block = name in self.frame if self.basic else self.is_mark("{")
        if not is_block:
            return self.expression()
        how = self.lines(_ENDS) if self.basic else self.statement()
        if how == RETURN and self.returned is not None:
            return self.returned
        return self.frame.get(name) if self.basic else None


class Decoders(Expressions, ABC):
    """Has functions and loops computed whose texts are constants."""

    tried = 0
    failed: dict[str, int]
    decoded: dict[tuple[str, tuple[Constant, ...]], dict[str, Value] | None]
    """What calls and loops made, by name, or by place, and what was given; kept for all passes."""

    def _outer(self, name: str) -> Pure:
        """What a variable of the page is to pure code."""
        held = self.lookup(name)
        if held is not None and held.taint:
            raise Chosen
        if held is None:
            raise Unclear
        return pure_of(held.constant)

    def _computed(
        self, key: tuple[str, tuple[Constant, ...]], run: Callable[[Decoder], dict[str, Pure]]
    ) -> dict[str, Value] | None:
        """What pure code made, by name; None if it is not pure."""
        if key in self.decoded:
            return self.decoded[key]
        if self.tried >= MAX_TRIED or self.budget.decoding < 0:
            return None
        if self.failed.get(key[0], 0) >= MAX_FAILED:
            return None
        self.tried += 1
        decoder = Decoder(self, self.functions, self._outer)
        found: dict[str, Value] | None = None
        try:
            made = run(decoder)
            found = {name: _decoded(value) for name, value in made.items()}
        except (Unclear, RecursionError):
            self.failed[key[0]] = self.failed.get(key[0], 0) + 1
        self.budget.decoding -= decoder.steps
        self.decoded[key] = found
        return found

    def _computed_call(self, function: Function, arguments: list[Value]) -> dict[str, Value] | None:
        """What a call gives ("") and what it makes of its parameters, all given as constants."""
        given = tuple(one.constant for one in arguments)
        if not function.body or not given or None in given or not self._is_decoder(function):
            return None

        def run(decoder: Decoder) -> dict[str, Pure]:
            names = [f"{at} given" for at in range(len(given))]
            value = decoder.own(function, [pure_of(one) for one in given], names)
            filled = zip(function.parameters, names, strict=False)
            made = {name: decoder.frame[place] for name, place in filled if place in decoder.frame}
            return made if value is None and made else {"": value, **made}

        return self._computed((function.name, given), run)

    def _is_decoder(self, function: Function) -> bool:
        if function.decodes or function.code is None:
            return function.decodes
        body = function.code.tokens[function.body : function.body + MAX_LOOKED]
        if function.decodes_texts is None:
            function.decodes_texts = _takes_apart(body)
        return function.decodes_texts

    def _computed_each(
        self, name: str, held: Constant, given: list[Value], called: Iterable[Function]
    ) -> Value | None:
        """What a method gives that calls a function for each element of a constant."""
        function = next(iter(called), None)
        if function is None or function.code is not self or not function.body or held is None:
            return None
        routine = Routine(tuple(function.parameters), function.body)
        first = tuple(one.constant for one in given)

        def run(decoder: Decoder) -> dict[str, Pure]:
            arguments = [pure_of(one) for one in first if one is not None]
            return {"": decoder.each(name, pure_of(held), [*arguments, routine])}

        found = self._computed((f"{name} {function.body}", (held, *first)), run)
        return None if found is None else found[""]

    def _computed_loop(self) -> bool:
        """Run the loop that stands here; False if it is not pure, or takes no text apart."""
        begin = self.at
        if not _takes_apart(self.tokens[begin : begin + MAX_LOOKED]):
            return False
        found = self._computed((f"loop {begin}", self._around(begin)), self._run_loop)
        if found is None:
            return False
        for name, value in found.items():
            if name:
                self._assign(name, value)
        self.at = int(str(found[""].constant))
        return True

    def _around(self, begin: int) -> tuple[Constant, ...]:
        """The constants of the variables that stand in a loop, in their order."""
        words = dict.fromkeys(token.word for token in self.tokens[begin : begin + MAX_LOOKED])
        held = (self.lookup(word) for word in words if word)
        return tuple(one.constant for one in held if one is not None and one.constant is not None)

    def _run_loop(self, decoder: Decoder) -> dict[str, Pure]:
        decoder.at = self.at
        if self.basic:
            decoder.collected = _collected_in(self.tokens, self.at)
        if decoder.statement():
            raise Unclear
        return {**decoder.changed(), "": decoder.at}


def _decoded(value: Pure) -> Value:
    made = constant_of("" if value is None else value)
    return constant(made, frozenset() if isinstance(made, int | float) else _DECODED_ONLY)


def _assigned_in(tokens: list[Token], begin: int) -> frozenset[str]:
    """The names that a function of Basic assigns to whose body begins here."""
    names = set()
    for at in range(begin, min(begin + MAX_LOOKED, len(tokens) - 1)):
        if tokens[at].word == "end" and tokens[at + 1].word in _ROUTINES:
            break
        if tokens[at].kind == NAME and tokens[at + 1].text == "=":
            names.add(tokens[at].word)
    return frozenset(names)


def _collected_in(tokens: list[Token], begin: int) -> frozenset[str]:
    """The names that a loop of Basic assigns to which begins here."""
    depth = 0
    for at in range(begin, min(begin + MAX_LOOKED, len(tokens))):
        word = tokens[at].word if not at or tokens[at - 1].word != "exit" else ""
        depth += (word in _OPENING) - (word in _CLOSING)
        if word in _CLOSING and depth <= 0:
            return _assigned_in(tokens[begin : at + 1], 0)
    return frozenset()


def _takes_apart(tokens: Iterable[Token]) -> bool:
    return any(token.word in _APART for token in tokens)
