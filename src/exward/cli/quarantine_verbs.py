"""`exward mail quarantine list|search|show|release|delete|block|expire|audit|digest|serve`."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.moments import Moment
from exward.cli.options import COMMON_OPTIONS
from exward.cli.settings import Setting

QUARANTINE = Setting(
    "--quarantine",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="Where held messages are kept (docs/quarantine.md).",
)
SMTP = Setting(
    "--smtp",
    default="127.0.0.1:25",
    show_default=True,
    metavar="HOST:PORT",
    help="The mail server that takes what is released; its mail has to pass this filter.",
)
MAIL_SETTINGS = Setting(
    "--mail-settings",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="TOML file with own domains, executives, lists, rules and limits (docs/mail.md).",
)
ADMIN_ONLY = Setting(
    "--admin-only",
    multiple=True,
    type=click.Choice(["phishing", "bec", "malware", "spam", "spoof", "bulk"]),
    default=["phishing", "bec", "malware"],
    help=(
        "Class of messages that users may not release; repeatable (default: phishing, bec, "
        "malware). Malware always is one."
    ),
)
_IDS = click.Argument(["ids"], nargs=-1, required=True, metavar="ID...")
_FORMAT = click.Option(
    ["--format", "list_format"], type=click.Choice(["jsonl", "table"]), default="table",
    show_default=True, help="Form of the results.",
)  # fmt: skip
_STATE = click.Option(
    ["--state"],
    type=click.Choice(["waiting", "held", "releasing", "released", "all"]),
    default="waiting",
    show_default=True,
    help="`waiting`: held, or with a release whose end is not known.",
)
_LIMIT = click.Option(
    ["--limit"], type=click.IntRange(min=1, max=1_000_000), default=100, show_default=True,
    metavar="N", help="Show so many at most.",
)  # fmt: skip
_WHY = click.Option(["--why"], default="", metavar="TEXT", help="For the audit trail.")


def _list(**values: Any) -> int:
    from exward.cli.quarantine_acts import list_held  # the engine; --help needs none of it

    return list_held(values)


def _show(message_id: str, **values: Any) -> int:
    from exward.cli.quarantine_acts import show_held

    return show_held(message_id, values)


def _release(ids: tuple[str, ...], **values: Any) -> int:
    from exward.cli.quarantine_acts import release_held

    return release_held(ids, values)


def _delete(ids: tuple[str, ...], **values: Any) -> int:
    from exward.cli.quarantine_acts import delete_held

    return delete_held(ids, values)


def _block(senders: tuple[str, ...], **values: Any) -> int:
    from exward.cli.quarantine_acts import block_senders

    return block_senders(senders, values)


def _expire(**values: Any) -> int:
    from exward.cli.quarantine_acts import expire_held

    return expire_held(values)


def _digest(**values: Any) -> int:
    from exward.cli.quarantine_mailing import tell_users

    return tell_users(values)


def _links(**values: Any) -> int:
    from exward.cli.quarantine_serving import serve_links

    return serve_links(values)


def _audit(**values: Any) -> int:
    from exward.cli.quarantine_acts import show_trail

    return show_trail(values)


def _text(flag: str, name: str, words: str) -> click.Option:
    return click.Option([flag, name], metavar="TEXT", help=words)


def _time(flag: str, words: str) -> click.Option:
    kind = Moment(end_of_day=flag == "--until")
    return click.Option([flag], type=kind, metavar="TIME", help=words)


_LIST_COMMAND = click.Command(
    "list",
    callback=_list,
    params=[QUARANTINE, _STATE, _LIMIT, _FORMAT, *COMMON_OPTIONS],
    help="List held messages, newest first.",
)
_SEARCH_COMMAND = click.Command(
    "search",
    callback=_list,
    params=[
        QUARANTINE,
        _text("--from", "sender", "Part of the From header or of the envelope's sender."),
        _text("--to", "recipient", "Part of a recipient of the envelope."),
        _text("--subject", "subject", "Part of the subject."),
        _text("--reason", "reason", "Part of a class, of a check's name or of a reason."),
        _time("--since", "Held at this time or later: ISO date or time, UTC without an offset."),
        _time("--until", "Held up to this time; a bare date means its end."),
        _STATE,
        _LIMIT,
        _FORMAT,
        *COMMON_OPTIONS,
    ],
    help="Search held messages; all that is given has to match.",
)
_SHOW_COMMAND = click.Command(
    "show",
    callback=_show,
    params=[
        click.Argument(["message_id"], metavar="ID"),
        QUARANTINE,
        click.Option(["--html"], default="", metavar="FILE", help="Write a page instead."),
        *COMMON_OPTIONS,
    ],
    help="Show a message as text: nothing in it acts, nothing is fetched, links are text.",
)
_RELEASE_COMMAND = click.Command(
    "release",
    callback=_release,
    params=[
        _IDS,
        QUARANTINE,
        SMTP,
        click.Option(["--to"], multiple=True, metavar="ADDRESS",
                     help="Only to this recipient of it; repeatable."),
        click.Option(["--learn"], is_flag=True,
                     help="Allow the sender from now on, and keep the message to train with."),
        click.Option(["--again"], is_flag=True,
                     help="Also where an earlier release may have arrived."),
        _WHY,
        *COMMON_OPTIONS,
    ],
    help="Hand messages to the mail server as they came, to the recipients they were for.",
)  # fmt: skip
_DELETE_COMMAND = click.Command(
    "delete",
    callback=_delete,
    params=[_IDS, QUARANTINE, _WHY, *COMMON_OPTIONS],
    help="Delete messages for good.",
)
_BLOCK_COMMAND = click.Command(
    "block",
    callback=_block,
    params=[
        click.Argument(["senders"], nargs=-1, required=True, metavar="ID|ADDRESS|DOMAIN..."),
        QUARANTINE,
        _WHY,
        *COMMON_OPTIONS,
    ],
    help="Block senders from now on; an id stands for the sender of that message.",
)
_EXPIRE_COMMAND = click.Command(
    "expire",
    callback=_expire,
    params=[
        QUARANTINE,
        click.Option(["--days"], type=click.IntRange(min=0, max=36_500), required=True,
                     metavar="N", help="Delete what was held more than so many days ago."),
        *COMMON_OPTIONS,
    ],
    help="Delete old messages, held and released; one that is on its way out stays.",
)  # fmt: skip
_DIGEST_COMMAND = click.Command(
    "digest",
    callback=_digest,
    params=[
        QUARANTINE,
        MAIL_SETTINGS,
        click.Option(["--base-url"], required=True, metavar="URL",
                     help="Where users reach `serve`: https://HOST or https://HOST/PATH."),
        click.Option(["--out"], type=click.Path(file_okay=False), metavar="FOLDER",
                     help="Write one .eml for each user."),
        click.Option(["--send"], is_flag=True, help="Send them."),
        click.Option(["--sender"], required=True, metavar="ADDRESS", help="Whom they come from."),
        click.Option(["--valid-days"], type=click.IntRange(min=1, max=90), default=7,
                     show_default=True, metavar="N", help="How long the links work."),
        ADMIN_ONLY,
        SMTP,
        *COMMON_OPTIONS,
    ],
    help=(
        "Tell each user what was held for them since the last digest, with links that release it "
        "once. Only users of own-domains in --mail-settings are told."
    ),
)  # fmt: skip
_LINKS_COMMAND = click.Command(
    "serve",
    callback=_links,
    params=[
        QUARANTINE,
        click.Option(["--listen"], default="127.0.0.1:8892", show_default=True,
                     metavar="HOST:PORT", help="Where the server that speaks TLS reaches it."),
        ADMIN_ONLY,
        SMTP,
        *COMMON_OPTIONS,
    ],
    help=(
        "Serve the page behind the links of digests: it shows the message and asks; only the "
        "button releases. It speaks plain HTTP, for a server with TLS in front of it."
    ),
)  # fmt: skip
_AUDIT_COMMAND = click.Command(
    "audit",
    callback=_audit,
    params=[QUARANTINE, _FORMAT, *COMMON_OPTIONS],
    help="Print every decision, and check that none was changed or taken out.",
)

group = click.Group(
    "quarantine",
    commands=[_LIST_COMMAND, _SEARCH_COMMAND, _SHOW_COMMAND, _RELEASE_COMMAND, _DELETE_COMMAND,
              _BLOCK_COMMAND, _EXPIRE_COMMAND, _DIGEST_COMMAND, _LINKS_COMMAND, _AUDIT_COMMAND],
    help="Held messages: look at them, release or delete them, block their senders.",
)  # fmt: skip
