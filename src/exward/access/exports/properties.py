"""The properties of an object that PowerShell exported, whatever the form of the export.

ConvertTo-Json stops at a depth of 2 unless told otherwise and writes what lies deeper as text
(`@{Name=x}`, `System.Object[]`); Export-Csv does so with every list. Such a text is no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from exward.formats import audit_records

CUT = "was cut by the export (use -Depth 5, or join lists before Export-Csv)"
_CUT = re.compile(
    r"@\{.{0,8192}|(?:System|Microsoft)\.[\w.]+(?:`\d+)?(?:\[.{0,300})?(?:\[\])?", re.DOTALL
)
_SPLIT = re.compile(r"[;\r\n]+|,\s")
_JOINED_DNS = re.compile(r"(?<=,)(DC=[^,=\s]+)\s+(?=(?:CN|OU)=)", re.IGNORECASE)
"""ConvertTo-Json of 5.1 joins what lies too deep with blanks; a DN ends with a part of a domain."""
_TRUE = frozenset({"true", "$true", "1", "yes"})
_FALSE = frozenset({"false", "$false", "0", "no"})
_NUMBER = re.compile(r"-?\d{1,18}")
MAX_TEXTS = 200_000


def is_cut(value: object) -> bool:
    """Whether the export wrote the name of a type instead of a value."""
    return isinstance(value, str) and _CUT.fullmatch(value.strip()) is not None


def listed(value: object) -> list[object]:
    """The members of a list as PowerShell writes it (docs/collector.md, PowerShell's forms)."""
    if isinstance(value, Mapping):
        if {str(key).casefold() for key in value} == {"value", "count"}:
            return listed(next(one for key, one in value.items() if str(key).casefold() == "value"))
        return [value] if value else []
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class Properties:
    """One object's properties by name; case does not matter."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {str(name).casefold(): value for name, value in values.items()}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._values

    def has(self, *names: str) -> bool:
        """Whether the object has all of these, empty or not."""
        return all(name in self for name in names)

    def text(self, *names: str) -> str:
        """The first of these that has a value, as one text; "" if none has."""
        for name in names:
            found = _text(self._values.get(name.casefold()))
            if found:
                return found
        return ""

    def truth(self, *names: str) -> bool | None:
        """The first of these that says yes or no."""
        word = self.text(*names).casefold()
        return True if word in _TRUE else False if word in _FALSE else None

    def number(self, *names: str) -> int | None:
        """The first of these that is a whole number."""
        for name in names:
            if _NUMBER.fullmatch(text := self.text(name)):
                return int(text)
        return None

    def time(self, *names: str) -> int | None:
        """µs since 1970-01-01 UTC; times without offset are taken for UTC."""
        for name in names:
            time = audit_records.parse_time(self._values.get(name.casefold()))
            if time is not None:
                return time
        return None

    def texts(self, name: str) -> list[str]:
        """The values of a list, also where the export joined them into one text."""
        value = self._values.get(name.casefold())
        if isinstance(value, Mapping) and isinstance(value.get("value"), list):
            value = value["value"]  # PowerShell 5.1: a list that carries members
        if isinstance(value, list):
            found = [_text(one) for one in value[:MAX_TEXTS]]
        elif (text := _text(value)).startswith("{") and text.endswith("}"):
            found = text[1:-1].split(", ")
        else:
            found = _dns(text) if _looks_like_dn(text) else _SPLIT.split(text)
        return [one.strip() for one in found if one.strip()]

    def objects(self, name: str) -> list[Mapping[str, object]]:
        """The objects of a list; what is no object is left out."""
        found = listed(self._values.get(name.casefold()))
        return [one for one in found if isinstance(one, Mapping)]

    def is_cut(self, name: str) -> bool:
        """Whether the export left this out, or some of it."""
        value = self._values.get(name.casefold())
        return is_cut(value) or (isinstance(value, list) and any(is_cut(one) for one in value))


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        keys = {str(key).casefold(): one for key, one in value.items()}
        names = ("rawidentity", "value", "distinguishedname", "name", "tostring")
        value = next((keys[one] for one in names if keys.get(one)), "")
    if value is None or isinstance(value, list | Mapping) or is_cut(value):
        return ""
    return str(value).strip()


def _dns(text: str) -> list[str]:
    return _JOINED_DNS.sub(r"\1\n", text).split("\n")


def _looks_like_dn(text: str) -> bool:
    return text[:3].casefold() in {"cn=", "ou="} and ";" not in text and "\n" not in text
