"""Exclusions beyond Microsoft's list: each is scored, the worst decides."""

from dataclasses import replace

import pytest

from exward.model.posture import Precision
from exward.posture.build import Build
from exward.posture.checks.antivirus_exclusions_too_broad import judge
from exward.posture.inventory import BuildReading
from tests.posture.checks.inventories import inventory

EXCHANGE = r"C:\Program Files\Microsoft\Exchange Server\V15"
KEY = r"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions"
NONE: dict[str, object] = {
    "ExclusionPath": None,
    "ExclusionProcess": [],
    "ExclusionExtension": {},
    "ExclusionIpAddress": None,
}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Preference": {**NONE, "ExclusionPath": EXCHANGE + r"\Logging"}}}, "pass"),
        ({"defender": {"Preference": {**NONE, "ExclusionExtension": [".edb", "log"]}}}, "pass"),
        ({"defender": {"Preference": NONE}}, "pass"),
        ({"defender": {"Preference": {**NONE, "ExclusionPath": "C:\\"}}}, "fail"),
        ({"defender": {"Preference": {**NONE, "ExclusionPath": ["System.Object[]"]}}}, "unknown"),
        ({"defender": {"Preference": {"ExclusionPath": []}}}, "unknown"),
        ({"services": {"Name": "ekrn", "State": "Running"}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status


@pytest.mark.parametrize(
    ("member", "value", "severity"),
    [
        ("ExclusionPath", "D:", "critical"),
        ("ExclusionPath", r"C:\Windows", "critical"),
        ("ExclusionPath", r"c:\program files\*", "critical"),
        ("ExclusionPath", r"C:\inetpub", "critical"),
        ("ExclusionPath", r"C:\inetpub\wwwroot\aspnet_client", "critical"),
        ("ExclusionPath", EXCHANGE, "critical"),
        ("ExclusionPath", r"%ExchangeInstallPath%\FrontEnd\HttpProxy\owa\auth", "critical"),
        ("ExclusionPath", EXCHANGE + r"\ClientAccess", "critical"),
        ("ExclusionPath", EXCHANGE + r"\Bin", "critical"),
        ("ExclusionPath", EXCHANGE + r"\Bin\x.dll", "high"),
        ("ExclusionPath", r"C:\Windows\System32\inetsrv", "high"),
        ("ExclusionPath", r"C:\Users\Public", "high"),
        ("ExclusionPath", r"C:\Windows\Temp", "high"),
        ("ExclusionPath", r"*\owa\*", "high"),
        ("ExclusionPath", r"\\host\share", "high"),
        ("ExclusionPath", r"%EVIL%\x", "high"),
        ("ExclusionPath", r"C:\ProgramData\Backup", "medium"),
        ("ExclusionPath", r"E:\Apps", "medium"),
        ("ExclusionProcess", "w3wp.exe", "critical"),
        ("ExclusionProcess", r"C:\Windows\System32\inetsrv\W3WP.exe", "critical"),
        ("ExclusionProcess", "*", "critical"),
        ("ExclusionProcess", r"C:\Windows\*\power*.exe", "critical"),
        ("ExclusionProcess", r"C:\Tools\*", "high"),
        ("ExclusionProcess", "EdgeTransport.exe", "medium"),
        ("ExclusionProcess", r"C:\Backup\agent.exe", "medium"),
        ("ExclusionExtension", ".aspx", "critical"),
        ("ExclusionExtension", "*", "critical"),
        ("ExclusionExtension", "zip", "high"),
        ("ExclusionExtension", ".foo", "medium"),
        ("ExclusionIpAddress", "192.0.2.7", "medium"),
    ],
)
def test_each_exclusion_is_scored_and_named(member, value, severity):
    answer = judge(inventory({"defender": {"Preference": {**NONE, member: value}}}))
    assert (answer.status, answer.severity) == ("fail", severity)
    assert value in answer.reason


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ExclusionPath", EXCHANGE + r"\ClientAccess\OAB" + "\\"),
        ("ExclusionPath", EXCHANGE.lower() + r"\mailbox\db1\db1.edb"),
        ("ExclusionPath", r"C:\Windows\Temp\OICE_1B2C"),
        ("ExclusionPath", r"C:\inetpub\temp\IIS Temporary Compressed Files"),
        ("ExclusionPath", r"E:\Databases\DB1"),
        ("ExclusionProcess", r"%ExchangeInstallPath%\Bin\EdgeTransport.exe"),
    ],
)
def test_what_microsoft_recommends_is_fine(member, value):
    areas = {
        "defender": {"Preference": {**NONE, member: value}},
        "Get-MailboxDatabase": {"LogFolderPath": r"E:\Databases\DB1"},
    }
    assert judge(inventory(areas)).status == "pass"


def test_a_log_that_was_moved_to_the_web_root_is_no_excuse():
    areas = {
        "defender": {"Preference": {**NONE, "ExclusionPath": r"C:\inetpub\wwwroot\logs"}},
        "Get-TransportService": {"MessageTrackingLogPath": r"C:\inetpub\wwwroot\logs"},
    }
    assert judge(inventory(areas)).severity == "critical"


def test_the_registry_tells_as_well():
    lists: dict[str, dict[str, object] | None] = {
        KEY + r"\Paths": {r"C:\Users": 0},
        KEY + r"\Processes": None,
        KEY + r"\Extensions": {},
    }
    assert judge(inventory(registry=lists)).status == "fail"


def test_the_installation_may_lie_elsewhere_and_2013_has_a_longer_list():
    areas = {
        "host": {"ExchangePath": r"D:\Exchange" + "\\"},
        "defender": {
            "Preference": {**NONE, "ExclusionPath": [r"D:\Exchange\Logging", r"C:\Windows\Temp"]}
        },
    }
    newer = inventory(areas)
    older = replace(
        newer, builds=(BuildReading(Build(15, 0, 1497, 2), Precision.EXACT, "x", "x.json"),)
    )
    assert (judge(newer).status, judge(older).status) == ("fail", "pass")
