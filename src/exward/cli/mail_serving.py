"""Runs the mail filter until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.mailing import compiled_rules
from exward.cli.quarantining import address_of, quarantine_in
from exward.cli.terminal import note
from exward.mail.history.store import History
from exward.mail.milter.decision import Decision, FilterOptions
from exward.mail.milter.server import FilterServer, ServeOptions
from exward.mail.quarantine.keys import load_key
from exward.mail.settings import MailSettings, load_settings
from exward.model.errors import ExwardError
from exward.reports.messages import jsonl
from exward.scan.mail_rules import YaraRules

_LEFT_OUT = "not judged"
_NOT_STORED = "could not be stored"
"""Of those to be quarantined; what `--on-failure` says was done with them."""


def serve_mail(values: Mapping[str, Any]) -> int:
    """Serve until SIGINT or SIGTERM; raises ExwardError if the address cannot be listened on."""
    given = values["mail_settings"]
    settings = load_settings(Path(given)) if given else MailSettings()
    host, port = address_of(values["listen"], "--listen")
    compiled = compiled_rules(values["yara"])
    serving = ServeOptions(
        host=host,
        port=port,
        workers=values["workers"] or os.cpu_count() or 1,
        use_dns=values["dns"],
        fail_open=values["on_failure"] == "accept",
        memory_bytes=values["memory"] * 2**20,
        history=values["history"] or "",
        make_rules=partial(YaraRules, compiled) if compiled else None,
        quarantine=values["quarantine"] or "",
    )
    if serving.quarantine:
        with quarantine_in(serving.quarantine) as quarantine:  # complaints before mail is taken
            load_key(quarantine.folder)
    filtering = FilterOptions(
        server_name=values["server_name"] or socket.getfqdn(),
        subject_tag=values["subject_tag"],
        may_reject=not values["never_reject"],
    )
    if serving.history:  # complaints before mail is taken
        History(serving.history, learns=True).close()
    log = Path(values["verdicts"]) if values["verdicts"] else None
    if log is not None:
        _write(log, "")  # complaints before mail is taken
    asyncio.run(_serve(serving, settings, filtering, log))
    return exits.DONE


async def _serve(
    serving: ServeOptions, settings: MailSettings, filtering: FilterOptions, log: Path | None
) -> None:
    counts = Counter[str]()
    server = FilterServer(serving, settings, filtering, partial(_note, log, counts))
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows: Ctrl-C ends the run
            break
    try:
        port = await server.start()
    except OSError as error:
        where = f"{serving.host}:{serving.port}"
        raise ExwardError(f"cannot listen: {error.strerror}", "is it in use?", where) from error
    note(f"filtering mail on {serving.host}:{port}")
    await stopped.wait()
    await server.close()
    told = ", ".join(f"{number:,} {word}" for word, number in counts.most_common() if number)
    note(f"messages: {told or 'none'}")


def _note(
    log: Path | None, counts: Counter[str], queue_id: str, decision: Decision | None, failed: str
) -> None:
    """Tell of a message, and keep its verdict; a file that is full must not stop the mail."""
    _tell(queue_id, decision, failed)
    if decision is None:
        counts[_LEFT_OUT] += bool(queue_id)  # else it is about a connection
        return
    if decision.verdict is None:
        return
    counts[decision.verdict.verdict.value] += 1
    counts[_NOT_STORED] += bool(decision.failed)
    if log is not None:
        try:
            _write(log, jsonl.line("message", decision.verdict))
        except ExwardError as error:
            note(f"{queue_id or '-'}: the verdict was not kept: {error.what}")


def _write(log: Path, text: str) -> None:
    """Add to a file that only its owner may read; opened each time, so that it may be moved."""
    try:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ExwardError(what, "choose another --verdicts", str(log)) from error


def _tell(queue_id: str, decision: Decision | None, failed: str) -> None:
    """One line for each message; subjects and texts are not logged."""
    if decision is None:
        note(f"{queue_id or '-'}: {failed}")
        return
    verdict, outcome = decision.verdict, decision.failed or decision.said
    if verdict is None:
        note(f"{queue_id or '-'}: {outcome}")
        return
    reasons = ", ".join(f"{one.check} {one.weight:+.1f}" for one in verdict.reasons[:5])
    more = f"; {outcome}" if outcome else ""
    note(f"{queue_id or '-'}: {verdict.verdict.value} {verdict.score:.1f} ({reasons}){more}")
