"""What a directory says of an account: it finds service accounts that logs do not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Known(NamedTuple):
    """One account. `kind`: `managed` or `computer` where the directory says so, else "".

    `told_by`: what shows that it is a service account; `words`: what makes it worth an attack;
    `groups`: the high-profile groups that it is in.
    """

    kind: str = ""
    told_by: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def said(self) -> tuple[str, ...]:
        """All of it in words, the groups first."""
        return (*(f"member of {group}" for group in self.groups), *self.words)


NOTHING = Known()
KnownAccounts = Mapping[str, Known]
"""By bare name in lower case, as logs have it; of names that two accounts have, none."""
