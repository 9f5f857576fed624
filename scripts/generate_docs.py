"""Renders the pages of docs/ that come from the code: `cli.md`, `settings.md`, `coverage.md`,
`checks.md`.

`--check` changes nothing and fails if a page differs from what the code says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from checks_page import checks_page
from coverage_page import coverage_page
from exward.cli.exits import MEANINGS
from exward.cli.main import root
from exward.cli.settings import Setting, find_settings
from exward.formats.registry import formats
from exward.reports.registry import renderers

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH = 96
MARK = "<!-- Made by `make docs` from the code. Do not edit. -->"


def main() -> int:
    """Write or check the pages; 1 if a checked page differs."""
    differs = False
    pages = {
        "cli.md": cli_page(),
        "settings.md": settings_page(),
        "coverage.md": coverage_page(MARK),
        "checks.md": checks_page(MARK),
    }
    for name, lines in pages.items():
        text = "\n".join(lines) + "\n"
        page = DOCS / name
        if "--check" not in sys.argv[1:]:
            page.write_text(text, encoding="utf-8", newline="\n")
        elif not page.is_file() or page.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not what the code says: run `make docs`", file=sys.stderr)
            differs = True
    return int(differs)


def cli_page() -> Iterator[str]:
    """Verbs with their help, formats, outputs, exit codes."""
    yield from ("# The command line", "", MARK, "")
    yield "Results go to standard output, everything else to standard error."
    for path, command in _commands("exward", root):
        yield from ("", f"## `{path}`", "", "```text", *_help(path, command), "```")
    yield from ("", "## Formats that are read", "")
    yield "Files are told by what they hold, not by their name."
    yield from ("", "| format | name |", "| --- | --- |")
    yield from (f"| {one.TITLE} | `{one.NAME}` |" for one in formats())
    yield from ("", "## Outputs", "", "| `--format` | what it is |", "| --- | --- |")
    yield from (f"| `{one.NAME}` | {one.TITLE} |" for one in renderers().values())
    yield from ("", "[outputs.md](outputs.md) has the details.")
    yield from ("", "## Exit codes", "", "| code | meaning |", "| --- | --- |")
    yield from (f"| {code} | {meaning} |" for code, meaning in MEANINGS.items())


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            if below is not None:
                yield from _commands(f"{path} {name}", below)


def _help(path: str, command: click.Command) -> list[str]:
    ctx = click.Context(
        command,
        info_name=path,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    return command.get_help(ctx).splitlines()


def settings_page() -> Iterator[str]:
    """Every setting with its key, variable and flag."""
    yield from ("# Settings", "", MARK, "")
    yield from (
        "Each setting is a flag, a variable of the environment and a key of the settings file.",
        "A flag beats the variable, the variable beats the file, the file beats the default.",
        "A key or an `EXWARD_…` variable that is not in this table is an error, not ignored.",
        "",
        "The settings file is TOML. It is read only if it is named, by `--config` or by",
        "`EXWARD_CONFIG`: a file that lies among the evidence has no say. A key counts for every",
        "verb that has the flag.",
        "",
        "```toml",
        'rules = ["/etc/exward/rules"]',
        'fail-on = "medium"',
        "from = 2026-01-05",
        "jobs = 4",
        "```",
        "",
        "Flags that take no value are `true` or `false` in the file and `1` or `0` in the",
        "environment. Several folders of `EXWARD_RULES` are separated as in `PATH`.",
        "`EXWARD_DEBUG=1` does what `--debug` does.",
        "",
        "| key | variable | flag of | values | default | meaning |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    verbs: dict[str, list[str]] = {}
    known: dict[str, Setting] = {}
    for path, command in _commands("exward", root):
        if not isinstance(command, click.Group):
            for setting in find_settings(command, click.Context(command)):
                known[setting.key] = setting
                verbs.setdefault(setting.key, []).append(path.removeprefix("exward "))
    yield from (_row(known[key], verbs[key]) for key in sorted(known))


def _row(setting: Setting, verbs: list[str]) -> str:
    values = setting.make_metavar(click.Context(click.Command("exward"))).strip("[]")
    kind = "true, false" if setting.is_flag else values.replace("|", ", ")
    default = setting.get_default(click.Context(click.Command("exward")), call=False)
    shown = f"`{default}`" if isinstance(default, str | int) and default not in (False, "") else ""
    cells = (
        f"`{setting.key}`",
        f"`{setting.variable}`",
        ", ".join(verbs),
        kind,
        shown,
        setting.help or "",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
