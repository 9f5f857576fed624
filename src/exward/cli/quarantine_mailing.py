"""`exward mail quarantine digest`: tells users what is held for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.quarantining import address_of, quarantine_in, who_asks
from exward.cli.terminal import complain, show
from exward.mail.quarantine.digests import (
    LinkPlan,
    checked_base,
    compose,
    find_digests,
    note_told,
    plan_links,
)
from exward.mail.quarantine.files import write_durably
from exward.mail.quarantine.handing import MailServer, Outgoing, hand_over
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.passes import recipient_key
from exward.mail.quarantine.store import Quarantine
from exward.mail.settings import load_settings
from exward.model.errors import ExwardError, UsageError
from exward.model.quarantine import Digest
from exward.reports.quarantine.digest import render_html, render_text


def tell_users(values: Mapping[str, Any]) -> int:
    """Write or send a digest for each user; 3 if one could not be sent."""
    if bool(values["out"]) == values["send"]:
        raise UsageError("say what to do with the digests", "give --out FOLDER or --send", "--out")
    given = values["mail_settings"]
    domains = load_settings(Path(given)).own_domains if given else frozenset()
    if not domains:
        hint = "give --mail-settings FILE with own-domains: nobody else gets digests"
        raise UsageError("whose users are ours is not known", hint, "--mail-settings")
    links = plan_links(checked_base(values["base_url"]), values["valid_days"])
    reserved = frozenset(values["admin_only"])
    failed = count = 0
    with quarantine_in(values["quarantine"]) as quarantine:
        for digest in [*find_digests(quarantine, domains, reserved, links)]:
            if _tell(quarantine, digest, values, links):
                count += 1
            else:
                failed += 1
    show(f"{count:,} digests {'sent' if values['send'] else 'written'}")
    return exits.FAILED if failed else exits.DONE


def _tell(
    quarantine: Quarantine, digest: Digest, values: Mapping[str, Any], links: LinkPlan
) -> bool:
    texts = (render_text(digest), render_html(digest))
    raw = compose(load_key(quarantine.folder), digest, values["sender"], texts)
    if values["send"]:
        server = MailServer(*address_of(values["smtp"], "--smtp"))
        handed = hand_over(server, Outgoing("", (digest.recipient,), raw))
        if not handed.accepted:
            complain(
                f"no digest was sent: {handed.said}", "the next run tells it", digest.recipient
            )
            return False
    else:
        _write(quarantine, Path(values["out"]), digest, raw)
    note_told(quarantine, digest, links.until, who_asks())
    return True


def _write(quarantine: Quarantine, folder: Path, digest: Digest, raw: bytes) -> None:
    """Beside what is there: a digest that was not sent yet is not replaced by the next one."""
    name = f"{recipient_key(digest.recipient)}-{digest.expires}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(folder, folder / name, raw, folder)
    except OSError as error:
        hint = "free space or rights?"
        raise ExwardError(f"cannot be written: {error.strerror}", hint, str(folder)) from error
