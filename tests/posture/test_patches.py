"""Builds: the acceptance vectors, and what is missing."""

from collections import Counter
from datetime import date

import pytest

from exward.model.posture import Precision, Support
from exward.posture import build, facts
from exward.posture.inventory import BuildReading, Inventory
from exward.posture.patches import (
    ByBuild,
    best_reading,
    by_build,
    is_doubtful,
    posture_of,
    release_of,
)

FACTS = facts.load()
TODAY = date(2026, 11, 26)
OPEN = {ByBuild.EXPOSED, ByBuild.NO_FIX}


def reading(number, precision=Precision.EXACT, collected=None):
    parsed = build.parse(number)
    assert parsed is not None
    return BuildReading(parsed, precision, "ExSetup.exe", "host.json", None, collected)


def inventory(*numbers, precision=Precision.EXACT):
    return Inventory("EX01", tuple(reading(number, precision) for number in numbers))


def release(number):
    found = release_of(reading(number).build, FACTS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("product", "number", "cu", "exposed", "exploited", "conditional"),
    [
        ("2010", "14.3.513.0", "SP3", 0, 0, 3),
        ("2013", "15.0.1497.12", "CU23", 37, 9, 6),
        ("2013", "15.0.1497.48", "CU23", 0, 0, 13),
        ("2016", "15.1.2176.9", "CU19", 101, 12, 7),
        ("2016", "15.1.2507.17", "CU23", 55, 2, 15),
        ("2016", "15.1.2507.72", "CU23", 0, 0, 30),
        ("2019", "15.2.221.12", "RTM", 134, 18, 0),
        ("2019", "15.2.529.13", "CU4", 116, 12, 3),
        ("2019", "15.2.858.5", "CU9", 101, 12, 7),
        ("2019", "15.2.1118.20", "CU12", 60, 2, 15),
        ("2019", "15.2.1544.4", "CU14", 33, 1, 20),
        ("2019", "15.2.1748.49", "CU15", 0, 0, 30),
        ("SE", "15.2.2562.17", "RTM", 29, 1, 0),
        ("SE", "15.2.2562.46", "RTM", 0, 0, 7),
    ],
)
def test_acceptance_vectors(product, number, cu, exposed, exploited, conditional):
    found = release(number)
    assert (found.base.product, found.base.cu) == (f"Exchange Server {product}", cu)
    judged = {cve.cve: by_build(found, cve, FACTS) for cve in FACTS.cves}
    counted = Counter(
        name
        for cve in FACTS.cves
        for name, holds in (
            ("exposed", judged[cve.cve] in OPEN),
            ("exploited", judged[cve.cve] in OPEN and bool(cve.exploited_since)),
            ("conditional", judged[cve.cve] is ByBuild.FIXED and bool(cve.condition)),
        )
        if holds
    )
    assert (counted["exposed"], counted["exploited"], counted["conditional"]) == (
        exposed, exploited, conditional,
    )  # fmt: skip


@pytest.mark.parametrize("row", [row for rows in FACTS.builds.values() for row in rows])
def test_every_build_gets_an_answer_for_every_vulnerability(row):
    found = release(row.build)
    assert {by_build(found, cve, FACTS) for cve in FACTS.cves} <= set(ByBuild)
    posture = posture_of(inventory(row.build), FACTS, TODAY)
    assert posture.product
    assert posture.days_behind is not None


@pytest.mark.parametrize(
    ("number", "label", "listed"),
    [
        ("15.2.1118.20", "2019 CU12 Nov22SU", True),
        ("15.2.1118.22", "2019 CU12 Jan23SU", False),
        ("15.1.1779.3", "2016 CU13", False),
        ("15.2.2562.17", "SE RTM", True),
    ],
)
def test_a_build_that_is_not_listed_counts_as_the_one_below(number, label, listed):
    posture = posture_of(inventory(number), FACTS, TODAY)
    assert (posture.label, posture.listed) == (label, listed)


@pytest.mark.parametrize("number", ["15.9.1.1", "14.9.1.1"])
def test_a_build_of_no_product_is_unknown(number):
    posture = posture_of(inventory(number), FACTS, TODAY)
    assert posture.precision is Precision.UNKNOWN
    assert (posture.build, posture.product, posture.days_behind) == (number, "", None)


def test_no_build_is_unknown():
    posture = posture_of(Inventory("EX01"), FACTS, TODAY)
    assert (posture.build, posture.support) == ("", Support.UNKNOWN)


@pytest.mark.parametrize(
    ("number", "missing"),
    [
        ("15.2.2562.46", []),
        ("15.2.2562.17", ["15.2.2562.46"]),
        ("15.2.1748.46", ["15.2.1748.49"]),
        ("15.2.1544.4", ["15.2.1544.44"]),
        ("15.2.1118.20", ["15.2.1748.10", "15.2.1748.49"]),
        ("15.1.2176.9", ["15.1.2507.6", "15.1.2507.72"]),
    ],
)
def test_what_to_install_in_order(number, missing):
    posture = posture_of(inventory(number), FACTS, TODAY)
    assert [one.build for one in posture.missing] == missing
    assert (posture.days_behind == 0) == (not missing)


def test_the_cu_alone_never_says_that_nothing_is_missing():
    posture = posture_of(inventory("15.2.2562.17", precision=Precision.CU_ONLY), FACTS, TODAY)
    assert [one.build for one in posture.missing] == ["15.2.2562.46"]
    assert (posture.su, posture.days_behind, posture.label) == ("", None, "SE RTM")


def test_the_most_telling_reading_counts_then_the_latest():
    vague = reading("15.2.1748.10", Precision.CU_ONLY, 9)
    early, late = reading("15.2.1748.46", collected=1), reading("15.2.1748.49", collected=2)
    assert best_reading(Inventory("EX01", (vague, late, early))) == late


@pytest.mark.parametrize(
    ("number", "day", "support"),
    [
        ("15.1.2507.72", date(2025, 10, 14), Support.SUPPORTED),
        ("15.1.2507.72", date(2026, 9, 1), Support.PAID),
        ("15.1.2507.72", TODAY, Support.ENDED),
        ("15.2.2562.46", TODAY, Support.SUPPORTED),
        ("15.0.1497.48", TODAY, Support.ENDED),
    ],
)
def test_support(number, day, support):
    assert posture_of(inventory(number), FACTS, day).support is support


def test_the_special_packages_prove_no_other_fix():
    found = release("15.2.529.13")
    doubtful = {cve.cve for cve in FACTS.cves if is_doubtful(found, cve, FACTS)}
    assert "CVE-2020-0688" in doubtful
    assert "CVE-2021-26855" not in doubtful
    assert not any(is_doubtful(release("15.2.1118.20"), cve, FACTS) for cve in FACTS.cves)


@pytest.mark.parametrize(
    ("number", "label"),
    [("15.1.2507", "2016 CU23"), ("15.2.2562", "SE RTM"), ("15.0.1497", "2013 CU23")],
)
def test_three_numbers_tell_the_cumulative_update_itself(number, label):
    found = release(number)
    assert found.fact.label == label
    assert found.build.revision is not None
