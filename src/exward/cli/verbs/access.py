"""`exward access PATH...`: who may do what, what changed, what to decide."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import (
    ACCEPTED,
    COMMON_OPTIONS,
    LEVEL,
    OUTPUT_OPTIONS,
    PASSWORD_OPTIONS,
)
from exward.cli.settings import Setting


def _run(paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.reviewing import run_review  # the readers; --help needs none of them

    return run_review(paths, values)


def _start(results: str, file: str, **values: Any) -> int:
    from exward.cli.campaigning import start

    return start(results, file, values)


def _finish(file: str, **values: Any) -> int:
    from exward.cli.campaigning import finish

    return finish(file, values)


def _verify(file: str, public_key: str) -> int:
    from exward.cli.campaigning import verify

    return verify(file, public_key)


class Access(click.Group):
    """`exward access PATH` reviews; `exward access review …` runs a campaign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what names no command for the arguments of `check`."""
        known = {*self.commands, *ctx.help_option_names}
        given = args if not args or args[0] in known else [_CHECK, *args]
        return super().parse_args(ctx, given)


_CHECK = "check"

_review = click.Group(
    "review",
    help="A campaign: members, roles and rights are kept or removed by an owner, on record.",
    commands=[
        click.Command(
            "start",
            callback=_start,
            params=[
                click.Argument(["results"], type=click.Path(exists=True, dir_okay=False)),
                click.Argument(["file"], type=click.Path(dir_okay=False)),
                click.Option(["--owner"], required=True, help="Who decides."),
                click.Option(
                    ["--days"],
                    type=click.IntRange(min=0, max=366),
                    default=14,
                    show_default=True,
                    metavar="N",
                    help="Due in so many days.",
                ),
                click.Option(
                    ["--every"],
                    type=click.IntRange(min=1, max=366),
                    default=90,
                    show_default=True,
                    metavar="N",
                    help="Days from the decision to the next review.",
                ),
                *COMMON_OPTIONS,
            ],
            help="Make FILE (YAML) from RESULTS (exward access … --format jsonl) to fill in.",
        ),
        click.Command(
            "finish",
            callback=_finish,
            params=[
                click.Argument(["file"], type=click.Path(exists=True, dir_okay=False)),
                click.Option(
                    ["--key"],
                    required=True,
                    type=click.Path(dir_okay=False),
                    help="Private key (Ed25519 seed, hex) that signs; made if there is none.",
                ),
                click.Option(
                    ["--record"],
                    required=True,
                    type=click.Path(dir_okay=False),
                    help="Write the signed record here.",
                ),
                click.Option(
                    ["--accepted"],
                    type=click.Path(dir_okay=False),
                    help="Add what is kept, though something speaks against it, to these risks.",
                ),
                *COMMON_OPTIONS,
            ],
            help="Sign what was decided in FILE, and print the commands that remove the rest.",
        ),
        click.Command(
            "verify",
            callback=_verify,
            params=[
                click.Argument(["file"], type=click.Path(exists=True, dir_okay=False)),
                click.Option(["--public-key"], required=True, metavar="HEX", help="Of the signer."),
                *COMMON_OPTIONS,
            ],
            help="Say whether a record is as it was signed.",
        ),
    ],
)

_check = click.Command(
    _CHECK,
    callback=_run,
    params=[
        click.Argument(["paths"], nargs=-1, required=True, metavar="PATH|LDAP-URL..."),
        Setting(
            "--previous",
            default="",
            metavar="PATH",
            help="An earlier snapshot: say who came and who went since.",
        ),
        Setting(
            "--save",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Save what was read, for --previous of a later review.",
        ),
        Setting(
            "--dormant-days",
            type=click.IntRange(min=1, max=3650),
            default=90,
            show_default=True,
            metavar="N",
            help="Members without a logon for so long are dormant.",
        ),
        Setting(
            "--admin-tier",
            multiple=True,
            metavar="PATTERN",
            help="Name or DN that administrators' accounts have (*,OU=Tier0,*); repeatable.",
        ),
        Setting(
            "--user",
            default="",
            metavar="NAME",
            help="Who signs in to a directory (user@domain); the password is --password-file.",
        ),
        Setting(
            "--sign-in",
            type=click.Choice(["simple", "kerberos", "ntlm"]),
            default="simple",
            show_default=True,
            help="How to sign in to a directory.",
        ),
        Setting(
            "--server-name",
            default="",
            metavar="NAME",
            help="The directory's name (dc01.contoso.example) where the URL has only its address.",
        ),
        Setting(
            "--ca-file",
            type=click.Path(exists=True, dir_okay=False),
            help="Certificates (PEM) that the directory's TLS certificate is checked with.",
        ),
        Setting(
            "--tls-fingerprint",
            default="",
            metavar="HEX",
            help="SHA-256 of the directory's certificate, instead of checking its name and issuer.",
        ),
        *OUTPUT_OPTIONS,
        LEVEL,
        *PASSWORD_OPTIONS,
        ACCEPTED,
        *COMMON_OPTIONS,
    ],
    help=(
        "Review high-profile groups, roles and rights: what changed and what to decide.\n\n"
        "PATH is a file, folder or archive with SharpHound JSON, exports of Get-ADGroupMember, "
        "Get-RoleGroupMember, Get-ManagementRoleAssignment or Get-MailboxPermission (JSON, CSV, "
        "CLIXML), or LDIF; logs beside them say who changed what. LDAP-URL is ldaps://SERVER or "
        "ldap://SERVER (with StartTLS, or sealed by Kerberos or NTLM)."
    ),
)

command = Access(
    "access",
    commands=[_check, _review],
    help=(
        "Who may do what: `exward access PATH|LDAP-URL` (short for `check`) reviews high-profile "
        "groups, roles and rights, `review` runs a campaign."
    ),
)
