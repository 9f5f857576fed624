"""Fixes of all checks: what the plan takes for a command has to be one."""

import pytest

from exward.posture.checks.registry import checks
from exward.response.checks import is_command
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
        "",
    ],
)
def test_words_are_no_command(text):
    assert not is_command(text)
