"""The plan of the bundled sample, and the order that all plans keep."""

import pytest

from exward.cli.sample import sample_path
from exward.response.forms import powershell
from exward.response.plan import Phase
from exward.response.planning import make_plan
from exward.scan import pipeline
from exward.scan.progress import Silent
from tests.response.made_result import finding, outcome, result


@pytest.fixture(scope="module")
def plan():
    return make_plan(pipeline.scan(pipeline.ScanSettings(paths=(sample_path(),)), Silent()))


def test_phases_follow_each_other_and_numbers_count(plan):
    assert [one.number for one in plan.steps] == list(range(1, len(plan.steps) + 1))
    orders = [one.phase.order for one in plan.steps]
    assert orders == sorted(orders)
    assert {one.phase for one in plan.steps} == set(Phase)


def test_what_a_step_needs_has_a_lower_number(plan):
    assert all(after < one.number for one in plan.steps for after in one.after)
    numbers = {one.id: one.number for one in plan.steps}
    by_id = {one.id: one for one in plan.steps}
    assert numbers["keep-files"] in by_id["remove-files"].after
    assert numbers["install-updates"] in by_id["reopen"].after
    assert plan.steps[-1].id == "reopen"


def test_the_sample_intrusion_is_answered(plan):
    text = "".join(powershell.render(plan))
    for line in (
        "#RUN Remove-Item -LiteralPath 'C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
        "FrontEnd\\HttpProxy\\owa\\auth\\sup7.aspx' -Confirm",
        "#RUN Remove-Item -LiteralPath 'C:\\ProgramData\\lsass_2.dmp' -Confirm",
        "#RUN Disable-LocalUser -Name 'svc-health'",
        "#RUN Remove-MpPreference -ExclusionPath 'C:\\ProgramData'",
        "#RUN Set-Service -Name 'wuauserv' -StartupType Manual",
        "#RUN Unregister-ScheduledTask -TaskName 'VSPerfMon' -Confirm",
        "-RemoteAddress '203.0.113.66'",
        "Role 'Mailbox Import Export'",
    ):
        assert line in text, line
    assert "EX01.contoso.example: compromised" in text


def test_servers_are_planned_together_phase_by_phase():
    two = [
        finding({"TargetFilename": "C:\\a.aspx"}, stage="web-shell", server=server, id=server)
        for server in ("EX02", "EX01")
    ]
    plan = make_plan(result(two, verdict="compromised"))
    kept = [(one.phase, one.server) for one in plan.steps if one.server.startswith("EX0")]
    assert kept == sorted(kept, key=lambda pair: (pair[0].order, pair[1]))
    for one in plan.steps:
        assert {plan.steps[after - 1].server for after in one.after} <= {one.server}


def test_accepted_attempted_and_light_findings_evict_nothing():
    record = {"TargetFilename": "C:\\inetpub\\a.aspx"}
    findings = [
        finding(record, stage="web-shell", accepted="known"),
        finding(record, stage="web-shell", grade="attempt"),
        finding(record, stage="web-shell", severity="low"),
        finding(record, stage="mail"),
    ]
    assert make_plan(result(findings)).steps == ()


def test_a_step_names_so_many_things_and_counts_the_rest():
    findings = [
        finding({"TaskName": f"T{number}"}, id=str(number)) for number in range(80)
    ]  # fmt: skip
    (step,) = [one for one in make_plan(result(findings)).steps if one.id == "remove-tasks"]
    assert len(step.action.preview) == 50
    assert step.action.notes == ("30 more are in the findings: they do not fit here.",)
    assert len(step.action.reasons) <= 8


def test_an_exposed_server_is_patched_and_hardened_only():
    plan = make_plan(
        result((), [outcome(), outcome(check="newest-update")], "exposed", [("CU15", "15.2.1")])
    )
    assert [one.phase for one in plan.steps] == [Phase.PATCH, Phase.HARDEN, Phase.VERIFY]
