"""The C# in a Razor page (`.cshtml`), between its markup.

The syntax is that of Microsoft's "Razor syntax reference for ASP.NET Core" and, for `@helper`, of
ASP.NET Web Pages 2. Markup is passed over, with what looks like comments and texts in it; lines
stay those of the page.
"""

from __future__ import annotations

import re

from exward.webshells.text import BREAK

ENCODED = "WriteEncoded"
"""What Razor shows is encoded for HTML: no page of another server comes out so."""
MAX_DEPTH = 40
"""Code in markup in code: what stands deeper is taken for code as a whole."""
_LINE = re.compile(r"[^\r\n]*")
_DIRECTIVE = re.compile(
    r"(?:model|inherits|inject|layout|page|addTagHelper|removeTagHelper|tagHelperPrefix|implements"
    r"|attribute|namespace|sessionstate|preservewhitespace|rendermode|typeparam)\b(?!\s*[(.])"
)
_SECTION = re.compile(r"section\s+\w+\s*\{")
_USING = re.compile(r"using\s+(?!\()[^\r\n;]*")
_BLOCK = re.compile(r"(?:functions|code)\s*(?=\{)")
_HELPER = re.compile(r"helper\s+(?=\w+\s*\()")
_STATEMENT = re.compile(
    r"(?:if|for|foreach|while|switch|lock|using|try|do|await\s+foreach)\b\s*(?=[({])"
)
_GOES_ON = re.compile(r"\s*(?:else\s+if|else|catch|finally|while|when)\b\s*(?=[({;])")
_BRACE = re.compile(r"\s*\{")
_EXPRESSION = re.compile(r"(?:await\s+|new\s+)?[A-Za-z_]\w*")
_MEMBER = re.compile(r"(?:\?|!)?\.\s*(?=[A-Za-z_])[A-Za-z_]\w*")
_RAW = frozenset({"script", "style", "textarea", "title"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
     "track", "wbr"}
)  # fmt: skip
"""Elements of HTML without an end tag."""
_CODE = re.compile(
    r"//[^\r\n]*|/\*.*?(?:\*/|\Z)|\$?@\$?\"(?:[^\"]|\"\")*(?:\"|\Z)|\$?\"(?:\\.|[^\"\\\r\n])*\"?"
    r"|'(?:\\.|[^'\\\r\n])*'?|(?P<line>@:)|(?P<inline>@(?=<[A-Za-z]))|(?P<comment>@\*.*?(?:\*@|\Z))"
    r"|(?P<tag><(?=[A-Za-z!/]))|(?P<mark>[{}()\[\];:])|(?P<other>[^\s])",
    re.DOTALL,
)
_MARKUP = re.compile(r"@|<!--.*?(?:-->|\Z)|(?P<close></)|<(?P<name>[A-Za-z][\w:.-]*)", re.DOTALL)
_TAG_END = re.compile(r"""@|>|"[^"@]{0,2000}"|'[^'@]{0,2000}'""")
_CLOSING = frozenset("})]")
_PAIRS = {"{": "}", "(": ")", "[": "]"}


def code_of(text: str) -> str:
    """The code of a page, each piece on its line."""
    cutter = _Cutter(text)
    at = 0
    while (found := text.find("@", at)) >= 0:
        at = cutter.at_sign(found, 0)
    return cutter.code()


class _Cutter:
    """Goes through a page once, and notes the pieces of code."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[tuple[int, int, str, str]] = []
        """Begin, end, and what is written before and behind."""

    def code(self) -> str:
        """All pieces."""
        out: list[str] = []
        at = 0
        for begin, end, before, behind in self.pieces:
            out.append("\n" * self.text.count("\n", at, begin))
            out.append(f"{before}{self.text[begin:end]}{behind}")
            at = end
        return "".join(out)

    def at_sign(self, at: int, depth: int) -> int:
        """What `@` in markup begins; where the markup goes on."""
        text, begin = self.text, at + 1
        following = text[begin : begin + 1]
        if following in {"@", ""} or (at and text[at - 1].isalnum() and following.isalnum()):
            return begin + 1
        if following == "*":
            end = text.find("*@", begin)
            return len(text) if end < 0 else end + 2
        if following == "{":
            return self._block(begin, depth)
        if following == "(":
            return self._expression(begin, self._balanced(begin))
        return self._word(begin, depth)

    def _word(self, begin: int, depth: int) -> int:
        text = self.text
        if found := _USING.match(text, begin):
            self.pieces.append((begin, found.end(), BREAK, BREAK))
            return found.end()
        if found := _SECTION.match(text, begin):
            return found.end()
        if _DIRECTIVE.match(text, begin):
            return self._line_end(begin)
        if found := _BLOCK.match(text, begin):
            return self._block(found.end(), depth)
        if found := _HELPER.match(text, begin):
            brace = text.find("{", found.end())
            if brace < 0:
                return len(text)
            self.pieces.append((found.end(), brace, f"{BREAK}void ", ""))
            return self._block(brace, depth)
        if found := _STATEMENT.match(text, begin):
            return self._statement(begin, found.end(), depth)
        if found := _EXPRESSION.match(text, begin):
            return self._expression(begin, self._members(found.end()))
        return begin

    def _line_end(self, at: int) -> int:
        found = _LINE.match(self.text, at)
        return found.end() if found else len(self.text)

    def _expression(self, begin: int, end: int) -> int:
        raw = self.text.startswith(("Html.Raw", "(Html.Raw", "await Html.Raw"), begin)
        shown = "Response.Write(" if raw else f"Response.{ENCODED}("
        self.pieces.append((begin, end, shown, ");" + BREAK))
        return end

    def _members(self, at: int) -> int:
        """Where an expression without brackets around it ends."""
        while at < len(self.text):
            if self.text[at] in "([":
                at = self._balanced(at)
            elif found := _MEMBER.match(self.text, at):
                at = found.end()
            else:
                break
        return at

    def _balanced(self, at: int) -> int:
        """Behind the bracket that closes the one here; the end of the page if none does."""
        depth = 0
        for found in _CODE.finditer(self.text, at):
            mark = found["mark"]
            if mark in _PAIRS:
                depth += 1
            elif mark in _CLOSING:
                depth -= 1
                if depth <= 0:
                    return found.end()
        return len(self.text)

    def _statement(self, begin: int, at: int, depth: int) -> int:
        """`if (…) {…} else {…}`: what stands in round brackets, and then blocks of code."""
        while True:
            if self.text[at : at + 1] == "(":
                at = self._balanced(at)
            brace = _BRACE.match(self.text, at)
            if brace is None:
                self.pieces.append((begin, at, "", BREAK))
                return at
            self.pieces.append((begin, at, "", ""))
            at = self._block(at, depth)
            goes_on = _GOES_ON.match(self.text, at)
            if goes_on is None:
                return at
            begin, at = at, goes_on.end()

    def _block(self, at: int, depth: int) -> int:
        """Code in braces, without the markup in it; where the page goes on."""
        text = self.text
        if depth >= MAX_DEPTH:
            self.pieces.append((at, len(text), "", ""))
            return len(text)
        begin, opened, is_beginning = at, 0, False
        while found := _CODE.search(text, at):
            at = found.end()
            if found["inline"] or (is_beginning and (found["tag"] or found["line"])):
                self.pieces.append((begin, found.start(), "", BREAK))
                at = self._line(at, depth) if found["line"] else self._element(found.start(), depth)
                begin = at
                continue
            mark = found["mark"]
            opened += (mark == "{") - (mark == "}")
            if mark == "}" and opened <= 0:
                self.pieces.append((begin, at, "", BREAK))
                return at
            is_beginning = mark in {"{", "}", ";", ":"} or (
                is_beginning and found["comment"] is not None
            )
        self.pieces.append((begin, len(text), "", BREAK))
        return len(text)

    def _line(self, at: int, depth: int) -> int:
        """Markup to the end of the line."""
        end = self._line_end(at)
        while (found := self.text.find("@", at, end)) >= 0:
            at = self.at_sign(found, depth + 1)
        return max(at, end)

    def _element(self, at: int, depth: int) -> int:
        """An element of markup in code, with all that is in it; where the code goes on."""
        opened = 0
        while found := _MARKUP.search(self.text, at):
            at = found.end()
            if found[0] == "@":
                at = self.at_sign(found.start(), depth + 1)
                continue
            if found["close"] or found["name"]:
                at, is_empty = self._tag(at, depth)
                if found["close"]:
                    opened -= 1
                elif not is_empty and found["name"].lower() in _RAW:
                    at = self._raw(at, found["name"].lower(), depth)
                elif not is_empty and found["name"].lower() not in _VOID:
                    opened += 1
            if opened <= 0:
                return at
        return len(self.text)

    def _raw(self, at: int, name: str, depth: int) -> int:
        """Behind an element in which `<` begins nothing."""
        end = re.compile(f"@|</{name}[^>]{{0,100}}>", re.IGNORECASE)
        while found := end.search(self.text, at):
            at = found.end()
            if found[0] != "@":
                return at
            at = self.at_sign(found.start(), depth + 1)
        return len(self.text)

    def _tag(self, at: int, depth: int) -> tuple[int, bool]:
        """Behind the end of a tag, and whether the tag ends its element."""
        while found := _TAG_END.search(self.text, at):
            at = found.end()
            if found[0] == ">":
                return at, self.text[at - 2] == "/"
            if found[0] == "@":
                at = self.at_sign(found.start(), depth + 1)
        return len(self.text), True
