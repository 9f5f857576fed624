"""The entry point: finds the verbs, and is the only place that prints errors and exits.

A verb is a module of `verbs/` that offers `command`; it is imported when it is used.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

import click
from click.core import ParameterSource

from exward import __version__
from exward.cli import exits, verbs
from exward.cli.settings import Session, Setting
from exward.model.errors import ExwardError


class Verbs(click.Group):
    """The verbs by name, each imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all verbs, sorted."""
        return sorted(module.name for module in pkgutil.iter_modules(verbs.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb; None if there is no such verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{verbs.__name__}.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"{verbs.__name__}.{cmd_name} offers no command")
        return command


root = Verbs(
    "exward",
    help="Finds attacks on Microsoft Exchange servers in their logs and says what happened.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=lambda ctx, _param, value: _show_version(ctx) if value else None,
            help="Show the version.",
        )
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(ctx: click.Context) -> None:
    click.echo(f"exward {__version__}")
    ctx.exit()


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; never raises."""
    session = Session(debug=bool(os.environ.get("EXWARD_DEBUG")))
    try:
        code = root.main(args, prog_name="exward", standalone_mode=False, obj=session)
        _end()
    except BaseException as error:  # noqa: BLE001 - the one place that turns errors into exit codes
        return _explain(error, session)
    return code if isinstance(code, int) else exits.DONE


def _explain(error: BaseException, session: Session) -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    from exward.cli.terminal import complain

    if session.debug and not isinstance(error, click.Abort | KeyboardInterrupt):
        traceback.print_exception(error)
    match error:
        case ExwardError():
            complain(error.what, error.hint, error.where)
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return exits.USAGE
        case click.ClickException():
            complain(error.format_message(), _help_hint(error), _place(error, session))
            return exits.USAGE
        case click.Abort() | KeyboardInterrupt():
            complain("interrupted at once; nothing more was written")
            return exits.INTERRUPTED
    complain(
        f"a defect in exward: {type(error).__name__}: {error}",
        "please report it with the output of the same command with --debug and of `exward doctor`",
    )
    return exits.FAILED


def _place(error: click.ClickException, session: Session) -> str:
    """Name where a wrong value stands: the flag, the variable or the key of the settings file."""
    param = getattr(error, "param", None)
    ctx = getattr(error, "ctx", None)
    if not isinstance(param, Setting) or ctx is None:
        return ""
    source = ctx.get_parameter_source(param.name)
    if source is ParameterSource.ENVIRONMENT:
        return param.variable
    return f"{session.config}: {param.key}" if source is ParameterSource.DEFAULT_MAP else ""


def _help_hint(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"`{ctx.command_path} --help` explains" if ctx is not None else ""


def _end() -> None:
    from exward.cli.terminal import end

    end()


if __name__ == "__main__":
    sys.exit(main())
