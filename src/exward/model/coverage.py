"""What the evidence could have shown: which time each log covers, which rules could fire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exward.model.stage import CHAIN, Stage


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence inside a source: from the last record before to the first record after (µs UTC)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """One log in one evidence file: how much was read and which time it covers.

    `log` is the Windows channel or the format's name (`iis`). Times are µs since 1970-01-01
    UTC, None if no record carries one. `gaps` are silences of unusual length.
    """

    source: str
    format: str
    log: str
    server: str
    records: int
    skipped: int
    size_bytes: int
    first: int | None
    last: int | None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class WebFileCoverage:
    """How the web files of one installation of Exchange compare with its stock files.

    `root`: the folder in which Exchange is installed, as the evidence names it in lower case; ""
    for web files that lie in no installation. `build`: its build or the range in which it lies,
    "" if unknown; `told_by`: what says so, `program`, `logs`, `folders` or `files`. `no_baseline`:
    files that nothing can be said of: the list of stock files does not cover the build, or the
    kind of file.
    """

    root: str
    build: str
    told_by: str
    known_good: int
    other_build: int
    modified: int
    unknown: int
    no_baseline: int

    @property
    def standings(self) -> tuple[tuple[str, int], ...]:
        """The counts with their names for people, in the order in which they are told."""
        return (
            ("known good", self.known_good),
            ("of another build", self.other_build),
            ("modified", self.modified),
            ("unknown", self.unknown),
            ("without baseline", self.no_baseline),
        )


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """Whether a rule could have fired on this evidence, and if not, why."""

    rule: str
    title: str
    could_fire: bool
    reason: str
    """Empty if it could fire; else e.g. `no record of Microsoft-Windows-Sysmon/Operational 1`
    or the reason why the rule cannot be used at all."""
    usable: bool = True
    """False if the rule itself cannot be used (parse error, unknown log source, ...)."""
    path: str = ""
    stage: Stage | None = None
    """Stage of the attack that it stands for; None if the rule cannot be used."""


@dataclass(frozen=True, slots=True)
class StageCoverage:
    """How many of the rules for one stage of the attack could have fired on one server's logs.

    `server` is the host as the logs name it; `rules` counts all usable rules of the stage.
    """

    server: str
    stage: Stage
    could_fire: int
    rules: int


def stages_seen(rules: Iterable[RuleCoverage]) -> dict[Stage, tuple[int, int]]:
    """For each stage of the attack chain: the rules that could fire, and all there are."""
    counts = dict.fromkeys(CHAIN, (0, 0))
    for rule in rules:
        if rule.stage in counts:
            able, every = counts[rule.stage]
            counts[rule.stage] = able + rule.could_fire, every + 1
    return {stage: count for stage, count in counts.items() if count[1]}
