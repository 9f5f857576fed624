"""A call in the code, as far as it is known."""

from __future__ import annotations

from typing import NamedTuple

from exward.webshells.values import UNKNOWN, Value, joined


class Call(NamedTuple):
    """A call: the dotted path, lower case, its last name, the object, and what is given."""

    path: str
    name: str
    receiver: Value
    arguments: list[Value]
    line: int

    @property
    def word(self) -> str:
        """What is called; for `new`, the type that it makes."""
        return self.path.rpartition(".")[2] if self.name == "new" else self.name

    @property
    def given(self) -> Value:
        """All that is given to the call, as one value."""
        if len(self.arguments) == 1:
            return self.arguments[0]
        return joined(*self.arguments) if self.arguments else UNKNOWN
