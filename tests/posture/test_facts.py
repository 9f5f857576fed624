"""The tables that ship with the package, and how others are refused."""

import json
import re
from datetime import date
from importlib.resources import files

import pytest

from exward.model.errors import ContentError
from exward.posture import build, facts
from exward.posture.conditions.registry import kinds
from exward.posture.patches import release_of

FACTS = facts.load()
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def test_every_build_has_a_source_and_a_day_and_is_listed_once():
    rows = [row for rows in FACTS.builds.values() for row in rows]
    assert len(rows) == len({row.build for row in rows}) > 380
    assert all(row.sources and DAY.fullmatch(row.released) for row in rows)
    assert {row.kind for row in rows} == {"RTM", "CU", "SP", "SU", "HU", "RU", "Preview"}
    assert set(FACTS.builds) == set(FACTS.products)


def test_every_build_belongs_to_a_release_of_its_product():
    for product, rows in FACTS.builds.items():
        for row in rows:
            release = release_of(row.number, FACTS)
            assert release is not None
            if row.kind != "Preview":
                assert (release.base.product, release.base.cu) == (product, row.cu)


def test_every_vulnerability_has_a_source_and_conditions_that_can_be_judged():
    assert len(FACTS.cves) == len({row.cve for row in FACTS.cves})
    for row in FACTS.cves:
        assert re.fullmatch(r"CVE-\d{4}-\d{4,7}|ADV\d+", row.cve)
        assert row.source
        assert {one.kind for one in (*row.conditions, *row.mitigations)} <= set(kinds())
        assert set(row.fixed) | set(row.affected) | set(row.contained_from) <= set(FACTS.products)
        for number in [n for cus in row.fixed.values() for n in cus.values()]:
            assert build.parse(number) is not None
        assert not row.conditions or row.condition


def test_every_kind_of_condition_is_used():
    used = {one.kind for row in FACTS.cves for one in (*row.conditions, *row.mitigations)}
    assert used == set(kinds())


def test_age_counts_from_the_older_table():
    assert FACTS.age_days(date(2026, 8, 12)) == (date(2026, 8, 12) - FACTS.as_of).days


def _table(**changes):
    table = json.loads(files("exward").joinpath("content/facts/builds.json").read_text("utf-8"))
    return json.dumps({**table, **changes}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", b"[" * 100_000, _table(schema="exward.facts/9"), _table(table="cves"),
        _table(as_of="soon"), _table(rows=3), _table(extra=1),
        _table(rows=[{"product": "x", "build": "1.2", "label": "", "cu": "", "kind": "",
                      "released": "", "precision": "", "sources": []}]),
        b" " * (facts.MAX_TABLE_BYTES + 1),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_table_is_refused(data):
    with pytest.raises(ContentError):
        facts.check_table("builds", data, "x.json")


def test_the_newer_table_counts(tmp_path):
    (tmp_path / "builds.json").write_bytes(_table(as_of="2020-01-01", rows=[]))
    assert facts.load(tmp_path).builds == FACTS.builds
    later = tmp_path / "later"
    later.mkdir()
    (later / "builds.json").write_bytes(_table(as_of="2099-01-01", rows=[]))
    assert facts.load(later).builds == {}
    assert facts.load(later).as_of == FACTS.as_of
