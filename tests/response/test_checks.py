"""Fixes of all checks: what the plan takes for a command has to be one."""

import pytest

from exward.model.outcome import Outcome, Status
from exward.posture.checks.registry import checks
from exward.response.checks import action_of, is_command
from tests.collector.powershell import commands, errors
from tests.response.understood import understood

TEXTS = [
    pytest.param(text, id=f"{check.ID}-{kind}")
    for check in checks()
    for kind, text in (
        ("fix", check.FIX.change), ("preview", check.FIX.preview), ("undo", check.FIX.undo),
    )
    if is_command(text)
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_taken_for_a_command_parses(text):
    assert errors(understood(text)) == []
    assert commands(text) or text.startswith(("(", "&"))


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.ID)
def test_a_way_back_stands_only_behind_a_way_there(check):
    action = action_of(failed_outcome(check))
    assert action.change or not action.undo
    said = [*action.preview, *action.change, *action.undo, *action.notes]
    for text in (check.FIX.change, check.FIX.preview, check.FIX.undo):
        assert any(text in one for one in said)


def test_what_no_check_of_exward_says_is_no_command():
    (check,) = (one for one in checks() if one.ID == "smb-1")
    action = action_of(failed_outcome(check, "Remove-Item C:\\ -Recurse -Force"))
    assert (action.change, action.undo) == ((), ())
    assert action.preview == (check.FIX.preview,)
    assert "Fix: Remove-Item C:\\ -Recurse -Force" in action.notes


def failed_outcome(check, fix=""):
    return Outcome(
        check=check.ID, title=check.TITLE, status=Status.FAIL, severity=check.SEVERITY,
        server="EX01", reason="Weak.", fix=fix or check.FIX.change, preview=check.FIX.preview,
        undo=check.FIX.undo,
    )  # fmt: skip


def test_about_half_of_the_texts_are_commands():
    assert len(TEXTS) > len(checks())


@pytest.mark.parametrize(
    "text",
    [
        "Start-Service WinDefend (or start the product that replaces Defender)",
        "Install 2019 CU15 (15.2.1748.10).",
        "Add-MpPreference -ExclusionPath '…' for each folder that is named",
        "Disable-TlsCipherSuite -Name NAME # each one named; then Restart-Computer",
        "Set the value back that the preview showed.",
        "Get-Thing\nRestart-Computer",
        "Set-AdminAuditLogConfig with the values that the preview showed",
        "Enable-BitLocker -MountPoint E:; keep the recovery password outside of the server",
        "Set-ThingConfig 'C:\\inetpub' $acl (also for the others)",
        "Set-ExchangeServer $env:COMPUTERNAME -ProductKey KEY",
        "New-ClientAccessRule BlockEac -Action DenyAccess -Except 192.0.2.0/24",
        "Set-OwaVirtualDirectory owa -ExternalDownloadHostName download.example.com",
        "",
    ],
)
def test_words_are_no_command(text):
    assert not is_command(text)
