"""`exward mail check|serve|quarantine`: a verdict for every message, with its reasons."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from exward.cli import exits
from exward.cli.options import COMMON_OPTIONS, JOBS, NO_PROGRESS, STDOUT
from exward.cli.quarantine_verbs import MAIL_SETTINGS, QUARANTINE
from exward.cli.quarantine_verbs import group as quarantine
from exward.cli.settings import Setting
from exward.model.message import Disposal, MailResult

MAIL_FORMATS = ("csv", "html", "json", "jsonl", "table")


def _check(paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.interrupt import interruptible
    from exward.cli.mailing import (  # all of the engine; --help needs none of it
        compiled_rules,
        write_mail,
    )
    from exward.cli.progress import counting
    from exward.mail.authentication.resolver import network_resolver
    from exward.mail.settings import MailSettings, load_settings
    from exward.scan.mail_advisers import MailOptions
    from exward.scan.mail_rules import YaraRules
    from exward.scan.messages import check_mail

    given = values["mail_settings"]
    settings = load_settings(Path(given)) if given else MailSettings()
    compiled = compiled_rules(values["yara"])
    options = MailOptions(
        password=values["password"],
        make_resolver=network_resolver if values["dns"] else None,
        make_rules=partial(YaraRules, compiled) if compiled else None,
        history=values["history"] or "",
        learns=values["learn"],
        jobs=values["jobs"],
    )
    wanted = not values["no_progress"]
    with (
        interruptible() as cancelled,
        counting("messages judged", wanted=wanted, color=True) as told,
    ):
        result = check_mail(paths, settings, options, cancelled, told)
    write_mail(result, values["output"], values["mail_format"], values["report"])
    return _exit_code(result, values["mail_fail_on"])


def _exit_code(result: MailResult, fail_on: str) -> int:
    if result.interrupted:
        return exits.INTERRUPTED
    if fail_on != "never":
        limit = Disposal(fail_on).rank
        if any(message.verdict.rank >= limit for message in result.messages):
            return exits.FINDINGS
    return exits.INCOMPLETE if result.skipped or not result.messages else exits.DONE


def _serve(**values: Any) -> int:
    from exward.cli.mail_serving import serve_mail

    return serve_mail(values)


def _dmarc_reports(paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.interrupt import interruptible
    from exward.cli.mailing import write_dmarc
    from exward.scan.dmarc_reports import gather_reports

    with interruptible() as cancelled:
        result = gather_reports(paths, values["password"], cancelled)
    write_dmarc(result, values["output"], values["dmarc_format"])
    if result.interrupted:
        return exits.INTERRUPTED
    return exits.INCOMPLETE if result.skipped or not result.reports else exits.DONE


_YARA = Setting(
    "--yara",
    multiple=True,
    type=click.Path(exists=True),
    metavar="DIR",
    help=(
        "Folder with YARA rules, or one rule file, for messages and attachments; may be given more "
        "than once."
    ),
)
_HISTORY = Setting(
    "--history",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="SQLite file that tells who wrote before; made when something is learned.",
)
_CHECK = click.Command(
    "check",
    callback=_check,
    params=[
        click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True)),
        MAIL_SETTINGS,
        _YARA,
        _HISTORY,
        click.Option(
            ["--learn"], is_flag=True,
            help="Add the senders of messages that would be delivered to the history.",
        ),
        click.Option(
            ["--output"], type=click.Path(allow_dash=True), default=STDOUT, show_default=True,
            metavar="FILE", help="Write the results here; - is standard output.",
        ),
        click.Option(
            ["--format", "mail_format"], type=click.Choice(MAIL_FORMATS), default="table",
            show_default=True, help="Form of the results.",
        ),
        click.Option(
            ["--report"], default="", metavar="FILE.html", help="Write an HTML report as well."
        ),
        click.Option(
            ["--fail-on", "mail_fail_on"],
            type=click.Choice([*(one.value for one in Disposal if one.rank), "never"]),
            default=Disposal.QUARANTINE.value,
            show_default=True,
            help="Verdicts of this gravity or above make the exit code 1.",
        ),
        click.Option(
            ["--dns"], is_flag=True,
            help="Ask the DNS for keys and policies, to check DKIM, ARC and DMARC.",
        ),
        click.Option(["--password"], help="Password of encrypted evidence archives."),
        JOBS,
        NO_PROGRESS,
        *COMMON_OPTIONS,
    ],
    help=(
        "Judge messages: .eml, .msg, mbox, Maildir, folders, archives of them.\n\n"
        "Nothing is changed, and without --dns nothing is looked up: the verdicts come from the "
        "messages alone."
    ),
)  # fmt: skip

_SERVE = click.Command(
    "serve",
    callback=_serve,
    params=[
        MAIL_SETTINGS,
        _YARA,
        _HISTORY,
        click.Option(
            ["--listen"], default="127.0.0.1:8891", show_default=True, metavar="HOST:PORT",
            help="Where the mail server reaches the filter.",
        ),
        click.Option(
            ["--workers"], type=click.IntRange(min=0, max=256), default=0, show_default=True,
            metavar="N", help="Processes that judge; 0 is one for each core.",
        ),
        click.Option(
            ["--dns/--no-dns"], default=True, show_default=True,
            help="Ask the DNS, to check SPF, DKIM, ARC and DMARC.",
        ),
        click.Option(
            ["--on-failure"], type=click.Choice(["tempfail", "accept"]), default="tempfail",
            show_default=True, help="Answer where a message could not be judged.",
        ),
        click.Option(
            ["--memory"], type=click.IntRange(min=128, max=1_000_000), default=512,
            show_default=True, metavar="MIB",
            help="Messages that come in or wait may take so much; more is asked to come later.",
        ),
        click.Option(["--subject-tag"], default="", help="Put before subjects that are not clean."),
        click.Option(["--never-reject"], is_flag=True, help="Hold what would be refused."),
        QUARANTINE,
        click.Option(
            ["--verdicts"], type=click.Path(dir_okay=False), metavar="FILE",
            help="Add every verdict to this file, for `exward scan --mail-verdicts`.",
        ),
        click.Option(["--server-name"], default="", help="Name in Authentication-Results."),
        *COMMON_OPTIONS,
    ],
    help=(
        "Filter mail for Postfix (a milter): deliver, tag, hold or refuse.\n\n"
        "Until it has the answer, the mail server has the message. What is to be held goes into "
        "--quarantine FOLDER, or without it on hold in the mail server. docs/mail.md shows how to "
        "put Postfix and the filter in front of Exchange."
    ),
)  # fmt: skip

_DMARC_REPORTS = click.Command(
    "dmarc-reports",
    callback=_dmarc_reports,
    params=[
        click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True)),
        click.Option(
            ["--output"], type=click.Path(allow_dash=True), default=STDOUT, show_default=True,
            metavar="FILE", help="Write the results here; - is standard output.",
        ),
        click.Option(
            ["--format", "dmarc_format"], type=click.Choice(["jsonl", "table"]), default="table",
            show_default=True, help="Form of the results.",
        ),
        click.Option(["--password"], help="Password of encrypted evidence archives."),
        *COMMON_OPTIONS,
    ],
    help=(
        "Tell who sends in the name of your domains, and whether they may, from DMARC aggregate "
        "reports: XML, gzip, zip, and mail with them attached; in files, folders and archives."
    ),
)  # fmt: skip

command = click.Group(
    "mail",
    commands=[_CHECK, _DMARC_REPORTS, _SERVE, quarantine],
    help="Judge mail, with a reason for every verdict.",
)
