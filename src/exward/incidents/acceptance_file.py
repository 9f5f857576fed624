"""The file of accepted risks: a YAML list that people edit and `exward accept` adds to.

Each item is either `accept: RULE` (a risk that is accepted) or `level: RULE` (another level for a
rule). docs/accepted.md describes every key.
"""

from __future__ import annotations

import datetime
from ipaddress import ip_network
from pathlib import Path

import msgspec
import yaml

from exward.incidents.acceptance import Entry, Level, Tuning
from exward.model.errors import ContentError, UsageError
from exward.model.severity import Severity
from exward.model.written_yaml import written
from exward.rules import safe_yaml

HEADER = "# Accepted risks and levels for exward. See docs/accepted.md.\n"
MAX_ENTRIES = 10_000


class _Accept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    accept: str
    id: str = ""
    server: str = ""
    account: str = ""
    source_ip: str = ""
    fields: dict[str, str | int | float | bool] = {}
    why: str
    who: str
    until: str


class _Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    level: str
    id: str = ""
    to: str
    why: str
    who: str


NEVER = "never"
"""`until: never`: an entry without an end has to say so."""


def load(path: Path) -> Tuning:
    """Read the file. Raises ContentError that names the item's line, UsageError if it is absent."""
    try:
        with path.open("rb") as file:
            data = file.read(safe_yaml.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror or error}", "check --accepted", str(path)
        ) from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Tuning:
    """Read the text of a file; `name` stands for it in messages. Raises ContentError."""
    documents = safe_yaml.load_documents(data, name)
    items = documents[0].document if documents else []
    if len(documents) > 1 or not isinstance(items, list) or len(items) > MAX_ENTRIES:
        raise ContentError(f"must be one list of at most {MAX_ENTRIES:,} items", "", name)
    lines = _lines(data, len(items))
    made = [
        _item(item, f"{name}:{line}", index)
        for index, (item, line) in enumerate(zip(items, lines, strict=True), start=1)
    ]
    _refuse_twice(made)
    return Tuning(
        tuple(one for one in made if isinstance(one, Entry)),
        tuple(one for one in made if isinstance(one, Level)),
    )


def rendered(entry: Entry | Level) -> str:
    """The item as YAML text that can be put at the end of a file."""
    if isinstance(entry, Level):
        values: dict[str, object] = {"level": entry.rule, "id": entry.id, "to": entry.level}
    else:
        values = {
            "accept": entry.rule,
            "id": entry.id,
            "server": entry.server,
            "account": entry.account,
            "source_ip": entry.source_ip,
            "fields": dict(entry.fields),
        }
    values |= {"why": entry.why, "who": entry.who}
    if isinstance(entry, Entry):
        values["until"] = NEVER if entry.until is None else entry.until
    kept = [{name: value for name, value in values.items() if value}]
    return written(kept)


def _lines(data: bytes, count: int) -> list[int]:
    """1-based lines on which the items of the list begin."""
    root = yaml.compose(data, Loader=yaml.SafeLoader)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    return [node.start_mark.line + 1 for node in nodes] or [1] * count


def _item(item: object, where: str, number: int) -> Entry | Level:
    if not isinstance(item, dict) or ("accept" in item) == ("level" in item):
        raise ContentError("an item has either `accept: RULE` or `level: RULE`", "", where)
    try:
        if "level" in item:
            return _level(msgspec.convert(item, _Level), where, number)
        return _entry(msgspec.convert(_with_text_date(item), _Accept), where, number)
    except (msgspec.ValidationError, ValueError) as error:
        raise ContentError(str(error), "see docs/accepted.md", where) from error


def _entry(item: _Accept, where: str, number: int) -> Entry:
    _refuse_wildcard(item.accept)
    if item.source_ip:
        ip_network(item.source_ip, strict=False)
    return Entry(
        id=item.id or f"item-{number}",
        rule=item.accept,
        server=item.server,
        account=item.account,
        source_ip=item.source_ip,
        fields={name: _text(value) for name, value in item.fields.items()},
        why=_stated(item.why, "why"),
        who=_stated(item.who, "who"),
        until=_date(item.until),
        where=where,
    )


def _level(item: _Level, where: str, number: int) -> Level:
    _refuse_wildcard(item.level)
    return Level(
        id=item.id or f"item-{number}",
        rule=item.level,
        level=Severity(item.to).value,
        why=_stated(item.why, "why"),
        who=_stated(item.who, "who"),
        where=where,
    )


def _with_text_date(item: dict[str, object]) -> dict[str, object]:
    """YAML reads `2027-01-31` as a date and `"2027-01-31"` as a text."""
    until = item.get("until")
    return item | {"until": until.isoformat()} if isinstance(until, datetime.date) else item


def _text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _date(text: str) -> datetime.date | None:
    return None if text == NEVER else datetime.date.fromisoformat(text)


def _stated(text: str, name: str) -> str:
    if not text.strip():
        raise ValueError(f"`{name}` is empty")
    return text.strip()


def _refuse_wildcard(rule: str) -> None:
    if not rule.strip() or "*" in rule or "?" in rule:
        raise ValueError("the rule is named by its id, without wildcards")


def _refuse_twice(items: list[Entry | Level]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ContentError(
                f"the id {item.id!r} stands twice", "give each item its own", item.where
            )
        seen.add(item.id)
