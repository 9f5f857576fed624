"""Runs the statements of pure C# and JScript, as they happen.

Whatever is not known here (what the request says, files, other objects) makes all of it `Unclear`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar

from exward.webshells.decoding.expressions import PureExpressions
from exward.webshells.decoding.values import Letter, Pure, Unclear, is_true, operated
from exward.webshells.lexer import NAME

ON, BREAK, CONTINUE, RETURN = "", "break", "continue", "return"
"""How a statement ends."""
_QUALIFIERS = frozenset({"var", "const", "static", "final"})
MAX_TYPE = 12


class PureCurly(PureExpressions, ABC):
    """Runs one statement of C# or JScript at a time."""

    returned: Pure = None

    @abstractmethod
    def statement(self) -> str:
        """Run the statement that stands here; how it ends."""

    def over(self, read: Callable[[], object]) -> int:
        """Where what stands here ends; it is not run."""
        begin = self.at
        self.dry += 1
        read()
        self.dry -= 1
        end, self.at = self.at, begin
        return end

    def curly(self) -> str:
        """Run a statement of C# or JScript."""
        token = self.peek()
        if token.text == "{" and token.kind != NAME:
            return self._block(self.closing.get(self.at, len(self.tokens)))
        if token.text == ";":
            self.step()
            return ON
        run = self._curly_words.get(token.text) if token.kind == NAME else None
        if run is not None:
            return run(self)
        if token.text in {"break", "continue"} and token.kind == NAME:
            self.step()
            self._ended()
            return ON if self.dry else token.text
        self._simple()
        self._ended()
        return ON

    def _ended(self) -> None:
        if self.is_mark(";"):
            self.step()

    def _block(self, end: int) -> str:
        self.step()
        while self.at < end:
            how = self.statement()
            if how:
                self.at = end + 1
                return how
        self.at = end + 1
        return ON

    def _simple(self) -> None:
        """A declaration or an expression."""
        name = self._declared()
        if name is None:
            self.expression()
            return
        self.at = name
        while True:
            word = self.peek().word
            self.step()
            if self.is_mark(":"):  # JScript.NET
                self.step(2)
            value: Pure = None
            if self.is_mark("="):
                self.step()
                value = self.expression()
            if not self.dry:
                self.frame[word] = value
            if not self.is_mark(","):
                return
            self.step()

    def _declared(self) -> int | None:
        """Where the name stands that is declared here; None if none is."""
        at = self.at
        if self.peek().text in _QUALIFIERS:
            return at + 1
        for index in range(at, min(at + MAX_TYPE, len(self.tokens) - 1)):
            token, following = self.tokens[index], self.tokens[index + 1]
            if token.kind == NAME and following.kind == NAME:
                return index + 1
            if token.text in {"]", ">"} and following.kind == NAME:
                return index + 1 if self.tokens[index - 1].text != "=" else None
            if token.kind != NAME and token.text not in {".", "<", ">", "[", "]", ","}:
                return None
        return None

    def _if(self) -> str:
        self.step()
        self.expect("(")
        holds = is_true(self.expression())
        self.expect(")")
        how = self._branch(not holds)
        if self.peek().text == "else" and self.peek().kind == NAME:
            self.step()
            other = self._branch(holds)
            how = how or other
        return how

    def _branch(self, over: bool) -> str:
        if over:
            self.at = self.over(self.statement)
            return ON
        return self.statement()

    def _loop(self, holds: Callable[[], bool], step: Callable[[], object] | None = None) -> str:
        """A loop whose body stands here."""
        body, end = self.at, self.over(self.statement)
        while not self.dry and holds():
            self.at = body
            how = self.statement()
            if how == BREAK:
                break
            if how == RETURN:
                return how
            if step is not None:
                step()
        self.at = end
        return ON

    def _while(self) -> str:
        self.step()
        condition = self.at
        self.at = self.closing.get(condition, len(self.tokens)) + 1
        return self._loop(lambda: is_true(self.read_at(condition, self.expression)))

    def read_at(self, at: int, read: Callable[[], Pure]) -> Pure:
        """What is read at a place."""
        self.at = at
        return read()

    def _do(self) -> str:
        self.step()
        body, end = self.at, self.over(self.statement)
        condition = end + 1
        self.at = self.closing.get(condition, len(self.tokens)) + 1
        behind = self.at
        while not self.dry:
            self.at = body
            how = self.statement()
            if how == RETURN:
                return how
            if how == BREAK or not is_true(self.read_at(condition, self.expression)):
                break
        self.at = behind
        self._ended()
        return ON

    def _for(self) -> str:
        self.step()
        opening, end = self.at, self.closing.get(self.at, len(self.tokens))
        words = [token.word for token in self.tokens[opening:end]]
        if "in" in words and ";" not in {token.text for token in self.tokens[opening:end]}:
            return self._each(opening + words.index("in"), end)
        self.step()
        if not self.is_mark(";"):
            self._simple()
        self.expect(";")
        condition = self.at
        if not self.is_mark(";"):
            self.at = self.over(self.expression)
        self.expect(";")
        step = self.at
        self.at = end + 1
        return self._loop(
            lambda: is_true(self.read_at(condition, self.expression)),
            lambda: self._steps(step, end),
        )

    def _steps(self, at: int, end: int) -> None:
        self.at = at
        while self.at < end:
            self.expression()
            if self.is_mark(","):
                self.step()

    def _each(self, word: int, end: int) -> str:
        name = self.tokens[word - 1].word
        is_key = self.peek(-1).text == "for"
        self.at = word + 1
        held = None if self.dry else self.expression()
        self.at = end + 1
        if self.dry:
            self.at = self.over(self.statement)
            return ON
        elements = elements_of(held)
        left = iter(range(len(elements)) if is_key else elements)
        return self._loop(lambda: self.next_one(name, left))

    def next_one(self, name: str, left: Iterator[Pure]) -> bool:
        """Let a variable be the next of these; False if there is none."""
        for one in left:
            self.frame[name] = one
            return True
        return False

    def _switch(self) -> str:
        self.step(2)
        value = self.expression()
        self.expect(")")
        end = self.closing.get(self.at, len(self.tokens))
        found = self._case(value, end) if not self.dry else None
        if found is not None:
            self.at = found
            while self.at < end:
                if self.peek().text in {"case", "default"}:
                    self._past_label(None)
                    continue
                how = self.statement()
                if how == BREAK:
                    break
                if how:
                    return how
        self.at = end + 1
        return ON

    def _past_label(self, value: Pure) -> bool:
        """Pass over `case x:`; whether it is the case."""
        is_case = self.peek().text == "case"
        self.step()
        fits = is_case and operated("==", self.expression(), value, self.language) is True
        self.expect(":")
        return fits

    def _case(self, value: Pure, end: int) -> int | None:
        """Where the case of a value begins; that of the others if there is none for it."""
        other = None
        self.step()
        while self.at < end:
            if self.peek().text in {"case", "default"}:
                is_default = self.peek().text == "default"
                if self._past_label(value):
                    return self.at
                other = self.at if is_default else other
            else:
                self.at = self.over(self.statement)
        return other

    def _return(self) -> str:
        self.step()
        value = None if self.is_mark(";") or self.is_mark("}") else self.expression()
        self._ended()
        if self.dry:
            return ON
        self.returned = value
        return RETURN

    def _try(self) -> str:
        self.step()
        how = self.statement()
        while self.peek().text in {"catch", "finally"}:
            self.step()
            if self.is_mark("("):
                self.at = self.closing.get(self.at, len(self.tokens)) + 1
            self.at = self.closing.get(self.at, len(self.tokens)) + 1
        return how

    def _using(self) -> str:
        self.step()
        self.expect("(")
        self._simple()
        self.expect(")")
        return self.statement()

    _curly_words: ClassVar[dict[str, Callable[[PureCurly], str]]] = {
        "if": _if, "for": _for, "foreach": _for, "while": _while, "do": _do, "switch": _switch,
        "return": _return, "try": _try, "using": _using,
    }  # fmt: skip


def elements_of(held: Pure) -> list[Pure]:
    """What a loop goes through."""
    if isinstance(held, str):
        return [Letter(one) for one in held]
    if isinstance(held, list):
        return [*held]
    raise Unclear
