"""The flags that verbs share. Each `Setting` is also a key of the settings file and a variable.

Verbs put these lists together (`params=[…, *RULE_OPTIONS, *COMMON_OPTIONS]`) and turn what click
hands them into the frozen values below with `pick`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import click

from exward.cli.moments import Moment
from exward.cli.settings import Session, Setting, apply_settings
from exward.cli.zone import Zone
from exward.model.errors import UsageError
from exward.model.severity import Severity
from exward.reports.registry import renderers

LEVELS = [severity.value for severity in Severity]
NEVER = "never"
STDOUT = "-"

_FILE = click.Path(exists=True, dir_okay=False)


@dataclass(frozen=True, slots=True)
class OutputFlags:
    """Where results go and how they look; `report` "" means none."""

    output: str
    format: str
    report: str
    fail_on: str
    quiet: bool
    no_color: bool


@dataclass(frozen=True, slots=True)
class RuleFlags:
    """Which rules are loaded."""

    rules: tuple[str, ...]
    yara: tuple[str, ...]
    no_builtin_rules: bool
    placeholders: str | None
    cache_dir: str | None


@dataclass(frozen=True, slots=True)
class ReadFlags:
    """Which evidence is read and how. Times are µs since 1970-01-01 UTC."""

    time_from: int | None
    time_to: int | None
    level: str
    jobs: int
    password: str | None = field(repr=False)
    password_file: str | None
    no_progress: bool


Flags = TypeVar("Flags", OutputFlags, RuleFlags, ReadFlags)


def pick(kind: type[Flags], values: Mapping[str, Any]) -> Flags:
    """Make the flags of one kind from all of a verb's values."""
    return kind(**{part.name: values[part.name] for part in fields(kind)})


def threshold(fail_on: str) -> Severity | None:
    """Severity from which findings decide the exit code; None: never."""
    return None if fail_on == NEVER else Severity(fail_on)


def check_rules(flags: RuleFlags) -> None:
    """Raise UsageError if the flags leave no rule at all."""
    if flags.no_builtin_rules and not flags.rules and not flags.yara:
        hint = "give --rules DIR or --yara DIR"
        raise UsageError("no rules are left", hint, "--no-builtin-rules")


def _note_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    session = ctx.find_object(Session)
    if session is not None and value:
        session.debug = True


COMMON_OPTIONS: tuple[click.Option, ...] = (
    click.Option(
        ["--config"],
        envvar="EXWARD_CONFIG",
        type=_FILE,
        is_eager=True,
        expose_value=False,
        callback=apply_settings,
        help="Settings file (TOML); its keys are the names of the flags.",
    ),
    click.Option(
        ["--debug"],
        envvar="EXWARD_DEBUG",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_note_debug,
        help="Show where in the code an error came from.",
    ),
)

CACHE_DIR = Setting(
    "--cache-dir",
    type=click.Path(file_okay=False),
    help="Where compiled rules are kept (default: the user's cache folder).",
)

RULES = Setting(
    "--rules",
    multiple=True,
    type=click.Path(exists=True),
    metavar="DIR",
    help="Folder with Sigma rules, or one rule file; may be given more than once.",
)
YARA = Setting(
    "--yara",
    multiple=True,
    type=click.Path(exists=True),
    metavar="DIR",
    help=(
        "Folder with YARA rules, or one rule file, for the web files of the evidence; may be given "
        "more than once."
    ),
)
NO_BUILTIN_RULES = Setting("--no-builtin-rules", is_flag=True, help="Leave out exward's own rules.")

RULE_OPTIONS: tuple[click.Option, ...] = (
    RULES,
    YARA,
    NO_BUILTIN_RULES,
    Setting(
        "--placeholders",
        type=_FILE,
        help="YAML file with the values of rule placeholders (%name%).",
    ),
    CACHE_DIR,
)

ACCEPTED = Setting(
    "--accepted",
    type=_FILE,
    metavar="FILE",
    help="YAML file with accepted risks and levels of rules (`exward accept` adds to it).",
)

FAIL_ON = Setting(
    "--fail-on",
    type=click.Choice([*LEVELS, NEVER]),
    default=Severity.HIGH.value,
    show_default=True,
    help="Findings of this severity or above make the exit code 1.",
)

OUTPUT_OPTIONS: tuple[click.Option, ...] = (
    Setting(
        "--output",
        type=click.Path(allow_dash=True),
        default=STDOUT,
        show_default=True,
        metavar="FILE",
        help="Write the results here; - is standard output.",
    ),
    Setting(
        "--format",
        type=click.Choice(list(renderers())),
        default="table",
        show_default=True,
        help="Form of the results.",
    ),
    Setting("--report", default="", metavar="FILE.html", help="Write a full HTML report as well."),
    FAIL_ON,
    Setting("--quiet", is_flag=True, help="Nothing on standard error but errors."),
    Setting("--no-color", is_flag=True, help="No colours (NO_COLOR does the same)."),
)

LEVEL = Setting(
    "--level",
    type=click.Choice(LEVELS),
    default=Severity.INFORMATIONAL.value,
    show_default=True,
    help="Only findings of this severity or above.",
)

PASSWORD_OPTIONS: tuple[click.Option, ...] = (
    Setting("--password", help="Password of encrypted archives; other users may see it in ps."),
    Setting("--password-file", type=_FILE, help="File whose first line is that password."),
)

FACTS = Setting(
    "--facts",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Folder with newer tables of builds and vulnerabilities (`exward update` fills it).",
)

UPDATE_OPTIONS: tuple[click.Option, ...] = (
    click.Option(
        ["--from", "origin"], required=True, metavar="FILE|URL", help="Where the newer facts are."
    ),
    Setting(
        "--key", type=_FILE, metavar="FILE", help="Public key (Ed25519, PEM) that signs bundles."
    ),
    click.Option(["--sha256"], metavar="HEX", help="The bundle's digest, got by another way."),
)

JOBS = Setting(
    "--jobs",
    type=click.IntRange(min=0, max=256),
    default=0,
    show_default=True,
    metavar="N",
    help="Processes to use; 0 is one for each core.",
)
NO_PROGRESS = Setting("--no-progress", is_flag=True, help="No progress bar, on a terminal either.")

READ_OPTIONS: tuple[click.Option, ...] = (
    Setting(
        "--from",
        name="time_from",
        type=Moment(end_of_day=False),
        metavar="TIME",
        help="Only records from this time on: ISO date or time, UTC without an offset.",
    ),
    Setting(
        "--to",
        name="time_to",
        type=Moment(end_of_day=True),
        metavar="TIME",
        help="Only records up to this time; a bare date means its end.",
    ),
    LEVEL,
    JOBS,
    Setting(
        "--engine",
        type=click.Choice(["local"]),
        default="local",
        show_default=True,
        expose_value=False,
        help="Where the work runs.",
    ),
    *PASSWORD_OPTIONS,
    NO_PROGRESS,
)

PLAN = Setting(
    "--plan",
    default="",
    metavar="FILE",
    help="Write a repair plan: FILE.md to read, FILE.ps1 with commands that are all comments.",
)

MAIL_VERDICTS = Setting(
    "--mail-verdicts",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help=(
        "Verdicts of `exward mail check --format jsonl` or `mail serve --verdicts`: what followed "
        "in the mailboxes is looked for; may be given more than once."
    ),
)

DIRECTORY = Setting(
    "--directory",
    type=click.Path(exists=True),
    metavar="PATH",
    help="A snapshot of the directory as `exward access` reads it: finds service accounts.",
)
LEARNED = Setting(
    "--learned",
    type=_FILE,
    metavar="FILE",
    help=(
        "What `exward accounts --learned` knows of service accounts: they are then judged in "
        "short logs, too."
    ),
)
TIME_ZONE = Setting(
    "--time-zone",
    type=Zone(),
    default="UTC",
    show_default=True,
    metavar="NAME",
    help="Whose clock service accounts keep: Europe/Berlin.",
)
LOGON_WINDOWS = Setting(
    "--logon-windows",
    type=_FILE,
    metavar="FILE",
    help=("Accepted hours and hosts (`exward accounts hours --save`): sign-ins outside are told."),
)

SCAN_OPTIONS = (*OUTPUT_OPTIONS, PLAN, *READ_OPTIONS, *RULE_OPTIONS, ACCEPTED)
