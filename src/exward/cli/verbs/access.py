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


command = click.Command(
    "access",
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
        "ldap://SERVER (with StartTLS)."
    ),
)
