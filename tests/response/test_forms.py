"""What no value from evidence may do to a plan: run, or become markup."""

import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from exward.model.errors import UsageError
from exward.model.finding import Grade
from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.response.forms import markdown, powershell
from exward.response.forms.registry import for_file, forms
from exward.response.planning import make_plan
from tests.collector.powershell import commands, errors, nodes
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import HOSTILE, sample_result
from tests.response.made_result import SERVER, finding, outcome, result
from tests.response.test_quoting import HOSTILE as WAYS_OUT

CALLED = {
    "Add-ADGroupMember", "Add-Content", "Add-MpPreference", "Add-MailboxPermission",
    "Add-RoleGroupMember", "Copy-Item", "Disable-ADAccount", "Disable-InboxRule",
    "Disable-LocalUser", "Disable-TransportAgent", "Disable-TransportRule",
    "Disable-WebGlobalModule", "Enable-ADAccount", "Enable-InboxRule", "Enable-LocalUser",
    "Enable-TransportAgent", "Enable-TransportRule", "Export-Csv",
    "Export-ScheduledTask", "Disable-ScheduledTask", "Format-List",
    "Format-Table", "Join-Path", "New-Item", "New-NetFirewallRule", "New-WebGlobalModule",
    "New-ManagementRoleAssignment", "Register-ScheduledTask", "Backup-WebConfiguration",
    "Remove-ADGroupMember", "Remove-ADUser", "Remove-Item", "Remove-ItemProperty",
    "Remove-LocalUser", "Remove-MailboxPermission", "Remove-ManagementRoleAssignment",
    "Remove-MpPreference", "Remove-NetFirewallRule", "Remove-RoleGroupMember",
    "Remove-WebConfigurationBackup", "Remove-WebGlobalModule", "Remove-WebHandler",
    "Reset-ComputerMachinePassword", "Restart-Service", "Restore-WebConfiguration", "Select-Object",
    "Select-String", "Set-ItemProperty", "Set-Mailbox", "Set-MpPreference",
    "Set-OabVirtualDirectory", "Set-Service", "Sort-Object", "Start-MpScan", "Stop-Service",
    "Test-ServiceHealth", "Unregister-ScheduledTask", "Update-MpSignature", "Where-Object",
    "wevtutil.exe",
}  # fmt: skip
"""All that lines of a plan call, besides Get-."""

NOTHING = {node.type for node in nodes("# a comment\n$null\n")}
"""What a file of comments and the empty value is made of."""

RECORDS = (
    ("account", {"EventID": "4720", "TargetUserName": "{}"}),
    ("account", {"CommandLine": 'net user "{}" Pw /add'}),
    ("account", {"EventID": "4728", "TargetUserName": "{}", "MemberName": "{}"}),
    ("account", {"Cmdlet": "Add-RoleGroupMember", "Parameters": '-Identity "{}" -Member "{}"'}),
    (
        "account",
        {"Cmdlet": "Add-MailboxPermission", "Parameters": '-Identity "{}" -User "{}" '
         '-AccessRights "{}"'},
    ),
    ("account", {"Cmdlet": "New-ManagementRoleAssignment", "Parameters": '-Role "{}" -User "{}"'}),
    ("web-shell", {"TargetFilename": "C:\\inetpub\\wwwroot\\{}.aspx"}),
    ("web-shell", {"ShareName": "\\\\*\\C$", "RelativeTargetName": "{}"}),
    ("web-shell", {"Cmdlet": "Set-OabVirtualDirectory", "Parameters": '-Identity "{}"'}),
    ("defence-evasion", {"EventID": "7040", "param4": "{}"}),
    ("defence-evasion", {"ScriptBlockText": "Add-MpPreference -ExclusionPath '{}'"}),
    ("defence-evasion", {"New Value": "\\Windows Defender\\Exclusions\\Paths\\{} = 0x0"}),
    ("persistence", {"TaskName": "{}"}),
    ("persistence", {"CommandLine": 'schtasks /create /tn "{}" /tr x'}),
    ("persistence", {"EventID": "7045", "ServiceName": "{}"}),
    ("persistence", {"TargetObject": "HKLM\\a\\Run\\{}", "Details": "{}"}),
    ("persistence", {"Section": "globalModules/add", "name": "{}", "image": "{}"}),
    ("persistence", {"Section": "handlers/add", "name": "{}"}),
    ("persistence", {"Cmdlet": "Install-TransportAgent", "Parameters": '-Name "{}"'}),
    ("persistence", {"Cmdlet": "New-TransportRule", "Parameters": '-Name "{}"'}),
    (
        "collection-exfiltration",
        {"Cmdlet": "New-InboxRule", "Caller": "{}", "Parameters": '-Name "{}"'},
    ),
    (
        "collection-exfiltration",
        {"Cmdlet": "Set-Mailbox", "Parameters": '-Identity "{}" -ForwardingSmtpAddress "{}"'},
    ),
    ("credential-access", {"CommandLine": "C:\\Windows\\{}.dmp"}),
)  # fmt: skip
"""Every field that a step reads, with the place of a hostile value."""

VALUES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.sampled_from((*WAYS_OUT, *HOSTILE)),
)


def hostile_plan(value):
    findings = [
        finding(
            {name: text.replace("{}", value) for name, text in fields.items()},
            id=f"f{number}", stage=stage, title=value, why=value, file=value, path=f"C/{value}",
            source_ip=value, server=SERVER,
        )
        for number, (stage, fields) in enumerate(RECORDS)
    ]  # fmt: skip
    outcomes = [
        outcome(title=value, reason=value, why=value, breaks=value, check=value, fix=f"{value}.")
    ]
    return make_plan(result(findings, outcomes, "compromised", [(value, value)]))


def lines_of(plan, form=powershell):
    return "".join(form.render(plan)).split(powershell.LINE_END if form is powershell else "\n")


@settings(max_examples=60)
@given(VALUES)
def test_the_powershell_file_does_nothing_and_its_commands_only_what_they_say(value):
    lines = lines_of(hostile_plan(value))
    assert all(line == "" or line.startswith("#") for line in lines)
    assert all(line.isascii() and line.isprintable() for line in lines)
    # The grammar knows no file of comments alone.
    assert {node.type for node in nodes("\n".join([*lines, "$null\n"]))} <= NOTHING
    bared = [
        line.removeprefix(mark)
        for line in lines
        for mark in (powershell.PREVIEW, powershell.RUN, powershell.UNDO)
        if line.startswith(mark)
    ]
    script = "\n".join(bared)
    assert errors(script) == []
    called = {name for name in commands(script) if not name.startswith("Get-")}
    assert called <= CALLED, called - CALLED


@settings(max_examples=60)
@given(VALUES)
def test_the_page_holds_no_markup_of_the_evidence(value):
    plan = hostile_plan(value)
    tokens = MarkdownIt("commonmark").parse("".join(markdown.render(plan)))
    kinds = {token.type for token in tokens}
    kinds |= {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_block"}
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    assert headings.count("h3") == len(plan.steps)
    fences = sum(token.type == "fence" for token in tokens)
    blocks = sum(
        bool(part)
        for step in plan.steps
        for part in (step.action.preview, step.action.change, step.action.undo)
    )
    assert fences == blocks


def test_a_plan_of_harmless_values_names_each_of_them():
    text = "".join(powershell.render(hostile_plan("harmless")))
    bared = "\n".join(re.findall(r"^#(?:PREVIEW|RUN|UNDO) (.*)\r$", text, re.MULTILINE))
    assert {name for name in commands(bared) if not name.startswith("Get-")} == CALLED


@pytest.mark.parametrize("form", forms().values(), ids=forms())
def test_every_form_writes_any_result(form):
    hostile = hostile_result()
    hostile = replace(
        hostile,
        findings=tuple(
            replace(one, severity=Severity.CRITICAL, grade=Grade.SUCCESS, accepted="", explained="")
            for one in hostile.findings
        ),
        outcomes=tuple(
            msgspec.structs.replace(one, status=Status.FAIL) for one in hostile.outcomes
        ),
    )
    for one in (hostile, hostile_result(), sample_result(), result()):
        plan = make_plan(one)
        assert list(form.render(plan)) == list(form.render(plan))
        "".join(form.render(plan)).encode()


def test_hostile_file_has_no_node_but_comments():
    text = "".join(powershell.render(hostile_plan("'\u2019\n; Restart-Computer #>")))
    assert {node.type for node in nodes(text + "$null\n")} <= NOTHING


def test_the_file_name_chooses_the_form():
    assert for_file("plan.MD") is for_file("other.md")
    assert for_file("plan.ps1").EXTENSION == ".ps1"
    with pytest.raises(UsageError, match="no such form") as caught:
        for_file("plan.txt")
    assert ".md or .ps1" in caught.value.hint
