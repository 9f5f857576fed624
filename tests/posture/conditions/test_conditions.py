"""Each kind of condition: what makes it hold, fail, or stay unknown."""

import pytest

from exward.model.outcome import Status
from exward.model.posture import Precision
from exward.posture import build
from exward.posture.conditions.registry import judge, kinds
from exward.posture.data import Data
from exward.posture.facts import Condition
from exward.posture.inventory import Area, BuildReading, Inventory, Key
from exward.posture.row import Row
from tests.posture.checks.inventories import with_files

LSA = r"hklm\system\currentcontrolset\control\lsa"
SITE = "system.applicationHost/sites/site/application"
EP = "system.webServer/security/authentication/windowsAuthentication/extendedProtection"
DLL = r"C:\Windows\System32\inetsrv\cachtokn.dll"
ORG = "Get-OrganizationConfig"
HOST = "applicationHost.config"
TOKENS = ("10.0.17763.4968", "10.0.20348.2029")


def inventory(areas, registry=None, number="15.2.1748.49"):
    parsed = build.parse(number)
    assert parsed is not None
    return Inventory(
        "EX01",
        (BuildReading(parsed, Precision.EXACT, "x", "x"),),
        {name.lower(): Area(Data(value), "x") for name, value in with_files(areas).items()},
        {key: Key(True, Row(values)) for key, values in (registry or {}).items()},
    )


def vdir(path, value=None, site="Default Web Site"):
    rows = [{"Section": SITE, "Within": site, "path": path, "File": HOST}]
    if value is not None:
        location = f"{site}{path}"
        rows.append({"Section": EP, "Location": location, "tokenChecking": value, "File": HOST})
    return rows


FRONT = [*vdir("/owa", "Require"), *vdir("/ecp", "Require"), *vdir("/EWS", "Require")]


@pytest.mark.parametrize(
    ("rows", "lsa", "status"),
    [
        (FRONT, {}, "pass"),
        ([*FRONT, *vdir("/EWS", "Require", "Exchange Back End")], {}, "unknown"),
        (vdir("/owa", "Require"), {}, "unknown"),
        (vdir("/owa", "Allow"), {}, "fail"),
        (vdir("/owa"), {}, "fail"),
        (vdir("/EWS", "Allow", "Exchange Back End"), {}, "fail"),
        ([*FRONT, *vdir("/Autodiscover")], {}, "pass"),
        (FRONT, {"SuppressExtendedProtection": 1}, "fail"),
        (FRONT, None, "unknown"),
        (vdir("/other"), {}, "unknown"),
        ([], {}, "unknown"),
        ([{"Section": EP, "Location": "Default Web Site/owa", "File": "web.config",
           "tokenChecking": "Require"}], {}, "unknown"),
    ],
)  # fmt: skip
def test_extended_protection(rows, lsa, status):
    registry = {} if lsa is None else {LSA: lsa}
    found = judge(Condition("extended-protection"), inventory({"iis-config": rows}, registry))
    assert found.status == status


DOWNLOADS = {"InternalDownloadHostName": "d.example", "ExternalDownloadHostName": "d.example"}


@pytest.mark.parametrize(
    ("kind", "areas", "status"),
    [
        ("download-domains", {}, "unknown"),
        ("download-domains", {ORG: {"EnableDownloadDomains": False}}, "fail"),
        ("download-domains", {ORG: {"EnableDownloadDomains": True}}, "unknown"),
        ("download-domains", {ORG: {"EnableDownloadDomains": "True"},
                              "Get-OwaVirtualDirectory": [{"Name": "owa"}]}, "fail"),
        ("download-domains", {ORG: {"EnableDownloadDomains": "True"},
                              "Get-OwaVirtualDirectory": DOWNLOADS}, "pass"),
        ("directory-level", {}, "unknown"),
        ("directory-level", {"directory": {"DomainVersion": 13243}}, "pass"),
        ("directory-level", {"directory": {"DomainVersion": "13240"}}, "fail"),
        ("storage-group-schema", {"directory": {}}, "unknown"),
        ("storage-group-schema", {"directory": {"StorageGroupSuperiors": ["computer"]}}, "fail"),
        ("storage-group-schema", {"directory": {"StorageGroupSuperiors": "x"}}, "pass"),
        ("fip-fs-overrides", {}, "unknown"),
        ("fip-fs-overrides", {"fip-fs": {"OverrideLines": []}}, "pass"),
        ("fip-fs-overrides", {"fip-fs": {"OverrideLines": ["OutsideIn|NO"]}}, "fail"),
        ("no-static-key", {}, "unknown"),
        ("no-static-key", {"iis-config": {"Section": "system.web/machineKey", "File": HOST}},
         "unknown"),
        ("no-static-key", {"iis-config": {"Section": "system.web/pages", "File": "web.config",
                        "ReadFrom": "z/files/C/V15/owa/web.config"}}, "unknown"),
        ("no-static-key", {"iis-config": {"Section": "system.web/machineKey", "File": "web.config",
                        "validationKey": "0F", "ReadFrom": "z/V15/ClientAccess/ecp/web.config"}},
         "pass"),
        ("no-static-key", {"iis-config": {"Section": "system.web/machineKey",
                        "validationKey": "cb2721abdaf8E9", "File": "w"}}, "fail"),
        ("token-cache-module", {}, "unknown"),
        ("token-cache-module", {"files": {"Path": DLL, "FileVersion": "10.0.17763.4968"}}, "pass"),
        ("token-cache-module", {"files": {"Path": DLL, "FileVersion": "10.0.17763.1"}}, "fail"),
        ("token-cache-module", {"files": {"Path": DLL, "FileVersion": "10.0.26100.1"}}, "pass"),
        ("token-cache-module", {"files": {"Path": DLL, "FileVersion": "10.0.99.1"}}, "unknown"),
        ("token-cache-module", {"iis-config": {"Section": "system.webServer/globalModules/add",
                                               "name": "Other"}}, "pass"),
        ("windows-level", {}, "unknown"),
        ("windows-level", {"host": {"OsBuild": 20348}}, "unknown"),
        ("windows-level", {"host": {"OsBuild": 20348, "OsRevision": 1366}}, "pass"),
        ("windows-level", {"host": {"OsBuild": "20348", "OsRevision": 1365}}, "fail"),
        ("windows-level", {"host": {"OsBuild": 26100}}, "not-applicable"),
        ("windows-level", {"host": {"OsBuild": 9600, "OsRevision": 1}}, "not-applicable"),
        ("not-judged", {}, "unknown"),
        ("of-the-future", {}, "unknown"),
    ],
)  # fmt: skip
def test_kinds(kind, areas, status):
    condition = Condition(kind, TOKENS, {"Exchange Server 2019": 13243, "20348": 1366})
    assert judge(condition, inventory(areas)).status == status


@pytest.mark.parametrize("kind", kinds())
def test_without_evidence_no_condition_is_judged(kind):
    answer = judge(Condition(kind), Inventory("EX01"))
    assert answer.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


def test_an_affected_windows_whose_fix_the_facts_do_not_have_is_unknown():
    condition = Condition("windows-level", ("9600",), {"20348": 1366})
    answer = judge(condition, inventory({"host": {"OsBuild": 9600, "OsRevision": 20_000}}))
    assert answer.status is Status.UNKNOWN
    assert "9600" in answer.reason


@pytest.mark.parametrize(
    ("ids", "status"),
    [
        ([], "fail"),
        (["00000001-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"], "fail"),
        (["00000001-0000-0000-C000-000000000000", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
         "unknown"),
    ],
)  # fmt: skip
def test_a_hybrid_app_is_neither_the_shared_one_nor_that_of_access_control(ids, status):
    override = {
        "Name": "Hybrid", "ComponentName": "Global", "Parameters": "Enabled=true",
        "SectionName": "ExchangeOnpremAsThirdPartyAppId",
    }  # fmt: skip
    areas = {
        "Get-HybridConfiguration": {"Features": "Centralized"},
        "Get-SettingOverride": [override],
        "Get-AuthServer": [{"ApplicationIdentifier": one} for one in ids],
    }
    assert judge(Condition("hybrid-app"), inventory(areas)).status == status
