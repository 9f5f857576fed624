"""The groups and roles worth watching, as data (`content/access`), and what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

# msgspec reads this annotation when the program runs, and the table needs it.
from exward.model.severity import Severity

_WELL_KNOWN = re.compile(r"(?:.*-)?(s-1-(?:5-32-\d+|1-0|5-\d+))", re.IGNORECASE)
_OF_SERVER = re.compile(r"[^\\]+\\(s-1-5-32-\d+)", re.IGNORECASE)
_IN_DOMAIN = re.compile(r"s-1-5-21-\d+-\d+-\d+-(\d+)", re.IGNORECASE)

MACHINES, PEOPLE, NOBODY, ANYBODY = "machines", "people", "nobody", "anybody"
LOCAL = "server"
FOR_ALL = Severity.CRITICAL
"""How bad an administrative role is that a policy gives to every user."""
_LOWER = {Severity.CRITICAL: Severity.HIGH, Severity.HIGH: Severity.MEDIUM}


class Watched(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One group. `expects`: who belongs there.

    `sid`: whole SID of a built-in group; `rid`: last part of a SID in any domain. Names of other
    languages tell a group where the evidence has no SID. Groups of a server itself (`tool: server`)
    have the SIDs of the domain's own; the server's name stands before, `EX01\\S-1-5-32-544`.
    `owns`: its members own Exchange, a server or the domain at once. `role_group`: Exchange's setup
    gives it roles.
    """

    id: str
    name: str
    why: str
    source: str
    level: Severity
    expects: Literal["people", "machines", "nobody", "anybody"]
    sid: str = ""
    rid: int | None = None
    names: tuple[str, ...] = ()
    owns: bool = False
    role_group: bool = False
    tool: Literal["active-directory", "exchange", "server"] = "active-directory"


class WatchedRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One management role. `holders`: who has it after setup, as a regular assignment; None: the
    role groups of setup may.
    """

    role: str
    why: str
    source: str
    level: Severity
    holders: tuple[str, ...] | None = None

    def is_usual(self, holder: str) -> bool:
        """Whether Exchange's setup gives it to the role group of this name."""
        name = holder.casefold()
        if self.holders is None:
            return name in role_groups()
        return name in {one.casefold() for one in self.holders}

    def severity(self, scoped: bool) -> Severity:
        """How bad it is that another one holds it, over everything or within a scope."""
        return _LOWER.get(self.level, self.level) if scoped else self.level


@cache
def groups() -> tuple[Watched, ...]:
    """The watched groups, in the order of the file."""
    return msgspec.convert(_load("groups.yml"), tuple[Watched, ...])


@cache
def roles() -> tuple[WatchedRole, ...]:
    """The watched roles, in the order of the file."""
    return msgspec.convert(_load("roles.yml"), tuple[WatchedRole, ...])


def by_identity(sid: str, name: str) -> Watched | None:
    """The watched group of this SID; of this name only where the SID says nothing."""
    if sid:
        local = _OF_SERVER.fullmatch(sid)
        if local is not None:
            return _by_local_sid().get(local[1].casefold())
        found = _WELL_KNOWN.fullmatch(sid)
        in_domain = _IN_DOMAIN.fullmatch(sid)
        if found is not None and (one := _by_sid().get(found[1].casefold())):
            return one
        if in_domain is not None and (one := _by_rid().get(int(in_domain[1]))):
            return one
    named = _by_name().get(name.casefold())
    told_by_sid = named is not None and (named.sid or named.rid is not None)
    return None if sid and told_by_sid else named


def group_named(words: str) -> str:
    """The name of the watched group that a file is named for, as its own list writes it."""
    return _by_squeezed().get(_squeezed(words), "")


@cache
def owners() -> tuple[Watched, ...]:
    """The groups of a domain whose members own Exchange, a server or the domain at once."""
    return tuple(one for one in groups() if one.owns)


@cache
def machine_groups() -> frozenset[str]:
    """Names, lower case, of Exchange's groups for servers; only computers belong into them."""
    return frozenset(
        one.name.casefold()
        for one in groups()
        if one.tool == "exchange" and one.expects == MACHINES
    )


@cache
def role_groups() -> frozenset[str]:
    """Names, lower case, of the groups that Exchange's setup gives roles."""
    return frozenset(one.name.casefold() for one in groups() if one.role_group)


@cache
def role_named() -> dict[str, WatchedRole]:
    """Watched roles by name, lower case."""
    return {one.role.casefold(): one for one in roles()}


@cache
def _by_sid() -> dict[str, Watched]:
    return {one.sid.casefold(): one for one in groups() if one.sid and one.tool != LOCAL}


@cache
def _by_local_sid() -> dict[str, Watched]:
    return {one.sid.casefold(): one for one in groups() if one.tool == LOCAL}


@cache
def _by_rid() -> dict[int, Watched]:
    return {one.rid: one for one in groups() if one.rid is not None}


@cache
def _by_name() -> dict[str, Watched]:
    return {name.casefold(): one for one in _of_domain() for name in _names(one)}


@cache
def _by_squeezed() -> dict[str, str]:
    return {_squeezed(name): name for one in _of_domain() for name in _names(one)}


def _of_domain() -> Iterable[Watched]:
    return (one for one in groups() if one.tool != LOCAL)


def _names(one: Watched) -> Iterable[str]:
    return (one.name, *one.names)


def _squeezed(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()


def _load(name: str) -> object:
    text = files("exward").joinpath("content", "access", name).read_text("utf-8")
    return yaml.safe_load(text)
