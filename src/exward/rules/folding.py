"""A record as the evaluator sees it: text of each field, case-folded once and kept.

Sigma compares without regard to case. We fold by Unicode (`str.casefold`: ß = ss, ſ = s), which is
context-free, so that folding a whole text and folding its parts give the same.
"""

from __future__ import annotations

from functools import lru_cache

from exward.model.records import Fields

_ASCII = bytes(range(128))
_FEW_BYTES = 1000
KEYWORDS = ""
"""Pseudo field that holds the texts a keyword is searched in."""
_UNSEARCHED = frozenset({"Channel", KEYWORDS})
"""A channel may be derived from the provider; then it does not stand in the record's text."""


def fold(text: str) -> str:
    """Case-folded text."""
    return text.lower() if text.isascii() else text.casefold()


def fold_bytes(text: str) -> bytes:
    """UTF-8 of the text, its characters folded except ASCII letters (a scanner's own affair).

    Most text that is not ASCII holds nothing but ®, – and the like, which have no case: told by
    its few other bytes, which repeat, such text is not folded at all.
    """
    data = text.encode("utf-8", "replace")
    others = data.translate(None, _ASCII)
    if len(others) > _FEW_BYTES or changes_folded(others):
        return text.casefold().encode("utf-8", "replace")
    return data


@lru_cache(maxsize=4096)
def changes_folded(others: bytes) -> bool:
    """Whether folding changes some of these characters (UTF-8 without its ASCII bytes)."""
    text = others.decode("utf-8", "replace")
    return text.casefold() != text


def keyword_text(fields: Fields) -> str:
    """All values of a record, in order, one below the other: what a keyword is searched in."""
    texts = []
    for name, value in fields.items():
        if name not in _UNSEARCHED:
            for one in value if isinstance(value, list) else (value,):
                text = as_text(one)
                if text is not None:
                    texts.append(text)
    return "\n".join(texts)


def as_text(value: object) -> str | None:
    """A single value as text; None stays None."""
    if value.__class__ is str:
        return value
    if value is None:
        return None
    if value.__class__ is bool:
        return "true" if value else "false"
    return repr(value) if value.__class__ is float else str(value)


class Folded(dict[str, "str | tuple[str, ...] | None"]):
    """Folded text of the fields of one record, made on first use.

    A field is a text, a tuple of texts (several values: any may match) or None (absent).
    """

    __slots__ = ("fields",)

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self.fields = fields

    def __missing__(self, name: str) -> str | tuple[str, ...] | None:
        value = self.fields.get(name)
        if name == KEYWORDS and value is None:
            value = self.fields[KEYWORDS] = keyword_text(self.fields)
        folded: str | tuple[str, ...] | None
        if value.__class__ is str:
            folded = fold(value)
        elif value is None:
            folded = None
        elif isinstance(value, list):
            folded = tuple(fold(text) for text in map(as_text, value) if text is not None)
        else:
            folded = fold(str(as_text(value)))
        self[name] = folded
        return folded

    def texts(self, name: str) -> tuple[str, ...]:
        """The field's values as text, as written."""
        value = self.fields.get(name)
        if name == KEYWORDS and value is None:
            value = self.fields[KEYWORDS] = keyword_text(self.fields)
        if value.__class__ is str:
            return (value,)
        values = value if isinstance(value, list) else [value]
        return tuple(text for text in map(as_text, values) if text is not None)

    def raw(self, name: str) -> list[object]:
        """The field's values as they are; an absent field has none."""
        if name not in self.fields:
            return []
        value = self.fields[name]
        return value if isinstance(value, list) else [value]
