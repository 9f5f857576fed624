"""`exward accounts PATH...`: service accounts, their normal, and what stands out of it."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.moments import Moment
from exward.cli.options import (
    ACCEPTED,
    COMMON_OPTIONS,
    DIRECTORY,
    LEVEL,
    OUTPUT_OPTIONS,
    PASSWORD_OPTIONS,
    TIME_ZONE,
)
from exward.cli.settings import Setting


def _run(paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.service_accounts import run_check  # the readers; --help needs none of them

    return run_check(paths, values)


def _hours(account: str, paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.service_accounts import run_hours

    return run_hours(account, paths, values)


class Accounts(click.Group):
    """`exward accounts PATH` judges; `exward accounts hours …` proposes a window."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what names no command for the arguments of `check`."""
        known = {*self.commands, *ctx.help_option_names}
        given = args if not args or args[0] in known else [_CHECK, *args]
        return super().parse_args(ctx, given)


_CHECK = "check"

_PATHS = click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True))

_READING: tuple[click.Option, ...] = (
    TIME_ZONE,
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
    *PASSWORD_OPTIONS,
)

_check = click.Command(
    _CHECK,
    callback=_run,
    params=[
        _PATHS,
        Setting(
            "--windows",
            type=click.Path(exists=True, dir_okay=False),
            metavar="FILE",
            help="Accepted hours and hosts (`hours --save`): every sign-in outside is told.",
        ),
        DIRECTORY,
        Setting(
            "--account",
            multiple=True,
            metavar="NAME",
            help="Judge this account, too, though nothing shows that it is a service account.",
        ),
        Setting(
            "--learned",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Go on from what an earlier run learned, and save it here for the next one.",
        ),
        *_READING,
        *OUTPUT_OPTIONS,
        LEVEL,
        ACCEPTED,
        *COMMON_OPTIONS,
    ],
    help=(
        "Find service accounts, learn what each normally does, and say what stands out.\n\n"
        "PATH is a file, folder or archive with Security event logs (4624, 4625, 4648, 4768, "
        "4769, 4776), IIS or HttpProxy logs: the more weeks, the better."
    ),
)

_hours_command = click.Command(
    "hours",
    callback=_hours,
    params=[
        click.Argument(["account"]),
        _PATHS,
        click.Option(
            ["--margin"],
            type=click.IntRange(min=0, max=24),
            default=1,
            show_default=True,
            metavar="N",
            help="Hours that are allowed before and after what was seen.",
        ),
        click.Option(
            ["--save"],
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Add hours and hosts to this file, for `exward accounts --windows FILE`.",
        ),
        *_READING,
        *COMMON_OPTIONS,
    ],
    help=(
        "Propose the tightest weekly window for ACCOUNT, as a grid, as AD's logonHours and as "
        "PowerShell that sets it and takes it back. Nothing is changed."
    ),
)

command = Accounts(
    "accounts",
    commands=[_check, _hours_command],
    help=(
        "Service accounts: `exward accounts PATH` (short for `check`) says what stands out, "
        "`hours` proposes a log-on window."
    ),
)
