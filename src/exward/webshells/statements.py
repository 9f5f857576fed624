"""Reads the statements of C# and JScript, and those of the Basics."""

from __future__ import annotations

from exward.webshells.blocks import JSCRIPT
from exward.webshells.expressions import CURLY_WORDS, INTO
from exward.webshells.known_types import kinds_of_type
from exward.webshells.lexer import APART, END, MARK, NAME, NUMBER, TEXT
from exward.webshells.loops import Loops
from exward.webshells.makings import WORD_OPERATORS
from exward.webshells.values import UNKNOWN, Value, concatenated
from exward.webshells.variables import Place

_BASIC_ENDS = frozenset({"then", "else", "to", "step", "until", "loop", "in", "as"})
_BLOCK_WORDS = frozenset(
    {"if", "while", "for", "foreach", "switch", "using", "lock", "catch", "with"}
)
_DECLARATIONS = frozenset(
    {"namespace", "class", "struct", "interface", "enum", "import", "using", "package"}
)
_BASIC_SKIPPED = frozenset(
    {"set", "let", "call", "const", "public", "private", "protected", "friend", "shared",
     "static", "if", "elseif", "then", "else", "while", "do", "until", "loop", "select", "case",
     "for", "each", "next", "on", "error", "resume", "goto", "redim", "preserve", "byval", "byref",
     "wend", "overrides", "throw", "not", "using", "try", "catch", "finally", "async", "await",
     "to", "step", "in", "readonly", "default"}
)  # fmt: skip
_BASIC_LINES = frozenset(
    {"imports", "option", "inherits", "implements", "class", "end", "exit", "namespace"}
)
_LOOPS = frozenset({"for", "foreach", "while", "do"})
MAX_DECLARATION = 60
_THROWN = "throw"
"""Holds what was thrown last, under a name that no variable can have."""


class Statements(Loops):
    """Reads one statement after the other, to the end of the code."""

    level = 0

    def _statements(self) -> None:
        self.loops, self.untold = [], 0
        while self.at < len(self.tokens):
            if self.loops:
                self._turned()
            before = self.at
            if self.basic:
                self._basic_statement()
            else:
                self._curly_statement()
            if self.at == before:
                self._step()

    def _basic_statement(self) -> None:
        word = self._word()
        if self._peek().kind == END:
            self._step()
        elif word == "end" and self._word(1) in {"function", "sub", "with", "property"}:
            self._basic_end()
        elif word in {"function", "sub", "property"} and self.at in self.starts:
            self._basic_function()
        elif word in _LOOPS and self._computed_loop():
            return
        elif word in {"with", "dim", "return", "for"} and not self._is("=", 1):
            self._step()
            self._basic_keyword(word)
        elif word == "while":
            self._basic_while()
        elif word == "do":
            self._basic_do()
        elif word in _BASIC_SKIPPED:
            self._step()
        elif word in _BASIC_LINES:
            self._skip_line()
        else:
            self._basic_call_or_assignment()

    def _basic_end(self) -> None:
        if self._word(1) != "with":
            self._leave()
        elif self.withs:
            self.withs.pop()
        self.at += 2

    def _basic_function(self) -> None:
        name = self.starts[self.at]
        self.at = self._function_name(self.at) + 1
        if self._is("("):
            self.at = self._matching(self.at) + 1
        self._skip_line()
        self._enter(name)

    def _basic_keyword(self, word: str) -> None:
        if word == "with":
            self._with()
        elif word == "dim":
            self._basic_declaration()
        elif word == "return":
            self._returned(self._expression())
        elif self._word() == "each":
            self._step()
            self._loop_variable("in")
        else:
            self._counting_variable()

    def _with(self) -> None:
        value, place = self._operand()
        if place is None or (place.steps and self.lookup(place.base) is None):
            place = Place(f"with {len(self.withs)}", [])
            self._assign(place.base, value)
        self.withs.append((value, place))

    def _skip_line(self) -> None:
        while self.at < len(self.tokens) and self._peek().kind != END:
            self._step()

    def _basic_declaration(self) -> None:
        while self._peek().kind == NAME:
            name = self._peek().word
            self._step()
            if self._is("("):
                self.at = self._matching(self.at) + 1
            value = UNKNOWN
            if self._word() == "as":
                self._step()
                if self._word() == "new":
                    value = self._expression()
                else:
                    value = Value(kinds=kinds_of_type(self._type_name()))
            if self._is("="):
                self._step()
                value = self._expression()
            self._declare(name)
            self._assign(name, value)
            if not self._is(","):
                return
            self._step()

    def _type_name(self) -> str:
        parts: list[str] = []
        while self._peek().kind == NAME or self._is("."):
            if not self._is("."):
                parts.append(self._peek().text)
            self._step()
            if (
                self._peek().kind == NAME
                and not self._is(".")
                and self.tokens[self.at - 1].text != "."
            ):
                break
        if self._is("("):
            self.at = self._matching(self.at) + 1
        return ".".join(parts)

    def _loop_variable(self, word: str) -> None:
        name, typed = self._word(), False
        while self._peek().kind != END and self._word() != word and self.at < len(self.tokens):
            typed = typed or self._word() == "as"
            name = name if typed else self._word() or name
            self._step()
            if self._is(")"):
                return
        self._step()
        held = self._expression()
        self._each_element(name, held, (self.at, self._basic_end_of(self.at)))

    def _basic_call_or_assignment(self) -> None:
        value, place = self._operand()
        if self._is("=") or self._is("&=") or self._is("+="):
            adding = not self._is("=")
            self._step()
            if place is not None and not place.steps:
                self._collecting(place.base)
            right = self._expression()
            self._store(place, concatenated(value, right) if adding else right)
            return
        token = self._peek()
        starts = token.kind in {TEXT, NUMBER} or (
            token.kind == NAME and self._word() not in _BASIC_ENDS | WORD_OPERATORS
        )
        if place is not None and (starts or self._is("-") or self._is("(") or self._is(APART)):
            buffer = self._word() if place.steps[-1:] in INTO else ""
            arguments = self._arguments_until(END)
            if buffer:
                self._fill(buffer, [value])
            self._called(place, arguments)
            return
        if token.kind != END:
            self._binary(value)

    def _arguments_until(self, kind: str) -> list[Value]:
        arguments: list[Value] = []
        passed: list[str] = []
        while self.at < len(self.tokens) and self._peek().kind != kind:
            if self._is(","):
                self._step()
                continue
            before = self.at
            arguments.append(self._expression())
            passed.append(self._variable(before))
            if self.at == before:
                break
            if self._word() in _BASIC_ENDS:
                break
        self.passed, self.named, self.filled = passed, [], []
        return arguments

    def _curly_statement(self) -> None:
        token = self._peek()
        if token.kind == MARK and token.text in {";", "{", "}", ")", "]", ","}:
            self._bracket(token.text)
        elif token.kind == NAME and (begins := self._function_ahead()) is not None:
            self._begin_function(begins)
        elif token.kind == NAME and self._curly_keyword(token.text):
            return
        elif token.kind == MARK and token.text == "[" and self.language != JSCRIPT:
            self._attribute()
        else:
            self._expression()
            if self._is(":"):
                self._step()

    def _curly_keyword(self, word: str) -> bool:
        if word in _LOOPS and self._computed_loop():
            return True
        if word in _DECLARATIONS and not self._is("(", 1):
            self._skip_declaration()
        elif word in _BLOCK_WORDS and self._is("(", 1):
            self._step()
            self._condition(word)
        elif word == "return":
            self._step()
            self._returned(self._expression())
        elif word == "throw":
            self._step()
            self._assign(_THROWN, self._expression())
        elif word in CURLY_WORDS - {"this"}:
            self._step()
        else:
            return False
        return True

    def _bracket(self, mark: str) -> None:
        if self.scope.function is not None and mark in {"{", "}"}:
            self.level += 1 if mark == "{" else -1
            if mark == "}" and self.level <= 0:
                self._leave()
        self._step()

    def _function_ahead(self) -> int | None:
        """Where a function begins whose modifiers and type stand here."""
        for index in range(self.at, min(self.at + 12, len(self.tokens))):
            token = self.tokens[index]
            if token.kind == NAME and index in self.starts:
                return index
            if token.kind != NAME and token.text not in {"<", ">", "[", "]", ",", ".", "?"}:
                return None
        return None

    def _attribute(self) -> None:
        """Pass over `[WebMethod]` and the like."""
        self.at = min(self._matching(self.at) + 1, len(self.tokens))

    def _begin_function(self, begins: int) -> None:
        name = self.starts[begins]
        self.at = self._behind_generic(self._function_name(begins) + 1)
        if self._is("("):
            self.at = min(self._matching(self.at) + 1, len(self.tokens))
        self._enter(name)
        self.level = 0
        if self._is("=>"):
            self._step()
            self._returned(self._expression())
            self._leave()

    def _skip_declaration(self) -> None:
        for _ in range(MAX_DECLARATION):
            if self._is("{") or self._is(";") or self.at >= len(self.tokens):
                return
            self._step()

    def _condition(self, loop: str = "") -> None:
        """`(…)` behind if, for, foreach, using and the like."""
        end = self._matching(self.at)
        self._step()
        if loop == "for" and self._counted(end):
            return
        if loop == "while":
            self._while(self._curly_body(end))
        for ahead in range(self.at, min(end, self.at + 8)):
            if self.tokens[ahead].text == "in" and self.tokens[ahead].kind == NAME:
                name = self.tokens[ahead - 1].word
                self.at = ahead + 1
                self._each_element(name, self._expression(), self._curly_body(end))
                break
        caught = self.lookup(_THROWN) if self.tokens[end - 1].kind == NAME else None
        if caught is not None and self.tokens[self.at - 2].word == "catch":
            self._declare(self.tokens[end - 1].word)
            self._assign(self.tokens[end - 1].word, caught)
        while self.at < end:
            before = self.at
            if self._is(";") or self._is(","):
                self._step()
                continue
            self._expression()
            if self.at == before:
                self._step()
        self.at = min(end + 1, len(self.tokens))
