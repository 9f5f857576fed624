"""Runs the statements of pure VBScript and Visual Basic .NET, as they happen."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from typing import ClassVar

from exward.webshells.decoding.curly import BREAK, ON, RETURN, PureCurly, elements_of
from exward.webshells.decoding.values import Pure, Unclear, counted, is_true, operated, whole
from exward.webshells.lexer import END, NAME

_ENDS = {"for": frozenset({"next"}), "do": frozenset({"loop"}), "while": frozenset({"wend", "end"})}
_SKIPPED = frozenset({"call", "set", "let", "const", "private", "public", "static"})
MAX_SIZE = 10_000


class PureBasic(PureCurly, ABC):
    """Runs one statement of any of the languages at a time."""

    def statement(self) -> str:
        """Run the statement that stands here; how it ends."""
        return self._basic() if self.basic else self.curly()

    def _basic(self) -> str:
        token = self.peek()
        if token.kind == END:
            self.step()
            return ON
        run = self._basic_words.get(token.word)
        if run is not None and not self.is_mark("=", 1):
            return run(self)
        if token.word in _SKIPPED:
            self.step()
            return ON
        self._assignment()
        return ON

    def _assignment(self) -> None:
        """`a = b`, `a(1) &= b`, `object.method b`."""
        target = self.unary()
        mark = self.peek().text
        if mark in {"=", "&=", "+=", "-="}:
            self.step()
            value = self.expression()
            if not self.dry and mark != "=":
                value = operated(mark[0], self.value(target), value, self.language)
            self.put(target, value)
            return
        arguments: list[Pure] = []
        begin = self.at
        while self.peek().kind != END and self.at < len(self.tokens):
            if self.is_mark(","):
                self.step()
            arguments.append(self.expression())
        if self.dry:
            return
        if target.name in self.functions:
            names = [token.word for token in self.tokens[begin : self.at] if token.text != ","]
            self.own(self.functions[target.name], arguments, names)
        elif isinstance(target.key, str) and target.key.startswith("."):
            self.method(target.holder, target.key[1:], arguments)
        elif target.name or arguments:
            raise Unclear

    def lines(self, ends: frozenset[str]) -> str:
        """Run statements up to the word that ends them, which is not passed over."""
        while self.peek().word not in ends:
            if self.at >= len(self.tokens):
                raise Unclear
            how = self.statement()
            if how:
                return how
        return ON

    def _basic_if(self) -> str:
        self.step()
        holds = is_true(self.expression())
        if self.peek().word == "then":
            self.step()
        if self.peek().kind != END:
            return self._short_if(holds)
        how, done = ON, False
        ends = frozenset({"else", "elseif", "end"})
        while True:
            runs = holds and not done
            if runs and not self.dry:
                how = self.lines(ends)
                done = True
                if how:
                    return how
            else:
                self.at = self.over(lambda: self.lines(ends))
            word = self.peek().word
            self.step()
            if word == "end":
                self.step()
                return how
            holds = True
            if word == "elseif" or (self.peek().word == "if" and self.peek(-1).word == "else"):
                self.step(0 if word == "elseif" else 1)
                holds = is_true(self.passed(self.expression, done))
                self.step()

    def _short_if(self, holds: bool) -> str:
        """`If a Then b Else c`, on one line."""
        line, how = self.peek().line, ON
        for runs in (holds, not holds):
            while self.at < len(self.tokens) and self.peek().word != "else":
                if self.peek().kind == END and self._is_behind(line):
                    return how
                if runs and not how:
                    how = self.statement()
                else:
                    self.at = self.over(self.statement)
            if self.peek().word == "else":
                self.step()
        return how

    def _is_behind(self, line: int) -> bool:
        """Whether a line ends here, at the end of which the short `If` ends."""
        return self.peek(1).line != line

    def _basic_for(self) -> str:
        self.step()
        if self.peek().word == "each":
            return self._basic_each()
        name = self.peek().word
        self.step()
        self._type()
        self.expect("=")
        first = self.expression()
        self.step()
        last = self.expression()
        by: Pure = 1
        if self.peek().word == "step":
            self.step()
            by = self.expression()
        if self.dry:
            return self._turns("for", lambda: False)
        self.frame[name] = operated("-", first, by, self.language)
        return self._turns("for", lambda: self._counts(name, last, by))

    def _counts(self, name: str, last: Pure, by: Pure) -> bool:
        self.frame[name] = operated("+", counted(self.frame[name]), counted(by), self.language)
        at = counted(self.frame[name])
        return at <= counted(last) if counted(by) > 0 else at >= counted(last)

    def _basic_each(self) -> str:
        self.step()
        name = self.peek().word
        self.step()
        self._type()
        if self.peek().word != "in":
            raise Unclear
        self.step()
        held = self.expression()
        left = iter([] if self.dry else elements_of(held))
        return self._turns("for", lambda: self.next_one(name, left))

    def _type(self) -> None:
        """Pass over `As String`, `As New Type()`, `() As Byte`."""
        if self.is_mark("(") and self.is_mark(")", 1):
            self.step(2)
        if self.peek().word != "as":
            return
        self.step()
        while self.peek().kind == NAME or self.is_mark("."):
            if self.peek().word == "in":
                return
            self.step()
        if self.is_mark("("):
            self.step(self.closing.get(self.at, self.at) + 1 - self.at)

    def _turns(self, word: str, holds: Callable[[], bool]) -> str:
        """The turns of a loop whose body stands here, up to the word that ends it."""
        ends = _ENDS[word]
        body, end = self.at, self.over(lambda: self.lines(ends))
        while not self.dry and holds():
            self.at = body
            how = self.lines(ends)
            if how == BREAK:
                break
            if how == RETURN:
                return how
        self.at = end
        is_two = self.peek().word == "end"
        self.step(2 if is_two else 1)
        if word == "for" and self.peek().kind == NAME and self.peek().word not in {"end", "else"}:
            self.step()  # Next i
        return ON

    def _basic_while(self) -> str:
        self.step()
        condition = self.at
        self.at = self.over(self.expression)
        return self._turns("while", lambda: is_true(self._again(condition)))

    def _again(self, condition: int) -> Pure:
        return self.read_at(condition, self.expression)

    def _basic_do(self) -> str:
        self.step()
        word, condition = self.peek().word, self.at + 1
        if word in {"while", "until"}:
            self.step()
            self.at = self.over(self.expression)
            return self._turns("do", lambda: is_true(self._again(condition)) == (word == "while"))
        return self._do_loop()

    def _do_loop(self) -> str:
        """`Do … Loop While a`, `Do … Loop`."""
        body, end = self.at, self.over(lambda: self.lines(_ENDS["do"]))
        word, condition = self.tokens[end + 1].word if end + 1 < len(self.tokens) else "", end + 2
        has_end = word in {"while", "until"}
        while not self.dry:
            self.at = body
            how = self.lines(_ENDS["do"])
            if how == RETURN:
                return how
            if how == BREAK:
                break
            if has_end and is_true(self._again(condition)) != (word == "while"):
                break
            self.step(0)
        self.at = end + 1
        if has_end:
            self.step()
            self.at = self.over(self.expression)
        return ON

    def _select(self) -> str:
        self.step(2 if self.peek(1).word == "case" else 1)
        value = self.expression()
        done, how = False, ON
        ends = frozenset({"case", "end"})
        self._to_case()
        while self.peek().word == "case":
            self.step()
            fits = self._fits(value)
            if fits and not done and not self.dry:
                done = True
                how = self.lines(ends)
                if how:
                    return how
            else:
                self.at = self.over(lambda: self.lines(ends))
        self.step(2)
        return how

    def _to_case(self) -> None:
        while self.peek().kind == END and self.at < len(self.tokens):
            self.step()

    def _fits(self, value: Pure) -> bool:
        if self.peek().word == "else":
            self.step()
            return True
        fits = False
        while self.peek().kind != END:
            if self.is_mark(","):
                self.step()
            one = self.expression()
            fits = fits or (not self.dry and operated("=", one, value, self.language) is True)
        return fits

    def _exit(self) -> str:
        word = self.peek(1).word
        self.step(2)
        if self.dry:
            return ON
        return RETURN if word in {"function", "sub", "property"} else BREAK

    def _basic_return(self) -> str:
        self.step()
        value = None if self.peek().kind == END else self.expression()
        if self.dry:
            return ON
        self.returned = value
        return RETURN

    def _dim(self) -> str:
        """`Dim a, b(3), c As T = x`, `ReDim a(3)`."""
        self.step()
        if self.peek().word == "preserve":
            raise Unclear
        while self.peek().kind == NAME:
            name = self.peek().word
            self.step()
            value = self._beginning()
            if self.is_mark("="):
                self.step()
                value = self.expression()
            if not self.dry:
                self.frame[name] = value
            if not self.is_mark(","):
                return ON
            self.step()
        return ON

    def _beginning(self) -> Pure:
        """What a variable is at first: nothing, a list of a size, a new object."""
        value: Pure = None
        if self.is_mark("(") and not self.is_mark(")", 1):
            size = self.elements(")")
            value = None if self.dry else [0] * min(whole(size[0]) + 1, MAX_SIZE)
        begin = self.at
        self._type()
        for at in range(begin, self.at):
            if self.tokens[at].word == "new":
                self.at = at
                return self.expression()
        return value

    def _resume(self) -> str:
        """`On Error Resume Next`."""
        while self.peek().kind != END and self.at < len(self.tokens):
            self.step()
        return ON

    _basic_words: ClassVar[dict[str, Callable[[PureBasic], str]]] = {
        "if": _basic_if, "for": _basic_for, "while": _basic_while, "do": _basic_do,
        "select": _select, "exit": _exit, "return": _basic_return, "dim": _dim, "redim": _dim,
        "on": _resume,
    }  # fmt: skip
