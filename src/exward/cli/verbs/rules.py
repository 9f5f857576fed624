"""`exward rules list|check|test|show`: what is looked for, and whether the rules are sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from exward.cli import exits
from exward.cli.options import (
    COMMON_OPTIONS,
    NO_BUILTIN_RULES,
    RULE_OPTIONS,
    RULES,
    RuleFlags,
    check_rules,
    pick,
)
from exward.cli.terminal import note, show
from exward.model.errors import ContentError, UsageError
from exward.rules.ir import Correlation, Rule, RuleSet

if TYPE_CHECKING:
    from exward.yara.loading import Loaded

ERROR = "error"
"""The severity of an issue that makes a rule wrong or useless."""


def _load(values: dict[str, Any]) -> tuple[RuleSet, Loaded]:
    from exward.rules import library  # all of the engine; --help needs none of it
    from exward.yara import loading

    flags = pick(RuleFlags, values)
    check_rules(flags)
    rules = library.load(
        flags.rules, not flags.no_builtin_rules, flags.cache_dir, flags.placeholders
    )
    return rules, loading.load(flags.yara)


def _all(rules: RuleSet) -> list[Rule | Correlation]:
    both: list[Rule | Correlation] = [*rules.rules, *rules.correlations]
    return sorted(both, key=lambda rule: (rule.meta.id, rule.meta.path))


def _list(form: str, **values: Any) -> int:
    from exward.cli import signatures

    rules, loaded = _load(values)
    for rule in _all(rules):
        show(_json_line(rule) if form == "jsonl" else _table_line(rule))
    for signature in loaded.signatures:
        show(signatures.line(signature, form))
    for unusable in rules.unusable:
        note(f"cannot be used: {unusable.path}: {unusable.reason}")
    for problem in loaded.broken:
        note(f"cannot be used: {problem.where}: {problem.reason}")
    usable = len(_all(rules)) + len(loaded.signatures)
    note(f"{usable:,} rules, {len(rules.unusable) + len(loaded.broken):,} cannot be used")
    return exits.DONE


def _table_line(rule: Rule | Correlation) -> str:
    meta = rule.meta
    return f"{meta.level:<13}  {meta.status or '-':<12}  {meta.id:<36}  {meta.title}"


def _json_line(rule: Rule | Correlation) -> str:
    source = rule.logsource if isinstance(rule, Rule) else None
    entry = {
        "kind": "rule" if isinstance(rule, Rule) else "correlation",
        "logsource": source,
        **msgspec.structs.asdict(rule.meta),
    }
    return msgspec.json.encode(entry).decode()


def _check(paths: tuple[str, ...]) -> int:
    from exward.cli import signatures
    from exward.rules import lint

    found = {ERROR: 0, "warning": 0, "info": 0}
    of_sigma, of_yara = signatures.divided(paths)
    for issue in (*lint.check(of_sigma), *signatures.issues(of_yara)):
        found[issue.severity] += 1
        show(f"{issue.path}:{issue.line}: {issue.severity} {issue.code}: {issue.message}")
        if issue.recommendation:
            show(f"  → {issue.recommendation}")
    note(", ".join(f"{severity}: {count:,}" for severity, count in found.items()))
    return exits.FINDINGS if found[ERROR] else exits.DONE


def _test(
    folder: str, rules: tuple[str, ...], no_builtin_rules: bool, against: tuple[str, ...]
) -> int:
    if against:
        from exward.cli.rehearsal import rehearse

        return rehearse(folder, against)
    if not Path(folder).is_dir():
        raise UsageError("is no folder of samples", "give a folder, or --against PATH", folder)
    from exward.rules import regression

    cases = failed = 0
    for case in regression.run(folder, rules, not no_builtin_rules):
        cases += 1
        if case.passed and case.note:
            show(f"differs: {case.path}: {case.rule}: {case.note}")
        if not case.passed:
            failed += 1
            show(f"failed: {case.path}: {case.rule}: {case.note}")
    show(f"{cases - failed:,} passed, {failed:,} failed")
    return exits.FINDINGS if failed else exits.DONE


def _show(rule: str, **values: Any) -> int:
    from exward.cli import signatures

    wanted = rule.casefold()
    rules, loaded = _load(values)
    own = signatures.named(rule, loaded)
    if own is not None:
        for line in signatures.card(own):
            show(line)
        return exits.DONE
    known = _all(rules)
    exact = [one for one in known if wanted in (one.meta.id.casefold(), one.meta.name.casefold())]
    found = exact or [one for one in known if wanted in one.meta.title.casefold()]
    if not found:
        raise UsageError("no rule has this id, name or title", "`exward rules list` has all", rule)
    if len(found) > 1:
        names = ", ".join(one.meta.id for one in found[:5])
        raise UsageError(f"{len(found):,} rules fit: {names}", "give one id", rule)
    for line in _card(found[0]):
        show(line)
    return exits.DONE


def _card(rule: Rule | Correlation) -> Iterator[str]:
    meta = rule.meta
    yield f"{meta.title}\n"
    rows = {
        "id": meta.id,
        "file": meta.path,
        "level": meta.level,
        "status": meta.status,
        "tags": ", ".join(meta.tags),
        "author": meta.author,
    }
    yield from (f"{name:<8} {value}" for name, value in rows.items() if value)
    try:
        text = Path(meta.path).read_text("utf-8", "backslashreplace")
    except OSError as error:
        raise ContentError(
            f"the rule's file cannot be read: {error.strerror}", "", meta.path
        ) from error
    yield f"\n{text.rstrip()}"


_RULE_FLAGS = [*RULE_OPTIONS, *COMMON_OPTIONS]

command = click.Group(
    "rules",
    help="List, check, test and show detection rules.",
    commands=[
        click.Command(
            "list",
            callback=_list,
            params=[
                click.Option(
                    ["--format", "form"],
                    type=click.Choice(["table", "jsonl"]),
                    default="table",
                    show_default=True,
                    help="Form of the list.",
                ),
                *_RULE_FLAGS,
            ],
            help="List all rules, and on standard error those that cannot be used.",
        ),
        click.Command(
            "check",
            callback=_check,
            params=[
                click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True)),
                *COMMON_OPTIONS,
            ],
            help="Check Sigma and YARA rule files; the exit code is 1 if one has an error.",
        ),
        click.Command(
            "test",
            callback=_test,
            params=[
                click.Argument(["folder"], type=click.Path(exists=True)),
                click.Option(
                    ["--against"],
                    multiple=True,
                    type=click.Path(exists=True),
                    metavar="PATH",
                    help="Rehearse the rules of FOLDER on this evidence and print counts.",
                ),
                RULES,
                NO_BUILTIN_RULES,
                *COMMON_OPTIONS,
            ],
            help=(
                "Run rules on recorded samples; the exit code is 1 if one counts other hits.\n\n"
                "With --against, count instead how often the rules of FOLDER (or of one file) "
                "would have fired on your own logs of the past."
            ),
        ),
        click.Command(
            "show",
            callback=_show,
            params=[click.Argument(["rule"]), *_RULE_FLAGS],
            help="Show one rule, found by its id, its name or words of its title.",
        ),
    ],
)
