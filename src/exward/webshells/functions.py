"""Finds the functions of a text of code before it is read: calls may stand before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from exward.webshells.blocks import CSHARP
from exward.webshells.cursor import Cursor
from exward.webshells.lexer import END, MARK, NAME, Token
from exward.webshells.values import REQUEST, UNKNOWN, Constant, Value

MAX_ATTRIBUTES = 30
MAX_OVERLOADS = 20
MAX_NAMES = 8
MAX_NAME = 60
MAX_BODY = 400
"""Tokens of a function that are looked at for what takes texts apart."""
_MODIFIERS = frozenset(
    {"byval", "byref", "optional", "paramarray", "this", "ref", "out", "in", "params"}
)
DECODING = frozenset(
    {"chr", "chrw", "chrb", "strreverse", "xor", "fromcharcode", "frombase64string", "charcodeat",
     "createdecryptor", "transformfinalblock", "nodetypedvalue", "char"}
)  # fmt: skip
"""What makes text of what is none: at least one of these is in a function that decodes."""
_TAKING_APART = frozenset({"asc", "ascw", "mid", "unescape", "replace", "split", "substring",
                          "datatype", "readtext", "append"})  # fmt: skip
_MAKING = frozenset({"createobject", "activexobject", "getobject", "gettypefromprogid"})
TAKING = DECODING | _TAKING_APART
_SERVED = frozenset(
    {"webmethod", "scriptmethod", "operationcontract", "webget", "webinvoke", "webmethodattribute",
     "operationcontractattribute", "scriptmethodattribute"}
)  # fmt: skip
"""Attributes of functions that a client calls with what parameters it likes."""
_NUMBERS = frozenset(
    {"int", "long", "short", "byte", "bool", "float", "double", "decimal", "guid", "datetime",
     "int32", "int64", "integer", "boolean", "date", "timespan"}
)  # fmt: skip
_FILLED = frozenset({"ref", "out", "byref"})
_KINDS = frozenset({"let", "set", "get"})
"""Of a property."""
_CLASSES = frozenset({"class", "struct", "structure", "module"})
_SEEN = frozenset({"public", "internal", "friend", "protected"})
"""A member behind one of these can be set from outside of its class."""
_NO_FIELDS = frozenset(
    {"class", "struct", "delegate", "event", "function", "sub", "property", "interface", "enum"}
)
_CONTROLLERS = frozenset({"controller", "apicontroller", "controllerbase"})
"""Of ASP.NET MVC and Web API."""
MAX_BASES = 20
MAX_FIELD = 12
_BEGINNINGS = frozenset({"function", "sub", "property"})
_NO_TYPES = frozenset({"new", "return", "else", "throw", "await", "async", "static"})


@dataclass(slots=True)
class Function:
    """A function of the file: its parameters, and what it returns as far as is known."""

    name: str
    parameters: list[str]
    result: Value = UNKNOWN
    is_lambda: bool = False
    decodes: bool = False
    """Its body takes texts apart or puts them together: it makes hidden text readable."""
    fills: frozenset[str] = frozenset()
    """Parameters by which it gives something back: `out`, `ref`, `ByRef`."""
    spreads: bool = False
    """Its last parameter takes all arguments that are left."""
    is_property: bool = False
    """It is called by setting it, too."""
    overloads: list[list[str]] = field(default_factory=list)
    """Parameters of further functions of this name."""
    makes: bool = False
    """It makes objects by their names."""
    called_with: dict[str, list[str]] = field(default_factory=dict)
    """Parameters → texts in the code that they were in calls."""
    of_class: str = ""
    """The class in which it stands, lower case."""
    code: Cursor | None = None
    body: int = 0
    """Where its body begins in the tokens of that code; 0 if that is not one place."""
    decodes_texts: bool | None = None
    """Whether its body takes texts apart at all; None if nobody looked yet."""

    def note_text(self, parameter: str, text: Constant) -> bool:
        """Note that a parameter was a text, as long as names of objects are; False if it is not."""
        texts = self.called_with.setdefault(parameter, [])
        is_name = isinstance(text, str) and len(text) < MAX_NAME and text not in texts
        if not isinstance(text, str) or not is_name or len(texts) >= MAX_NAMES:
            return False
        texts.append(text)
        return True

    def taking(self, arguments: int) -> list[list[str]]:
        """Parameters of those functions of this name that take so many arguments; else of all."""
        every = [self.parameters, *self.overloads]
        return [one for one in every if len(one) == arguments] or every


class Functions(Cursor):
    """Knows the functions of the code, and the variables of each."""

    functions: dict[str, Function]
    locals: dict[str, dict[str, Value]]
    starts: dict[int, str]
    """Places of the tokens that begin functions → their names, lower case."""
    members: set[str]
    """Fields and properties of the code's own classes."""
    is_filling = False
    """Whether any function gives something back by its parameters."""
    is_controller = False
    """Whether it is one whose public functions clients call."""
    of_class = ""
    """The class whose functions are noted."""

    def _note_functions(self) -> None:
        for index, token in enumerate(self.tokens):
            if token.kind == NAME:
                if self._starts_function(index):
                    self.starts[index] = self._note_function(self._function_name(index))
                elif token.word in _CLASSES:
                    self.of_class = self._word_at(index + 1) or self.of_class
                    self.is_controller = self._derives(index + 2, _CONTROLLERS)
                elif token.word in _SEEN and self.of_class:
                    self._note_field(index)
            elif token.text == "=>" and not self.basic:
                self._note_lambda(index)

    def _note_function(self, name_at: int) -> str:
        name = self.tokens[name_at].word
        if name == "new" and self.basic:
            name = self.of_class
        before = self.tokens[max(name_at - 4, 0) : name_at]
        if self.basic and any(token.word == "declare" for token in before):
            return name  # of another program
        self.budget.spend(MAX_BODY // 2)
        opening = self._behind_generic(name_at + 1)
        function = Function(name, self._parameters(opening), decodes=self._decodes(name_at))
        function.makes = self._makes(name_at)
        function.fills = frozenset(self._parameters(opening, _is_filled))
        function.spreads = bool(self._parameters(opening, _is_spread))
        self.is_filling = self.is_filling or bool(function.fills)
        function.is_property = self.basic and self._word_at(name_at - 1) in _KINDS
        if not self.basic and self._is_body(name_at + 1):
            function.is_property, function.parameters = True, ["value"]
            self.members.add(name)
        function.of_class = self.of_class
        function.code, function.body = self, self._body_of(opening)
        known = self.functions.setdefault(name, function)
        if known is not function:
            self._note_overload(known, function)
        names = self.locals.setdefault(name, {})
        if self._is_served(name_at):
            chosen = Value(taint=frozenset({REQUEST}), anchored=False)
            texts = self._parameters(opening, _holds_text)
            names.update(dict.fromkeys(texts, chosen))
        return name

    def _note_overload(self, known: Function, other: Function) -> None:
        """Functions of one name are one, which takes what any of them takes."""
        known.body = 0
        if not known.parameters:  # `Get` stands before `Let`
            known.parameters = other.parameters
        elif other.parameters not in known.taking(len(other.parameters)):
            known.overloads = [*known.overloads, other.parameters][:MAX_OVERLOADS]
        known.fills |= other.fills
        known.decodes = known.decodes or other.decodes
        known.spreads = known.spreads or other.spreads

    def _body_of(self, opening: int) -> int:
        """Where the body begins of a function whose parameters begin here."""
        at = opening
        if at < len(self.tokens) and self.tokens[at].text == "(":
            at = self._matching(at) + 1
        for index in range(at, min(at + MAX_BASES, len(self.tokens))):
            if self.basic and self.tokens[index].kind == END:
                return index
            if not self.basic and self.tokens[index].text in {"{", "=>"}:
                return index + (self.tokens[index].text == "=>")
        return 0

    def _note_field(self, index: int) -> None:
        """`public string Name;`, `Public Name As String`."""
        name = ""
        for token in self.tokens[index + 1 : index + MAX_FIELD]:
            if token.text in {";", "="} or token.kind == END or (self.basic and token.word == "as"):
                break
            if token.text in {"(", "{", "}"} or token.word in _NO_FIELDS:
                return
            name = token.word or name
        if name:
            self.members.add(name)

    def _derives(self, index: int, bases: frozenset[str]) -> bool:
        """Whether one of these stands between a class's name and its body."""
        for token in self.tokens[index : index + MAX_BASES]:
            if token.text == "{":
                return False
            if token.word in bases:
                return True
        return False

    def _word_at(self, index: int) -> str:
        return self.tokens[index].word if index < len(self.tokens) else ""

    def _is_body(self, index: int) -> bool:
        return index < len(self.tokens) and self.tokens[index].text in {"{", "=>"}

    def _behind_generic(self, index: int) -> int:
        """Behind `<T, U>`, if that stands here."""
        if index >= len(self.tokens) or self.tokens[index].text != "<":
            return index
        for at in range(index + 1, min(index + MAX_FIELD, len(self.tokens))):
            if self.tokens[at].text == ">":
                return at + 1
        return index

    def _is_served(self, name_at: int) -> bool:
        """Whether clients call a function: an attribute in front of it says so, or its class."""
        before = self.tokens[max(name_at - 6, 0) : name_at] if self.is_controller else []
        if any(token.word == "public" for token in before):
            return True
        for index in range(name_at - 1, max(name_at - MAX_ATTRIBUTES, -1), -1):
            if self.tokens[index].text in {";", "{", "}"}:
                return False
            if self.tokens[index].word in _SERVED:
                return True
        return False

    def _lambda(self, index: int) -> tuple[int, list[str]]:
        """Where a lambda begins whose `=>` stands here, and its parameters."""
        at = index - 1
        if self.tokens[at].text == ")":
            while at > max(index - 30, 0) and self.tokens[at].text != "(":
                at -= 1
            return at, self._parameters(at)
        return at, [self.tokens[at].word] if self.tokens[at].kind == NAME else []

    def _note_lambda(self, index: int) -> None:
        """`name = (a, b) => …` is called by its name."""
        at, parameters = self._lambda(index)
        if at > 1 and self.tokens[at - 1].text == "=" and self.tokens[at - 2].kind == NAME:
            name = self.tokens[at - 2].word
            decodes = self._decodes(index)
            function = Function(name, parameters, is_lambda=True, decodes=decodes)
            function.code, function.body = self, index + 1
            self.functions.setdefault(name, function)

    def _starts_function(self, index: int) -> bool:
        if self.language == CSHARP:
            return self._is_method(index)
        word = self.tokens[index].word
        if self.basic:
            if word not in _BEGINNINGS:
                return False
            before = self.tokens[index - 1].word if index else ""
            if word == "property":
                return self._is_property(index)
            return (
                word in {"function", "sub"}
                and before not in {"end", "exit"}
                and (index + 1 < len(self.tokens) and self.tokens[index + 1].kind == NAME)
            )
        return (
            word == "function"
            and index + 1 < len(self.tokens)
            and (self.tokens[index + 1].kind == NAME)
        )

    def _is_property(self, index: int) -> bool:
        """VBScript: `Property Let Name(value)`."""
        following = self.tokens[index + 1 : index + 3]
        words = [token.word for token in following if token.kind == NAME]
        return len(words) > 1 and words[0] in _KINDS and self.tokens[index - 1].text != "end"

    def _is_method(self, index: int) -> bool:
        """C#: a name, `(`, parameters, `)` and a body, behind a type."""
        if index + 2 >= len(self.tokens) or not index:
            return False
        opening = self._behind_generic(index + 1)
        if opening >= len(self.tokens) or self.tokens[opening].text != "(":
            return self._is_getter(index)
        before = self.tokens[index - 1]
        typed = before.kind == NAME and before.text not in _NO_TYPES
        if not typed and before.text not in {">", "]", "?"}:
            return False
        end = self._matching(opening)
        if end + 1 >= len(self.tokens):
            return False
        return self.tokens[end + 1].text in {"{", "=>", "where"}

    def _is_getter(self, index: int) -> bool:
        """C#: `string Name { get { return …; } }`."""
        following = self.tokens[index + 1].text
        typed = self.tokens[index - 1].kind == NAME and self.tokens[index - 1].text not in _NO_TYPES
        opened = following == "{" and self.tokens[index + 2].text in {"get", "set"}
        return typed and (opened or following == "=>")

    def _function_name(self, index: int) -> int:
        if self.language == CSHARP:
            return index
        at = index + 1
        if self.tokens[index].word == "property":
            return at + 1
        # JScript: `function IHttpHandler.ProcessRequest(`, `function get Name(`
        while at + 2 < len(self.tokens) and self.tokens[at + 1].text == ".":
            at += 2
        if at + 1 < len(self.tokens) and self.tokens[at + 1].kind == NAME and not self.basic:
            at += 1
        return at

    def _parameters(
        self, index: int, counts: Callable[[list[Token]], bool] | None = None
    ) -> list[str]:
        if index >= len(self.tokens) or self.tokens[index].text != "(":
            return []
        names: list[str] = []
        part: list[Token] = []
        depth = 0
        end = min(self._matching(index), index + MAX_BODY)
        for token in [*self.tokens[index + 1 : end], Token(MARK, ",", 0)]:
            if token.text == "," and depth <= 0:
                if counts is None or counts(part):
                    names += self._parameter(part)
                part = []
                continue
            depth += (token.text in {"<", "[", "("}) - (token.text in {">", "]", ")"})
            part.append(token)
        return names

    def _parameter(self, part: list[Token]) -> list[str]:
        """C# writes the type before the name, the others behind it."""
        words: list[str] = []
        for token in part:
            word = token.word
            if token.text in {"=", ":"} or (self.basic and word == "as"):
                break
            if token.kind == NAME and word not in _MODIFIERS:
                words.append(word)
        return (words[-1:] if self.language == CSHARP else words[:1]) if words else []

    def _makes(self, index: int) -> bool:
        """Whether a body makes objects by their names."""
        return any(token.word in _MAKING for token in self.tokens[index : index + MAX_BODY])

    def _decodes(self, index: int) -> bool:
        """Whether a body takes texts apart or puts them together."""
        found: set[str] = set()
        for token in self.tokens[index : index + MAX_BODY]:
            if token.word in TAKING or (token.text == "char" and not self.basic):
                found.add(token.word)
            if self.basic and token.word == "end" and len(found) > 1:
                break
        return len(found) > 1 and not found.isdisjoint(DECODING)


def _is_filled(part: list[Token]) -> bool:
    """Whether a function gives something back by a parameter."""
    return any(token.word in _FILLED for token in part)


def _is_spread(part: list[Token]) -> bool:
    """Whether a parameter takes all arguments that are left."""
    return any(token.word in {"params", "paramarray"} for token in part)


def _holds_text(part: list[Token]) -> bool:
    """Whether a parameter can hold a text that a client chose: numbers and dates cannot."""
    return not any(token.word in _NUMBERS for token in part) or (
        any(t.word == "byte" for t in part) and any(t.text == "[" for t in part)
    )
