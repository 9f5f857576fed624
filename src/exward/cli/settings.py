"""Settings: file < environment (`EXWARD_…`) < flag. An unknown key is an error.

The file is TOML; its tables are verbs, its keys the flags' names. click merges them: the file is
its `default_map`, the environment its `auto_envvar_prefix`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from exward.model.errors import UsageError

PREFIX = "EXWARD_"
_OWN_VARIABLES = frozenset({"EXWARD_CONFIG", "EXWARD_DEBUG"})

Table = dict[str, object]


def from_file(group: click.Group, ctx: click.Context, path: str | None) -> Table:
    """Defaults for every verb from the settings file; raises UsageError naming file and key."""
    if path is None:
        return {}
    try:
        with Path(path).open("rb") as file:
            tables = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", "check --config", path) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"is not valid TOML: {error}", "", path) from None
    verbs = options_of(group, ctx)
    result: Table = {}
    for verb, keys in tables.items():
        if verb not in verbs:
            raise UsageError(*_unknown("table", verb, verbs), path)
        if not isinstance(keys, dict):
            raise UsageError(f"{verb!r} must be a table: [{verb}]", "", path)
        names = {name.replace("_", "-"): name for name in verbs[verb]}
        for key in keys:
            if key not in names:
                raise UsageError(*_unknown(f"key in [{verb}]", key, names), path)
        result[verb] = {names[key]: value for key, value in keys.items()}
    return result


def check_environment(
    group: click.Group, ctx: click.Context, environment: Mapping[str, str]
) -> None:
    """Raise UsageError for a variable that begins like ours and is none of ours."""
    known = set(_OWN_VARIABLES)
    for verb, names in options_of(group, ctx).items():
        known |= {variable(verb, name) for name in names}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            raise UsageError(*_unknown("environment variable", name, known))


def variable(verb: str, option: str) -> str:
    """The environment variable of a verb's option: `EXWARD_SCAN_FAIL_ON`."""
    return f"{PREFIX}{verb}_{option}".upper().replace("-", "_")


def options_of(group: click.Group, ctx: click.Context) -> dict[str, list[str]]:
    """Names of the options of each verb."""
    result = {}
    for verb in group.list_commands(ctx):
        command = group.get_command(ctx, verb)
        assert command is not None
        result[verb] = [
            param.name
            for param in command.params
            if isinstance(param, click.Option) and param.name is not None
        ]
    return result


def _unknown(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"unknown {kind} {name!r}", f"did you mean {close[0]!r}?" if close else ""
