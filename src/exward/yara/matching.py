"""Compiled YARA rules at work on one file after another.

The engine's clock does not survive a fork: a process that has matched with a time limit must not
fork others that match. A scan matches in its workers only (`scan/pipeline.py`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from exward.yara.variables import values_of

if TYPE_CHECKING:
    import yara_x

TIMEOUT_S = 10
"""For all rules on one file."""
MAX_MATCHES = 10_000
"""Of one string in one file; conditions that count see no more."""


class TooSlow(Exception):
    """The rules took too long on a file; none of their answers is known."""


class Matcher:
    """Rules as `loading.load` compiled them, ready for files."""

    def __init__(self, compiled: bytes) -> None:
        import yara_x  # as in `loading.load`

        self._timeout = yara_x.TimeoutError
        rules = yara_x.Rules.deserialize_from(io.BytesIO(compiled))
        self._scanner = yara_x.Scanner(rules)
        self._scanner.set_timeout(TIMEOUT_S)
        self._scanner.max_matches_per_pattern(MAX_MATCHES)

    def match(self, path: str, data: bytes) -> tuple[yara_x.Rule, ...]:
        """The rules that a file fits; raises TooSlow."""
        for name, value in values_of(path, data).items():
            self._scanner.set_global(name, value)
        try:
            return self._scanner.scan(data).matching_rules
        except self._timeout as error:
            raise TooSlow from error
