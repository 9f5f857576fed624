"""The flags that verbs share, and what their values mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from exward.model.errors import UsageError
from exward.model.severity import Severity

Command = TypeVar("Command", bound=Callable[..., Any])

LEVELS = [str(severity) for severity in Severity]
NEVER = "never"
FORMATS = ["table", "jsonl", "json", "csv", "html", "ocsf", "ecs", "timesketch", "navigator"]


class Time(click.ParamType[int]):
    """An ISO 8601 date or time, UTC where it names no zone, as µs since 1970-01-01."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Parse the value; click reports a wrong one."""
        if isinstance(value, int):
            return value
        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-01-05 or 2026-01-05T02:14:09Z", param, ctx)
        time = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
        return int(time.timestamp() * 1_000_000)


def _stack(options: list[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


rules_options = _stack(
    [
        click.option("--rules", metavar="DIR", multiple=True, help="Folder of Sigma rules, in addition to our own; repeatable."),
        click.option("--builtin-rules/--no-builtin-rules", default=True, help="Use the rules that come with exward."),
        click.option("--placeholders", metavar="FILE", help="Values for %placeholders% in rules (YAML)."),
        click.option("--cache-dir", metavar="DIR", help="Where compiled rules are kept."),
    ]
)  # fmt: skip

output_options = _stack(
    [
        click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="What to write."),
        click.option("--output", metavar="FILE", default="-", show_default=True, help="Where to write it; - is stdout."),
        click.option("--report", metavar="FILE.html", help="Write the HTML report, too."),
        click.option("--fail-on", type=click.Choice([*LEVELS, NEVER]), default="high", show_default=True, help="Exit with 1 if a finding is of this level or above."),
        click.option("--quiet", is_flag=True, help="Write nothing to stderr but errors."),
        click.option("--no-color", is_flag=True, help="No colours."),
    ]
)  # fmt: skip

scan_options = _stack(
    [
        click.option("--from", "from_", type=Time(), metavar="TIME", help="Only findings from this time on (UTC)."),
        click.option("--to", type=Time(), metavar="TIME", help="Only findings up to this time (UTC)."),
        click.option("--level", type=click.Choice(LEVELS), default="informational", show_default=True, help="Lowest level to report."),
        click.option("--jobs", type=click.IntRange(0, 256), default=0, help="Worker processes; 0 is one for each core."),
        click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="Where the work runs."),
        click.option("--password", help="Password of encrypted archives (better: --password-file)."),
        click.option("--password-file", metavar="FILE", help="File whose first line is the password of encrypted archives."),
        click.option("--no-progress", is_flag=True, help="No progress bar."),
    ]
)  # fmt: skip


def fail_on_of(value: str) -> Severity | None:
    """The level of `--fail-on`; None for never."""
    return None if value == NEVER else Severity(value)


def password_of(password: str | None, password_file: str | None) -> str | None:
    """The password from either flag; raises UsageError if the file cannot be read."""
    if password_file is None:
        return password
    if password is not None:
        raise UsageError("--password and --password-file exclude each other")
    try:
        lines = Path(password_file).read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", "check --password-file", password_file
        ) from None
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8 text", "check --password-file", password_file) from None
    return lines[0] if lines else ""
