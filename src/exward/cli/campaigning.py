"""Starts, finishes and verifies a campaign over members of watched groups, roles and rights."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from exward.access import campaign as campaigns
from exward.access.campaign import KEEP, Record
from exward.cli import exits
from exward.cli.output import write_file
from exward.cli.terminal import note, show
from exward.incidents import acceptance_file
from exward.incidents.acceptance import Entry
from exward.model.errors import ContentError, ExwardError, UsageError
from exward.reports.load import load

KEY_BYTES = 32


def start(results: str, file: str, values: Mapping[str, Any]) -> int:
    """Write the campaign's file from saved results."""
    path = Path(file)
    if path.exists():
        raise UsageError("exists already", "decisions in it would be lost; name another", file)
    due = _today() + datetime.timedelta(days=values["days"])
    made = campaigns.start(load(Path(results)).findings, values["owner"], due, values["every"])
    _write(path, [campaigns.rendered(made)])
    for title in made.left_out:
        note(f"left out, as nobody decides on so many one by one: {title}; make it smaller first")
    members = sum(map(campaigns.is_member, made.items))
    rest = len(made.items) - members
    note(
        f"{members:,} members and {rest:,} roles and rights to decide on until {due}, "
        f"by {made.owner}"
    )
    return exits.DONE


def finish(file: str, values: Mapping[str, Any]) -> int:
    """Write the record and the accepted risks, and print the commands that remove."""
    made = campaigns.parse(_read(Path(file)), file)
    missing = list(campaigns.open_items(made))
    if missing:
        more = f" (and {len(missing) - 1:,} more)" if len(missing) > 1 else ""
        raise ContentError(f"not all is decided: {missing[0]}{more}", f"edit {file}", file)
    record = campaigns.finish(made, _today(), _key(Path(values["key"])))
    _write(Path(values["record"]), [msgspec.json.encode(record).decode() + "\n"])
    if values["accepted"] is not None:
        _accept(Path(values["accepted"]), record)
    show(*campaigns.removals(made))
    late = f"; it was due on {made.due}" if record.late else ""
    note(f"decided by {made.owner}{late}; the next review is due on {record.next_due}")
    note(f"public key {record.public_key}")
    return exits.DONE


def verify(file: str, public_key: str) -> int:
    """Say whether a record is as it was signed."""
    try:
        record = msgspec.json.decode(_read(Path(file)), type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ContentError(f"is no record of a review: {error}", "", file) from error
    if not campaigns.is_genuine(record, public_key.strip().casefold()):
        raise ContentError("is not as this key signed it", "do not rely on it", file)
    show(f"genuine: decided {record.decided} by {record.campaign.owner}, next {record.next_due}")
    return exits.DONE


def accepted(record: Record) -> Iterator[Entry]:
    """A risk for each suspect member, role or right that is kept, until the next review is due."""
    name = f"review-{record.decided.isoformat()}-{campaigns.fingerprint(record.campaign)}"
    for number, one in enumerate(record.campaign.items, start=1):
        if one.decision == KEEP and one.suspect:
            yield Entry(
                id=f"{name}-{number}",
                rule=one.rule,
                account=_literal(one.who),
                fields={key: _literal(text) for key, text in campaigns.fields_of(one).items()},
                why=one.why,
                who=record.campaign.owner,
                until=record.next_due,
            )


def _literal(text: str) -> str:
    return text.replace("*", "?")


def _accept(path: Path, record: Record) -> None:
    try:
        before = _read(path).decode() if path.exists() else acceptance_file.HEADER
    except UnicodeDecodeError as error:
        raise ContentError(f"is no UTF-8: {error}", "save it as UTF-8", str(path)) from error
    text = "".join([before.rstrip("\n") + "\n", *map(acceptance_file.rendered, accepted(record))])
    acceptance_file.parse(text.encode(), str(path))  # an id twice: finished already
    _write(path, [text])


def _key(path: Path) -> bytes:
    """The seed in a file; one is made, for its owner only, where there is none."""
    if not path.exists():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
        except OSError as error:
            raise ExwardError(f"cannot be made: {error.strerror}", "", str(path)) from error
    try:
        key = bytes.fromhex(_read(path).decode("ascii").strip())
    except ValueError as error:
        raise ContentError("is no key (64 hex digits)", "name another --key", str(path)) from error
    if len(key) != KEY_BYTES:
        raise ContentError("is no key (64 hex digits)", "name another --key", str(path))
    return key


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(campaigns.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", "check the path", str(path)
        ) from error


def _write(path: Path, chunks: list[str]) -> None:
    try:
        write_file(path, chunks)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ExwardError(what, "check the path", str(path)) from error
    note(f"written: {path}")


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
