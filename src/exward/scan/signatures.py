"""The user's YARA rules in a scan: loaded once, handed to workers as a file, told with pages."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exward.incidents.acceptance import Tuning
from exward.model.coverage import RuleCoverage
from exward.model.finding import Finding
from exward.model.skipped import Skipped
from exward.model.stage import Stage
from exward.webshells.belonging.places import place_of
from exward.yara.findings import Gathered, find
from exward.yara.loading import Loaded
from exward.yara.matching import TIMEOUT_S, Matcher, TooSlow


@dataclass(slots=True)
class Signatures:
    """The rules, and what fitted them so far."""

    loaded: Loaded = field(default_factory=Loaded)
    gathered: Gathered = field(default_factory=Gathered)
    had_files: bool = False
    """Whether there was a file to match."""

    def wants(self, path: str) -> bool:
        """Whether there are rules, and a file lies in a folder that is served."""
        return bool(self.loaded.signatures) and place_of(path) is not None

    def stored(self, folder: Path) -> str:
        """Write the compiled rules for the workers, who have files; "" if there are none."""
        self.had_files = True
        if not self.loaded.signatures:
            return ""
        file = folder / "signatures.yarc"
        file.write_bytes(self.loaded.compiled)
        return str(file)

    def findings(self, tuning: Tuning) -> tuple[Finding, ...]:
        """What fitted, with the levels that the user gave to rules."""
        return tuple(self.gathered.told({one.rule: one.level for one in tuning.levels}))

    def ids(self) -> frozenset[str]:
        """The ids of the rules that can be used."""
        return frozenset(one.id for one in self.loaded.signatures)

    def beside(self, others: Iterable[RuleCoverage]) -> tuple[RuleCoverage, ...]:
        """The coverage of other rules and of these, in order."""
        both = (*others, *self._coverage())
        return tuple(sorted(both, key=lambda row: (row.rule, row.path)))

    def _coverage(self) -> Iterator[RuleCoverage]:
        reason = "" if self.had_files else "no web file in the evidence"
        for one in self.loaded.signatures:
            yield RuleCoverage(
                one.id, one.title, self.had_files, reason, path=one.path, stage=Stage.WEB_SHELL
            )
        for bad in self.loaded.broken:
            yield RuleCoverage(bad.where, "", False, bad.reason, usable=False, path=bad.where)


def match(
    rules_file: str, path: str, data: bytes, sha256: str, *, is_stock: bool
) -> tuple[list[Finding], list[Skipped]]:
    """The findings on one file, and a loss if the rules took too long on it."""
    try:
        rules = _matcher(rules_file).match(path, data)
    except TooSlow:
        reason = f"not matched against YARA rules: they took more than {TIMEOUT_S} s"
        return [], [Skipped(path, None, reason, 1)]
    return list(find(path, data, sha256, rules, is_stock=is_stock)), []


@functools.lru_cache(maxsize=1)
def _matcher(rules_file: str) -> Matcher:
    return Matcher(Path(rules_file).read_bytes())
