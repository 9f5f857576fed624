"""Whether a vulnerability is really open."""

from datetime import date

import pytest

from exward.model.outcome import About, Status, asks_for_update
from exward.model.posture import Precision
from exward.posture import facts
from exward.posture.assess import assess, assess_build
from exward.posture.data import Data
from exward.posture.inventory import Area, Inventory
from exward.posture.vulnerabilities import outcomes
from tests.posture.checks.inventories import with_files
from tests.posture.test_patches import reading

FACTS = facts.load()
TODAY = date(2026, 11, 26)


def judged(number, precision=Precision.EXACT, **areas):
    written = with_files({name.replace("_", "-").lower(): value for name, value in areas.items()})
    named = {name: Area(Data(value), "x.json") for name, value in written.items()}
    readings = () if number is None else (reading(number, precision),)
    inventory = Inventory("EX01.contoso.example", readings, named)
    return {one.check: one for one in outcomes(inventory, FACTS)}


@pytest.mark.parametrize(
    ("cve", "status", "words"),
    [
        ("cve-2022-41082", "pass", "Fixed in build"),
        ("cve-2023-21529", "fail", "older than 15.2.1118.25 (Feb23SU)"),
        ("cve-2024-21410", "unknown", "Fixed in build 15.2.1118.20, but unknown"),
        ("cve-2026-42897", "fail", "no fix for 2019 CU12"),
    ],
)
def test_the_worked_example(cve, status, words):
    outcome = judged("15.2.1118.20")[cve]
    assert outcome.status == status
    assert words in outcome.reason
    assert outcome.about is About.VULNERABILITY


@pytest.mark.parametrize(
    ("number", "cve", "fix"),
    [
        (
            "15.2.1118.20",
            "cve-2026-42897",
            "Install a newer cumulative update, then Jun26SU or later.",
        ),
        ("15.2.1118.20", "cve-2023-21529", "Install Feb23SU or later."),
        ("15.2.1748.24", "cve-2026-42897", "Install Jun26SU or later."),
    ],
)
def test_an_update_that_the_cumulative_update_cannot_take_is_not_asked_for(number, cve, fix):
    found = judged(number)[cve]
    assert found.status is Status.FAIL
    assert found.fix == fix
    assert asks_for_update(found.fix)


def test_known_exploitation_is_told_and_critical():
    outcome = judged("15.2.1118.20")["cve-2023-21529"]
    assert (outcome.exploited, outcome.severity) == (True, "critical")
    assert "2026-04-13" in outcome.why


def test_what_does_not_concern_the_product_is_left_out():
    assert "cve-2021-26855" not in judged("15.2.2562.46")


def test_a_product_without_support_was_not_looked_at():
    outcome = judged("15.0.1497.48")["cve-2026-42897"]
    assert outcome.status is Status.UNKNOWN
    assert "out of support" in outcome.reason


def test_the_cu_alone_leaves_open_what_an_update_may_have_fixed():
    found = judged("15.2.1748.10", Precision.CU_ONLY)
    assert found["cve-2026-42897"].status is Status.UNKNOWN
    assert found["cve-2022-41082"].status is Status.PASS


def test_without_a_build_nothing_passes():
    found = judged(None)
    assert found
    assert {one.status for one in found.values()} == {Status.UNKNOWN}


@pytest.mark.parametrize(
    ("applied", "blocked", "status"),
    [(["PING1", "M2.1.3"], [], "pass"), (["M2"], ["M2"], "fail"), (["M20"], [], "fail")],
)
def test_a_mitigation_stands_in_for_the_fix(applied, blocked, status):
    servers = {"Name": "EX01", "MitigationsApplied": applied, "MitigationsBlocked": blocked}
    assert judged("15.2.1748.24", **{"Get-ExchangeServer": servers})["cve-2026-42897"].status == (
        status
    )


@pytest.mark.parametrize(
    ("override", "status"),
    [
        ({}, "pass"),
        ({"Parameters": "Enabled=false"}, "fail"),
        ({"Parameters": ["Enabled=False"], "Server": "EX02"}, "pass"),
        ({"Parameters": ["Enabled=false"], "Server": ["ex01"]}, "fail"),
        ({"Parameters": ["Enabled=false"], "MaxVersion": "15.2.1000.1"}, "pass"),
        ({"Parameters": ["Enabled=true"]}, "pass"),
    ],
)
def test_an_override_opens_what_the_build_has_fixed(override, status):
    value = [] if not override else {
        "Name": "x", "ComponentName": "Data", "SectionName": "EnableSerializationDataSigning",
        **override,
    }  # fmt: skip
    found = judged("15.2.1748.49", **{"Get-SettingOverride": value})["cve-2023-36439"]
    assert found.status == status


def test_hybrid_decides_cve_2025_53786():
    hybrid = {"Get-HybridConfiguration": {"Features": "Centralized"}}
    assert judged("15.2.1748.49", **{"Get-HybridConfiguration": []})["cve-2025-53786"].status == (
        "not-applicable"
    )
    assert judged("15.2.1748.49", **hybrid)["cve-2025-53786"].status == "unknown"
    bare = {**hybrid, "Get-SettingOverride": [], "Get-AuthServer": []}
    assert judged("15.2.1748.49", **bare)["cve-2025-53786"].status == "fail"


@pytest.mark.parametrize("number", ["15.2.2562.99", "15.2.9999.1", "15.1.9999.1"])
def test_a_build_beyond_the_facts_is_not_called_the_newest(number):
    _, found = assess_build(Inventory("EX01", (reading(number),)), FACTS, TODAY)
    newest = found[0]
    assert (newest.check, newest.status) == ("newest-update", Status.UNKNOWN)
    assert number in newest.reason


def test_everything_together_names_update_and_support():
    inventory = Inventory("EX01", (reading("15.2.1118.20"),))
    posture, found = assess(inventory, FACTS, TODAY)
    by_check = {one.check: one for one in found}
    assert posture.label in by_check["newest-update"].reason
    assert by_check["supported-product"].status is Status.FAIL
    assert "smb-1" in by_check
    assert len(by_check) == len(found)


@pytest.mark.parametrize(("enabled", "status"), [("true", "pass"), ("false", "fail")])
def test_a_rule_of_microsofts_script_mitigates_as_well(enabled, status):
    section = "system.webServer/rewrite/outboundRules/rule"
    rule = {"Section": section, "name": "EOMT OWA CSP - outbound", "enabled": enabled}
    found = judged("15.2.1748.39", iis_config=[{**rule, "File": "web.config"}])
    assert found["cve-2026-42897"].status == status
