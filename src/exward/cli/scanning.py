"""One scan from flags to exit code: what `scan` and `demo` share."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from exward.accounts.known import KnownAccounts
from exward.cli import exits
from exward.cli.account_files import load_learned, load_windows
from exward.cli.interrupt import interruptible
from exward.cli.options import OutputFlags, ReadFlags, RuleFlags, check_rules, pick, threshold
from exward.cli.output import check_targets, write_result
from exward.cli.password import password_of
from exward.cli.planning import check_plan, write_plan
from exward.cli.progress import showing
from exward.evidence.blob import HEAD_BYTES
from exward.incidents import acceptance_file
from exward.incidents.acceptance import Tuning
from exward.mail import saved_verdicts
from exward.model.errors import UsageError
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.scan import pipeline
from exward.scan.account_directory import from_snapshot
from exward.scan.behaviour import UTC, Known


def run_scan(paths: Sequence[str], values: Mapping[str, Any]) -> int:
    """Scan, write the results where the flags say, and return the exit code."""
    output, read = pick(OutputFlags, values), pick(ReadFlags, values)
    settings = replace(
        settings_of(paths, read, pick(RuleFlags, values)),
        tuning=tuning_of(values["accepted"]),
        mail_verdicts=_verdicts(values.get("mail_verdicts", ())),
        accounts=_accounts(values),
    )
    check_targets(output, (*paths, *settings.mail_verdicts), values["plan"])
    check_plan(values["plan"])
    wanted = not (read.no_progress or output.quiet)
    with (
        interruptible() as cancelled,
        showing(cancelled, wanted=wanted, color=not output.no_color) as progress,
    ):
        result = pipeline.scan(settings, progress)
    write_result(result, output)
    write_plan(result, values["plan"], quiet=output.quiet)
    return exits.of_result(result, threshold(output.fail_on))


def settings_of(paths: Sequence[str], read: ReadFlags, rules: RuleFlags) -> pipeline.ScanSettings:
    """What to scan and how; raises UsageError if the flags contradict each other."""
    start, end = read.time_from, read.time_to
    if start is not None and end is not None and start > end:
        raise UsageError("--from lies after --to", "swap them, or leave one out", "--from")
    check_rules(rules)
    return pipeline.ScanSettings(
        paths=tuple(paths),
        rule_dirs=rules.rules,
        yara_dirs=rules.yara,
        builtin_rules=not rules.no_builtin_rules,
        time_from=start,
        time_to=end,
        level=Severity(read.level),
        jobs=read.jobs,
        password=password_of(read.password, read.password_file),
        cache_dir=rules.cache_dir,
        placeholders=rules.placeholders,
    )


def tuning_of(accepted: str | None) -> Tuning:
    """The accepted risks of a file; none without a file."""
    return Tuning() if accepted is None else acceptance_file.load(Path(accepted))


def _accounts(values: Mapping[str, Any]) -> Known:
    """What is known of accounts beforehand; a demo has none of these flags."""
    learned, windows = values.get("learned"), values.get("logon_windows")
    directory, unread = _directory(values.get("directory"), values)
    return Known(
        windows={} if windows is None else load_windows(Path(windows)),
        earlier=() if learned is None else load_learned(Path(learned)),
        zone=values.get("time_zone", UTC),
        directory=directory,
        unread=unread,
    )


def _directory(
    path: str | None, values: Mapping[str, Any]
) -> tuple[KnownAccounts, tuple[Skipped, ...]]:
    if path is None:
        return {}, ()
    password = password_of(values["password"], values["password_file"])
    return from_snapshot(path, password, time.time_ns() // 1000)


def _verdicts(names: tuple[str, ...]) -> tuple[str, ...]:
    """The files with verdicts on messages; raises UsageError for one that holds none."""
    for name in names:
        with Path(name).open("rb") as file:
            if not saved_verdicts.recognises(file.read(HEAD_BYTES)):
                hint = "write it with `exward mail check --format jsonl --output FILE`"
                raise UsageError("holds no verdicts on messages", hint, f"--mail-verdicts {name}")
    return names
