"""Facts about Exchange as data: builds, vulnerabilities, products; each row names its source.

The tables ship with the package (`content/facts`); `exward update` may put newer ones into a
folder of the user's. Each table has the day up to which it is complete (`as_of`), and of two
versions the later one counts. Days are ISO texts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import msgspec

from exward.model.errors import ContentError
from exward.posture import build
from exward.posture.build import Build

SCHEMA = "exward.facts/1"
TABLES = ("builds", "cves", "products")
STALE_DAYS = 45
"""Microsoft's updates come monthly; after this many days one is sure to be missing."""
MAX_TABLE_BYTES = 16 * 1024 * 1024


class BuildFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One release. `precision` says how exact `released` is: day, derived or month."""

    product: str
    build: str
    label: str
    cu: str
    kind: str
    released: str
    precision: str
    sources: tuple[str, ...]
    su: str = ""
    kb: str = ""
    note: str = ""

    @property
    def number(self) -> Build:
        """The build, for comparing; the loader has checked that it is one."""
        parsed = build.parse(self.build)
        return parsed if parsed is not None else Build(0, 0, 0, 0)


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to hold besides the build; `kind` names a module of `posture/conditions`."""

    kind: str
    values: tuple[str, ...] = ()
    levels: dict[str, int] = {}


class Cve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One vulnerability.

    `fixed`: product → cumulative update → first fixed build; `contained_from`: product → build of
    the first cumulative update that has the fix from the start. `conditions` must all hold on a
    fixed build; one of `mitigations` closes it on a build without the fix. `outside`: it is fixed
    by an update of Windows, whatever build of Exchange there is.
    """

    cve: str
    component: str
    kind: str
    source: str
    affected: tuple[str, ...] = ()
    fixed: dict[str, dict[str, str]] = {}
    contained_from: dict[str, str] = {}
    fixed_by: str = ""
    fix_date: str = ""
    published: str = ""
    name: str = ""
    cvss: float | None = None
    cvss_recalled: bool = False
    exploited_since: str = ""
    condition: str = ""
    conditions: tuple[Condition, ...] = ()
    mitigations: tuple[Condition, ...] = ()
    outside: bool = False
    conflict: bool = False


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Support and directory levels. `paid_until`: last day of updates for those who pay."""

    product: str
    source: str
    levels: dict[str, dict[str, int]]
    ended: str = ""
    paid_until: str = ""
    successor: str = ""


class Special(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An update for old cumulative updates that fixed nothing but `cves`."""

    su: str
    product: str
    cus: tuple[str, ...]
    cves: tuple[str, ...]


class _Builds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    table: str
    as_of: date
    rows: tuple[BuildFact, ...]


class _Cves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    table: str
    as_of: date
    rows: tuple[Cve, ...]


class _Products(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    table: str
    as_of: date
    rows: tuple[Product, ...]
    special_packages: tuple[Special, ...]


_KINDS: dict[str, type[_Builds | _Cves | _Products]] = {
    "builds": _Builds,
    "cves": _Cves,
    "products": _Products,
}


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """All tables; builds of one product are in order of their numbers.

    Tables that were loaded again are others: what follows from them is kept by their identity.
    """

    as_of: date
    builds: Mapping[str, tuple[BuildFact, ...]]
    cves: tuple[Cve, ...]
    products: Mapping[str, Product]
    special: tuple[Special, ...]

    def age_days(self, today: date) -> int:
        """Days since the tables were complete."""
        return (today - self.as_of).days


def check_table(name: str, data: bytes, where: str) -> _Builds | _Cves | _Products:
    """Read one table; raises ContentError that says what is wrong with it."""
    if len(data) > MAX_TABLE_BYTES:
        raise ContentError("the table is larger than 16 MiB", "take another one", where)
    try:
        table = msgspec.json.decode(data, type=_KINDS[name])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ContentError(f"no table of facts: {error}", "take another one", where) from error
    if table.schema != SCHEMA or table.table != name:
        raise ContentError(
            f"this is {table.table!r} in {table.schema!r}, not {name!r} in {SCHEMA!r}", "", where
        )
    if isinstance(table, _Builds):
        _check_builds(table, where)
    return table


def _check_builds(table: _Builds, where: str) -> None:
    for row in table.rows:
        if build.parse(row.build) is None:
            raise ContentError(f"{row.build!r} is no build of Exchange", "", where)


def load(folder: Path | None = None) -> Facts:
    """The newest tables of the package and of `folder`; raises ContentError for a bad one."""
    tables = {name: _newest(name, folder) for name in TABLES}
    builds, cves, products = tables["builds"], tables["cves"], tables["products"]
    if not (
        isinstance(builds, _Builds) and isinstance(cves, _Cves) and isinstance(products, _Products)
    ):
        raise TypeError("check_table gave a table of another kind")
    by_product: dict[str, list[BuildFact]] = {}
    for row in sorted(builds.rows, key=lambda row: row.number.numbers):
        by_product.setdefault(row.product, []).append(row)
    return Facts(
        as_of=min(builds.as_of, cves.as_of),
        builds={name: tuple(rows) for name, rows in by_product.items()},
        cves=tuple(sorted(cves.rows, key=lambda row: row.cve)),
        products={row.product: row for row in products.rows},
        special=products.special_packages,
    )


def newest_bytes(name: str, folder: Path | None) -> bytes:
    """The newest table of that name, as it is written."""
    resource = files("exward").joinpath(f"content/facts/{name}.json")
    ours = resource.read_bytes()
    path = None if folder is None else folder / f"{name}.json"
    if path is None or not path.is_file():
        return ours
    try:
        with path.open("rb") as file:
            theirs = file.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", "", str(path)) from error
    later = check_table(name, theirs, str(path)).as_of >= check_table(name, ours, name).as_of
    return theirs if later else ours


def default_dir() -> Path:
    """Where `exward update` keeps newer tables: the platform's folder for the user's data."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "exward" / "facts"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "exward" / "facts"


def _newest(name: str, folder: Path | None) -> _Builds | _Cves | _Products:
    return check_table(name, newest_bytes(name, folder), name)
