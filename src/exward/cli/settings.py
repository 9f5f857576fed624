"""Settings from outside the command line: file < environment (`EXWARD_…`) < flag.

click itself orders command line, variable, `default_map` and default; this module fills the
`default_map` from the file, and refuses keys and variables that no flag has.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from exward.model.errors import UsageError

PREFIX = "EXWARD_"
NOT_IN_FILE = {"EXWARD_CONFIG", "EXWARD_DEBUG"}
"""Variables that say how to run, not what to do; they have no key in the file."""
MAX_FILE_BYTES = 1024 * 1024


@dataclass(slots=True)
class Session:
    """What the command line learns about itself while it is read."""

    debug: bool = False
    config: str = ""


class Setting(click.Option):
    """An option that the settings file and the environment may give as well."""

    def __init__(self, flag: str, *, name: str | None = None, **attrs: Any) -> None:
        self.key = flag.removeprefix("--")
        self.variable = PREFIX + self.key.replace("-", "_").upper()
        names = [flag] if name is None else [flag, name]
        super().__init__(names, envvar=self.variable, **attrs)


def find_settings(command: click.Command, ctx: click.Context) -> Iterator[Setting]:
    """Yield the settings of a command and of all commands below it; the same one repeatedly."""
    yield from (param for param in command.params if isinstance(param, Setting))
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            if below is not None:
                yield from find_settings(below, ctx)


def apply_settings(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Make the settings file's values the defaults of this command.

    Raises UsageError for an unknown key, an unknown variable or a file that cannot be read.
    """
    variables = {name for name in os.environ if name.startswith(PREFIX)} - NOT_IN_FILE
    if value is None and not variables:
        return
    root = ctx.find_root()
    known = {setting.key: setting for setting in find_settings(root.command, root)}
    _refuse_unknown(variables, [setting.variable for setting in known.values()], "environment")
    if value is None:
        return
    session = ctx.find_object(Session)
    if session is not None:
        session.config = value
    table = _read(value)
    _refuse_unknown(table, known, value)
    ctx.default_map = {
        known[key].name: _plain(known[key], given, f"{value}: {key}")
        for key, given in table.items()
    }


def _refuse_unknown(given: Collection[str], known: Collection[str], where: str) -> None:
    for name in sorted(set(given) - set(known)):
        close = get_close_matches(name, sorted(known), n=1, cutoff=0)[0]
        raise UsageError(
            f"there is no setting {name!r}",
            f"did you mean {close!r}? docs/settings.md lists them all",
            where,
        )


def _read(path: str) -> dict[str, object]:
    if Path(path).exists() and not Path(path).is_file():
        raise UsageError("is no regular file", "check --config", path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", "check --config", path) from error
    if len(data) > MAX_FILE_BYTES:
        raise UsageError("is larger than a settings file can be (1 MiB)", "check --config", path)
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise UsageError("is not UTF-8 text", "save it as UTF-8", path) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"is not valid TOML: {error}", "see docs/settings.md", path) from error


def _plain(setting: Setting, value: object, where: str) -> object:
    """Turn a TOML value into what the flag would have got: a bool, a text or a list of texts."""
    if setting.is_flag:
        if isinstance(value, bool):
            return value
        raise UsageError("must be true or false", "without quotation marks", where)
    if setting.multiple:
        values = value if isinstance(value, list) else [value]
        return [_text(one, where) for one in values]
    return _text(value, where)


def _text(value: object, where: str) -> str:
    if isinstance(value, bool | list | dict):
        raise UsageError("must be one text, number or date", "see docs/settings.md", where)
    return value.isoformat() if isinstance(value, date | time) else str(value)
