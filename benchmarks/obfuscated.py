"""How many web shells are found whose texts are hidden anew at random, and false alarms.

    python benchmarks/obfuscated.py [--count 1000] [--seeds 1 2 3] [--yara FOLDER] [--show 5]

Makes so many shells of our own, and as many harmless pages that hide their texts in the same ways,
for each language and seed. With YARA rules the table says what these find by themselves as well;
any match counts, and any finding of exward. `--show` prints so many pages that are judged wrongly.
Nothing is written to a disk but the table, to OBFUSCATED.md.
"""

from __future__ import annotations

import argparse
import datetime
import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from exward.webshells import page
from exward.yara.loading import load
from exward.yara.matching import Matcher
from measured import machine
from obfuscated_asp import ASP
from obfuscated_csharp import CSHARP
from obfuscated_jscript import JSCRIPT
from obfuscated_vbnet import VBNET
from obfuscation import Deed, Language, Made, pages
from webshells import Detector, by_rules

RESULTS = Path(__file__).parent / "OBFUSCATED.md"
LANGUAGES = (ASP, CSHARP, JSCRIPT, VBNET)
MOST_NAMED = 10


@dataclass(frozen=True)
class Judged:
    """A page, whether it is a shell, and which detectors flag it."""

    page: Made
    is_shell: bool
    flagged: frozenset[str]


def by_exward(name: str, data: bytes) -> bool:
    """Whether exward has a finding on a file."""
    return page.weigh(name, data, "").finding is not None


def judged(
    language: Language, seeds: Iterable[int], count: int, detectors: dict[str, Detector]
) -> list[Judged]:
    """What the detectors say of the pages of all seeds."""
    told = []
    for seed in seeds:
        for deeds, is_shell in ((language.shells, True), (language.harmless, False)):
            for made in pages(language, deeds, seed, count):
                names = {name for name, flags in detectors.items() if flags(made.name, made.data)}
                told.append(Judged(made, is_shell, frozenset(names)))
    return told


def table(told: list[Judged], detectors: Iterable[str]) -> list[str]:
    """The figures as a Markdown table: what is found of each deed, and the false alarms."""
    names = list(detectors)
    lines = [f"| | pages | {' | '.join(names)} |", "| --- " * (len(names) + 2) + "|"]
    shells = [one for one in told if one.is_shell]
    lines += (
        _row(deed, [one for one in shells if one.page.deed == deed], names)
        for deed in sorted({one.page.deed for one in shells})
    )
    lines.append(_row("all shells", shells, names))
    harmless = [one for one in told if not one.is_shell]
    counts = " | ".join(f"{sum(name in one.flagged for one in harmless):,}" for name in names)
    lines.append(f"| false alarms | {len(harmless):,} | {counts} |")
    return lines


def _row(title: str, members: list[Judged], names: list[str]) -> str:
    shares = (sum(name in one.flagged for one in members) / len(members) for name in names)
    return f"| {title} | {len(members):,} | {' | '.join(f'{share:.1%}' for share in shares)} |"


def wrong(told: list[Judged]) -> list[Judged]:
    """The pages that exward judges wrongly."""
    return [one for one in told if one.is_shell != ("exward" in one.flagged)]


def causes(told: list[Judged]) -> str:
    """What most of the wrongly judged pages have in common: the ways to hide their texts."""
    counts = Counter(way for one in wrong(told) for way in set(one.page.ways))
    return ", ".join(f"{way} {count:,}" for way, count in counts.most_common(MOST_NAMED))


def _used(languages: tuple[Language, ...]) -> str:
    ways = sum(len(language.ways) for language in languages)
    shells, harmless = (
        sum(len(deeds) for deeds in every)
        for every in (_deeds(languages, "shells"), _deeds(languages, "harmless"))
    )
    return f"{ways} ways to hide a text, {shells} shells, {harmless} harmless pages"


def _deeds(languages: tuple[Language, ...], which: str) -> list[tuple[Deed, ...]]:
    return [getattr(language, which) for language in languages]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="pages of a language and seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--yara", action="append", default=[], help="folder with YARA rules")
    parser.add_argument("--show", type=int, default=0, help="pages judged wrongly to print")
    parser.add_argument("--language", help="only this one")
    options = parser.parse_args()
    detectors: dict[str, Detector] = {"exward": by_exward}
    text = f"# Hidden web shells\n\n{machine()}, {datetime.datetime.now(datetime.UTC).date()}.\n\n"
    seeds = ", ".join(map(str, options.seeds))
    text += f"Seeds {seeds}; {options.count:,} shells and as many harmless pages of each. "
    text += f"{_used(LANGUAGES)}.\n"
    if options.yara:
        loaded = load(options.yara)
        detectors["YARA"] = functools.partial(by_rules, Matcher(loaded.compiled))
        names = ", ".join(Path(path).resolve().name for path in options.yara)
        text += f"\nYARA rules: {names}: {len(loaded.signatures):,} used.\n"
    for language in LANGUAGES:
        if options.language in {None, language.name}:
            told = judged(language, options.seeds, options.count, detectors)
            text += "\n".join(("", f"## {language.name}", "", *table(told, detectors), ""))
            if found := causes(told):
                text += f"\nHidden so where exward is wrong: {found}.\n"
            for one in wrong(told)[: options.show]:
                print("-----", one.page.deed, one.page.name, one.page.ways, sep="\n")
                print(one.page.data.decode(one.page.codec))
    print(text)
    if options.language is None:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
