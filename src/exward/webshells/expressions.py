"""Reads expressions: what each part is, who can choose it, and where it is used."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from exward.webshells import constants, objects
from exward.webshells.arguments import Arguments
from exward.webshells.blocks import CSHARP, JSCRIPT
from exward.webshells.known_types import STICKY
from exward.webshells.lexer import APART, MARK, NAME, NUMBER, TEXT, Token
from exward.webshells.makings import WORD_OPERATORS, Operand
from exward.webshells.values import (
    ABROAD,
    DECODED,
    UNKNOWN,
    Constant,
    Value,
    computed,
    concatenated,
    constant,
    functions_in,
    joined,
    lettered,
)
from exward.webshells.variables import SELF, STORES, Place

INTO = (["read"], ["copyto"], ["copytoasync"], ["receive"], ["receivefrom"], ["receiveasync"])
"""Methods that put what an object holds into their first argument."""
_FROM_ABROAD = frozenset({ABROAD})
_ABROAD = re.compile(r"https?://(?!localhost|127\.)[\w-]+\.[\w.-]+", re.IGNORECASE)
_EVALS = frozenset({"eval", "constructor"})
"""JScript: the constructor of the constructor of anything makes a function of a text."""
MAX_DEPTH = 120
MAX_KEY = 40
MAX_GENERIC = 20
LETTERS = 64
"""Letters of a text that are made for the work of one step."""
_OPERATORS = frozenset("+-*/\\^&=<>%|?:") | {
    "==", "!=", "<=", ">=", "<>", "&&", "||", "??", "+=", "-=", "&=", "=>", "^=",
}  # fmt: skip
CURLY_WORDS = frozenset(
    {"return", "throw", "await", "yield", "case", "in", "out", "ref", "typeof", "void", "var",
     "const", "static", "public", "private", "protected", "internal", "override", "virtual",
     "readonly", "unsafe", "async", "delete", "else", "do", "goto", "default", "params", "this",
     "checked"}
)  # fmt: skip
_BEGINNINGS = CURLY_WORDS | {"function", "sub", "addressof", "not", "byval"}
"""Words that may begin what is no name."""
_SIGNS = frozenset({"-", "+", "!", "~", "&", "*", "@", "?", "++", "--", "<"})
_COMPARING = frozenset(
    {"==", "!=", "<=", ">=", "<>", "<", ">", "=", "is", "not", "and", "&&", "like"}
)


class Expressions(Arguments, ABC):
    """Reads one expression at a time."""

    def __init__(self, tokens: list[Token], language: str, known: objects.Known) -> None:
        super().__init__(tokens, language, known)
        self.withs: list[tuple[Value, Place]] = []
        """Basic: what `With` names, the innermost last."""

    @abstractmethod
    def _called(self, place: Place, arguments: list[Value], line: int = 0) -> Value:
        """What a call gives."""

    @abstractmethod
    def _store(self, place: Place | None, value: Value) -> None:
        """Assign to a place."""

    def _expression(self) -> Value:
        self.budget.depth += 1
        try:
            if self.budget.depth > MAX_DEPTH:
                self._step()
                return UNKNOWN
            return self._assigned(*self._operand())
        finally:
            self.budget.depth -= 1

    def _assigned(self, value: Value, place: Place | None) -> Value:
        """The rest of an expression; C# and JScript assign inside of them."""
        if place is None or self.basic or self._peek().text not in {"=", "+=", "^="}:
            if place is None and self._is("=") and self._is(")", -1):
                end = self.at - 1
                self._step()
                value = self._expression()
                self._deconstructed(end, value)
            return self._binary(value)
        mark = self._peek().text
        self._step()
        right = self._expression()
        if mark == "^=":  # takes texts apart
            both = joined(value, right)
            right = both._replace(kinds=both.kinds | {DECODED})
            place = Place(place.base, [])
        adds = mark == "+=" and not functions_in(right)
        self._store(place, concatenated(value, right) if adds else right)
        return right

    def _binary(self, value: Value) -> Value:
        while True:
            token = self._peek()
            mark = token.word or token.text
            if token.kind == MARK and mark in _OPERATORS:
                if mark == "=>":
                    value = joined(value, self._function_value(self.at, self._lambda(self.at)[1]))
                if mark == "=>" or (mark == "=" and not self.basic):
                    self._step()
                    return value if self._is("{") else joined(value, self._expression())
            elif not (token.kind == NAME and mark in WORD_OPERATORS):
                return value
            self._step()
            if mark == "is" and not self.basic:
                self._matched(value)
                value = UNKNOWN
                continue
            value = self._combined(mark, value, self._right(mark))
            self._charge(value)

    def _charge(self, value: Value) -> None:
        """Long texts cost work, too."""
        if isinstance(value.constant, str | bytes | tuple):
            self.budget.spend(len(value.constant) // LETTERS)

    def _right(self, mark: str) -> Value:
        """The right side of an operator; products bind closer than sums."""
        right, place = self._operand()
        if place is not None and self._is("=") and not self.basic:
            self._step()
            right = self._expression()
            self._store(place, right)
        while self._peek().kind == MARK and self._peek().text in "*/" and mark in {"+", "-", "&"}:
            inner = self._peek().text
            self._step()
            other, _ = self._operand()
            right = computed(
                constants.arithmetic(inner, right.constant, other.constant), right, other
            )
        return right

    def _combined(self, mark: str, left: Value, right: Value) -> Value:
        if mark == "+" and self.basic and isinstance(right.constant, int | float):
            total = constants.arithmetic(mark, left.constant, right.constant)
            if total is not None:  # of a number and a text that holds one, too
                return constant(total)
        texts = isinstance(left.constant, str) or isinstance(right.constant, str)
        unknown = left.constant is None and right.constant is None
        if (mark == "&" and self.basic) or (
            mark == "+" and (texts or unknown or left.taint or right.taint)
        ):
            return concatenated(left, right)
        if mark in {"-", "^"} and self.language == CSHARP:
            number = constants.arithmetic(
                mark, _number_of(left.constant), _number_of(right.constant)
            )
            return computed(number, left, right)
        if mark in {"+", "-", "*", "/", "\\", "^", "xor", "%", "mod"}:
            return computed(constants.arithmetic(mark, left.constant, right.constant), left, right)
        if mark in _COMPARING:
            return Value(kinds=(left.kinds | right.kinds) & STICKY)
        return joined(left, right)

    def _operand(self) -> Operand:
        self.budget.depth += 1
        try:
            if self.budget.depth > MAX_DEPTH:
                self._step()
                return UNKNOWN, None
            return self._read_operand()
        finally:
            self.budget.depth -= 1

    def _read_operand(self) -> Operand:
        token = self._peek()
        if token.kind == TEXT:
            self._step()
            text = constant(token.text)
            if _ABROAD.match(token.text):
                text = text._replace(taint=_FROM_ABROAD)
            return self._postfix(text, None)
        if token.kind == NUMBER:
            self._step()
            number = int(token.text) if token.text.isdigit() else float(token.text)
            return self._postfix(constant(number), None)
        if token.kind == MARK:
            return self._marked(token)
        return self._named(token) if token.kind == NAME else (UNKNOWN, None)

    def _marked(self, token: Token) -> Operand:
        if token.text == "(":
            self._step()
            value = self._list(")")
            if self.basic or not self._casts():
                return self._postfix(value, None)
            inner, place = self._operand()
            if "type:char" in value.kinds and isinstance(inner.constant, int):
                return constant(chr(inner.constant & 0x10FFFF), frozenset({DECODED})), None
            return (lettered(inner) if "type:char" in value.kinds else inner), place
        if token.text in {"[", "{"}:
            self._step()
            return self._postfix(self._list("]" if token.text == "[" else "}"), None)
        if token.text in {".", APART} and self.basic and self.withs:
            value, place = self.withs[-1]
            if not place.steps:
                value = self.value_of(place.base)
            return self._postfix(*self._member(value, Place(place.base, place.steps)))
        return self._signed(token.text) if token.text in _SIGNS else (UNKNOWN, None)

    def _signed(self, sign: str) -> Operand:
        self._step()
        value, place = self._operand()
        if sign == "&" and self.basic and isinstance(value.constant, int):
            digits = str(value.constant)  # VBScript: &101 is octal
            octal = all(digit in "01234567" for digit in digits)
            return (constant(int(digits, 8)) if octal else value), None
        if sign == "-" and isinstance(value.constant, int | float):
            return constant(-value.constant), None
        return value, place

    def _casts(self) -> bool:
        """Whether what stood in brackets was a type in front of a value."""
        if self.at < 2 or self.at > len(self.tokens):
            return False
        token, inner = self._peek(), self.tokens[self.at - 2]
        if inner.kind != NAME and inner.text not in {"]", ">"}:
            return False
        starts = token.kind in {NAME, TEXT, NUMBER} and self._word() not in WORD_OPERATORS
        return starts or self._is("(")

    def _named(self, token: Token) -> Operand:
        word = token.word
        if word == "new" and (self.basic or token.text == "new"):
            return self._new(), None
        if word in _BEGINNINGS:
            found = self._basic_word(word) if self.basic else self._curly_word(token)
            if found is not None:
                return found
        if not self.basic and self._is_declared():
            return self._declared()
        self._step()
        if self.language == JSCRIPT and self._is(":") and self._peek(2).text in {"=", ";"}:
            self.at += 2  # JScript.NET: `var name : String = …`
        if word in self.functions and not self.basic and not self._is("("):
            held = self._named_function(word)
            if held is not None:
                return self._postfix(held, Place(word, []))
        is_target = self._is("=")
        value = self.unread_value(word) if is_target else self.value_of(word)
        return self._postfix(value, Place(word, []))

    def _curly_word(self, token: Token) -> Operand | None:
        """What begins with a word of C# or JScript."""
        if token.text == "function" and not self._is_constructor():
            return self._unnamed_function()
        if token.text in CURLY_WORDS and token.word != "this":
            self._step()
            return self._operand()
        return None

    def _basic_word(self, word: str) -> Operand | None:
        """What begins with a word of Basic."""
        if word in {"sub", "function"} and self._is("(", 1):
            return self._unnamed_function()
        if word == "addressof" and (held := self._named_function(self._word(1))):
            self.at += 2
            return held, None
        if word in {"not", "byval", "await", "addressof"}:
            self._step()
            return self._operand()
        return None

    def _postfix(self, value: Value, place: Place | None) -> Operand:
        while True:
            token = self._peek()
            if token.kind != MARK:
                return value, place
            dotted = token.text in {".", "?."} or (token.text == "!" and self.basic)
            dotted = dotted or (token.text == APART and not self.withs)
            if dotted and self._peek(1).kind == NAME:
                value, place = self._member(value, place)
            elif token.text == "[" and not self.basic:
                value, place = self._index(value, place)
            elif token.text == "(":
                buffer = self._word(1) if place is not None and place.steps[-1:] in INTO else ""
                arguments = self._arguments(")")
                if buffer:
                    self._fill(buffer, [value])
                called = place or Place("", [])
                called.receiver = value
                value = self._called(called, arguments, token.line)
                place = called.then(key_of(arguments))
            elif token.text in {"++", "--"}:
                self._step()
                if place is not None and not place.steps:
                    self._assign(place.base, _counted(value, 1 if token.text == "++" else -1))
            elif not (token.text == "<" and not self.basic and self._generic()):
                return value, place

    def _member(self, value: Value, place: Place | None) -> Operand:
        self._step()
        name = self._word()
        self._step()
        if place is not None and not place.steps and place.base in SELF:
            return self.value_of(name), Place(name, [])
        if place is not None and place.base in STORES and name == "contents":
            return value, place
        held = value.constant
        value = self._given_by(name, objects.member(value, name))
        place = place.then(name) if place is not None else Place("", [name])
        place.receiver, place.held = value, held
        return value, place

    def _given_by(self, name: str, value: Value) -> Value:
        """The value of a member, and what a property of the code's own classes returns."""
        function = self.functions.get(name)
        if function is None or value.kinds or not (self.basic or function.is_property):
            return value
        return joined(value, function.result)

    def _index(self, value: Value, place: Place | None) -> Operand:
        arguments = self._arguments("]")
        key = key_of(arguments)
        own = place is not None and place.base in SELF and not place.steps and key
        if place is not None and place.base in SELF and _is_hidden(arguments):
            return Value(kinds=frozenset({"eval"})), place.then("")
        if self.language == JSCRIPT and key in _EVALS:
            return Value(kinds=frozenset({"eval"})), place.then(key) if place is not None else None
        value = self.value_of(key) if own else objects.indexed(value, arguments)
        if place is None:
            return value, None
        path = arguments[0].constant if arguments else ""
        place = place.then(str(path)[:MAX_KEY].lower())
        if place.base in STORES:
            value = self._kept(place, place.path) or value
        return value, place

    def _generic(self) -> bool:
        """Pass over `<T>` in front of a call."""
        depth = 1
        for ahead in range(1, MAX_GENERIC):
            token = self._peek(ahead)
            depth += (token.text == "<") - (token.text == ">")
            if depth == 0:
                if self._is("(", ahead + 1):
                    self.at += ahead + 1
                    return True
                return False
            if token.kind != NAME and token.text not in {",", ".", "[", "]", "<", ">"}:
                return False
        return False


def _counted(value: Value, step: int) -> Value:
    """One more or less, if it is known how much it was."""
    number = value.constant
    return constant(number + step) if isinstance(number, int) else Value(None, value.taint)


def _number_of(letter: Constant) -> Constant:
    """C#: a letter counts as its number."""
    return ord(letter) if isinstance(letter, str) and len(letter) == 1 else letter


def _is_hidden(arguments: list[Value]) -> bool:
    """Whether a member is asked for by a name that the code makes, so that nobody reads it."""
    return bool(arguments) and arguments[0].constant is None and DECODED in arguments[0].kinds


def key_of(arguments: list[Value]) -> str:
    """The text by which an element is asked for; "" if it is not known."""
    value = arguments[0].constant if arguments else None
    return value[:MAX_KEY].lower() if isinstance(value, str) else ""
