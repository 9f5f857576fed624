"""What the mail checks know of their own organisation, read from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import re2

from exward.mail.addresses import Mailbox, parse_mailbox
from exward.mail.antivirus.clamd import ClamdAddress, parse_address
from exward.mail.banner import Banner
from exward.model.errors import ContentError

MAX_BANNER_LINE, MAX_BANNER_LINES = 400, 50
MAX_FILE_BYTES = 4 * 1024 * 1024
PLACES = ("from", "reply-to", "subject", "text", "link", "file-name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check of the user's own: a regular expression (RE2) over one place of a message."""

    name: str
    place: str
    pattern: str
    weight: float
    mail_class: str = "spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Points from which a message is tagged, quarantined, rejected."""

    tag: float = 5.0
    quarantine: float = 8.0
    reject: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Every key of the file; domains and addresses in lower case."""

    own_domains: frozenset[str] = frozenset()
    """Mail from these comes from inside; what looks like them does not."""
    executives: tuple[Mailbox, ...] = ()
    """People whose name others may want to use: `Ann Lee <ann.lee@example.com>`."""
    allow: frozenset[str] = frozenset()
    """Addresses and domains whose mail is delivered if it is authenticated (or no one can tell)."""
    block: frozenset[str] = frozenset()
    trusted_authserv_ids: frozenset[str] = frozenset()
    """Names under which our own servers write Authentication-Results; no others are believed."""
    rules: tuple[Rule, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    clamd: ClamdAddress | None = None
    """Where ClamAV's daemon listens; None: it is not asked."""
    banner: Banner | None = None
    """What is put in front of the text of tagged messages."""


class _File(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """The layout of the file."""

    own_domains: list[str] = []
    executives: list[str] = []
    allow: list[str] = []
    block: list[str] = []
    trusted_authserv_ids: list[str] = []
    rules: list[dict[str, Any]] = []
    thresholds: dict[str, float] = {}
    clamd: str = ""
    banner: dict[str, str] = {}


def load_settings(path: Path) -> MailSettings:
    """Read a settings file; raises ContentError that says what is wrong and where."""
    try:
        data = path.read_bytes()[: MAX_FILE_BYTES + 1]
        if len(data) > MAX_FILE_BYTES:
            raise ContentError("is larger than 4 MiB", "check the path", str(path))
        given = msgspec.convert(tomllib.loads(data.decode()), _File)
        return _settings(given, str(path))
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", "check the path", str(path)
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ContentError(f"is not valid: {error}", "see docs/mail.md", str(path)) from error


def _settings(given: _File, where: str) -> MailSettings:
    return MailSettings(
        own_domains=_lower(given.own_domains),
        executives=tuple(map(parse_mailbox, given.executives)),
        allow=_lower(given.allow),
        block=_lower(given.block),
        trusted_authserv_ids=_lower(given.trusted_authserv_ids),
        rules=tuple(_rule(entry, where) for entry in given.rules),
        thresholds=_thresholds(given.thresholds, where),
        clamd=_clamd(given.clamd, where),
        banner=_banner(given.banner, where),
    )


def _clamd(text: str, where: str) -> ClamdAddress | None:
    try:
        return parse_address(text) if text else None
    except ValueError as error:
        raise ContentError(f"clamd {error}", "see docs/mail.md", where) from error


def _banner(given: dict[str, str], where: str) -> Banner | None:
    if not given:
        return None
    lines = [line for value in given.values() for line in value.splitlines()]
    if not given.get("text", "").strip() or set(given) - {"text", "html"}:
        raise ContentError("a banner has text and html (text alone is enough)", "", where)
    if max(map(len, lines)) > MAX_BANNER_LINE or len(lines) > MAX_BANNER_LINES:
        raise ContentError("a banner has 50 lines of 400 characters at most", "", where)
    return Banner(given["text"], given.get("html", ""))


def _lower(values: list[str]) -> frozenset[str]:
    return frozenset(value.strip().lower() for value in values)


def _thresholds(given: dict[str, float], where: str) -> Thresholds:
    try:
        limits = Thresholds(**given)
    except TypeError as error:
        raise ContentError(f"thresholds: {error}", "tag, quarantine and reject", where) from error
    if not limits.tag <= limits.quarantine <= limits.reject:
        raise ContentError("thresholds must rise: tag, quarantine, reject", "", where)
    return limits


def _rule(entry: dict[str, Any], where: str) -> Rule:
    try:
        rule = msgspec.convert(entry, _RuleEntry)
        re2.compile(rule.pattern)
    except msgspec.ValidationError as error:
        raise ContentError(f"a rule is not valid: {error}", "see docs/mail.md", where) from error
    except re2.error as error:
        raise ContentError(f"a rule's pattern is not valid: {error}", "", where) from error
    if rule.place not in PLACES:
        raise ContentError(f"a rule has no place {rule.place!r}", ", ".join(PLACES), where)
    return Rule(name=rule.name, place=rule.place, pattern=rule.pattern, weight=rule.weight,
                mail_class=rule.mail_class)  # fmt: skip


class _RuleEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The layout of a rule in the file."""

    name: str
    place: str
    pattern: str
    weight: float
    mail_class: str = msgspec.field(default="spam", name="class")
