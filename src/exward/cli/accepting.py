"""Adds an entry to the file of accepted risks."""

from __future__ import annotations

import datetime
import getpass
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.terminal import note, show
from exward.incidents import acceptance_file
from exward.incidents.acceptance import Entry, Level, Tuning
from exward.model.errors import UsageError
from exward.model.finding import Finding
from exward.reports.load import load

MAX_DAYS = 366
NEVER = acceptance_file.NEVER
_DAYS = re.compile(r"(\d{1,4})d")


def add(file: str, values: Mapping[str, Any]) -> int:
    """Add the entry that the flags describe to the file, show it, and return the exit code."""
    path = Path(file)
    known = acceptance_file.load(path) if path.exists() and path.stat().st_size else None
    taken = _ids(known) if known is not None else set()
    entry = (_level if values["to_level"] else _entry)(_free_id(taken), values)
    text = acceptance_file.rendered(entry)
    acceptance_file.parse(text.encode(), "the new entry")
    _append(path, text, "" if known is not None else acceptance_file.HEADER)
    show(text.rstrip())
    note(f"added to {path}; use it with `exward scan … --accepted {path}`")
    if _is_wide(entry):
        note("it covers every server, account and address: add --server or --account if you can")
    return exits.DONE


def _entry(name: str, values: Mapping[str, Any]) -> Entry:
    finding = _finding(values["results"], values["finding"])
    rule = values["rule"] or (finding.rule if finding is not None else "")
    if not rule:
        raise UsageError("say which rule", "give --rule ID, or --results FILE --finding ID")
    return Entry(
        id=name,
        rule=rule,
        server=values["server"] or _literal(finding.server if finding is not None else ""),
        account=values["account"] or _literal(finding.account if finding is not None else ""),
        source_ip=values["source_ip"] or (finding.source_ip if finding is not None else ""),
        fields={**_file_of(finding), **dict(_field(text) for text in values["fields"])},
        why=values["why"],
        who=values["who"] or getpass.getuser(),
        until=_until(values["until"]),
    )


def _level(name: str, values: Mapping[str, Any]) -> Level:
    if not values["rule"]:
        raise UsageError("say which rule gets the level", "give --rule ID", "--to-level")
    who = values["who"] or getpass.getuser()
    return Level(id=name, rule=values["rule"], level=values["to_level"], why=values["why"], who=who)


def _finding(results: str | None, wanted: str | None) -> Finding | None:
    if (results is None) != (wanted is None):
        raise UsageError("belong together", "give both", "--results and --finding")
    if results is None or wanted is None:
        return None
    found = [one for one in load(Path(results)).findings if one.id.startswith(wanted)]
    if len(found) != 1:
        what = "no finding has this id" if not found else f"{len(found):,} findings begin so"
        raise UsageError(what, "the ids stand in the results and in the report", wanted)
    return found[0]


def _file_of(finding: Finding | None) -> dict[str, str]:
    """What ties the entry to the file that a finding is about: accepted is what it holds now.

    Another file, or the same one changed again, is another risk.
    """
    hashes = {one.fields.get("sha256", "") for one in finding.evidence} if finding else set()
    return {"sha256": _literal(hashes.pop())} if len(hashes) == 1 and "" not in hashes else {}


def _literal(text: str) -> str:
    """A value from evidence as a pattern: a star in it must not stand for every value."""
    return text.replace("*", "?")


def _field(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip() or not value:
        raise UsageError("must be NAME=VALUE", "such as CommandLine='*backup.ps1*'", "--field")
    return name.strip(), value


def _until(text: str) -> datetime.date | None:
    today = datetime.datetime.now(datetime.UTC).date()
    if text == NEVER:
        return None
    days = _DAYS.fullmatch(text)
    try:
        last = (
            today + datetime.timedelta(days=int(days[1]))
            if days is not None
            else datetime.date.fromisoformat(text)
        )
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "must be a date, a number of days such as 90d, or never", "", "--until"
        ) from error
    if not today <= last <= today + datetime.timedelta(days=MAX_DAYS):
        hint = f"a risk is looked at again within {MAX_DAYS} days; `never` is possible"
        raise UsageError("lies in the past or too far ahead", hint, "--until")
    return last


def _ids(tuning: Tuning) -> set[str]:
    return {one.id for one in tuning.entries} | {one.id for one in tuning.levels}


def _free_id(taken: set[str]) -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return next(name for number in itertools.count(1) if (name := f"{today}-{number}") not in taken)


def _is_wide(entry: Entry | Level) -> bool:
    return isinstance(entry, Entry) and not any(
        (entry.server, entry.account, entry.source_ip, entry.fields)
    )


def _append(path: Path, text: str, header: str) -> None:
    try:
        before = path.read_bytes()[-1:] if path.exists() else b"\n"
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(header + ("" if before in {b"\n", b""} else "\n") + text)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror or error}", "check the path", str(path)
        ) from error
