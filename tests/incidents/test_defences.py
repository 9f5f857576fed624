"""The table of defences from coverage and signals."""

import pytest

from exward.incidents import defences
from exward.incidents.defences import DAY, State, judge
from exward.model.coverage import Gap, SourceCoverage, StageCoverage
from exward.model.finding import Confidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

NOW = 20_000 * DAY
DEFENDER = "Microsoft-Windows-Windows Defender/Operational"


def log(name, last=NOW, records=10, server="EX01", gaps=()):
    return SourceCoverage("f", "evtx", name, server, records, 0, 1, last, last, gaps)


def signal(rule, last, server="EX01"):
    return Finding(
        f"{rule}{last}", "sigma", rule, "t", Severity.INFORMATIONAL, Confidence.HIGH,
        Stage.EXPOSURE, (), server, "", "", last, last, 1, Grade.STATE, (), "",
    )  # fmt: skip


def row(rows, name):
    (found,) = [one for one in rows if one.name == name]
    return found


@pytest.mark.parametrize(
    ("signals", "name", "state"),
    [
        ({}, "protection", State.UNKNOWN),
        ({defences.OFF: NOW}, "protection", State.BROKEN),
        ({defences.OFF: NOW, defences.ON: NOW - 1}, "protection", State.BROKEN),
        ({defences.OFF: NOW - 1, defences.ON: NOW}, "protection", State.OK),
        ({defences.MALWARE: NOW}, "protection", State.OK),
        ({defences.OFF: NOW, defences.MALWARE: NOW}, "protection", State.BROKEN),
        ({}, "signatures", State.UNKNOWN),
        ({defences.UPDATED: NOW - 7 * DAY}, "signatures", State.OK),
        ({defences.UPDATED: NOW - 7 * DAY - 1}, "signatures", State.BROKEN),
        ({defences.NOT_UPDATED: NOW}, "signatures", State.BROKEN),
        ({defences.UPDATED: NOW - 1, defences.NOT_UPDATED: NOW}, "signatures", State.WARNING),
        ({defences.UPDATED: NOW, defences.NOT_UPDATED: NOW - 1}, "signatures", State.OK),
        ({}, "test", State.UNKNOWN),
        ({defences.TEST: 0}, "test", State.OK),
    ],
)
def test_the_antivirus(signals, name, state):
    findings = [signal(rule, time) for rule, time in signals.items()]
    assert row(judge([log(DEFENDER)], [], findings), name).state is state


def test_without_the_log_of_the_antivirus_nothing_is_known_of_it():
    rows = judge([log("Security")], [], [signal(defences.UPDATED, NOW, "EX02")])
    assert {one.state for one in rows if one.kind == "antivirus"} == {State.UNKNOWN}


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([log("iis")], State.OK),
        ([log("iis", NOW - DAY), log("Security")], State.OK),
        ([log("iis", NOW - DAY - 1), log("Security")], State.WARNING),
        ([log("iis", gaps=(Gap(NOW - DAY, NOW),))], State.WARNING),
        ([log("iis", None), log("Security")], State.UNKNOWN),
        ([log("iis", NOW - 9 * DAY), log("iis")], State.OK),
    ],
)
def test_logs(rows, state):
    assert row(judge(rows, [], []), "iis").state is state


def test_a_log_that_is_needed_and_not_there_is_named():
    rows = judge([log("iis")], [], [])
    assert row(rows, "Security log").state is State.WARNING
    assert "log-ons" in row(rows, "Security log").detail
    assert not [one for one in rows if one.name.startswith("web requests")]
    assert row(judge([log("iis"), log("Security", records=0)], [], []), "Security log")


@pytest.mark.parametrize(
    ("could", "state"), [(0, State.BROKEN), (1, State.WARNING), (2, State.OK), (8, State.OK)]
)
def test_stages(could, state):
    stages = [StageCoverage("EX01", Stage.WEB_SHELL, could, 8)]
    assert row(judge([log("iis")], stages, []), "Web shell").state is state


def test_each_server_is_judged_by_its_own_logs_and_time():
    rows = judge(
        [log(DEFENDER, NOW), log(DEFENDER, NOW - 30 * DAY, server="EX02")],
        [StageCoverage("EX02", Stage.IMPACT, 1, 1)],
        [signal(defences.UPDATED, NOW - 30 * DAY, one) for one in ("EX01", "EX02")],
    )
    states = {one.server: one.state for one in rows if one.name == "signatures"}
    assert states == {"EX01": State.BROKEN, "EX02": State.OK}
    assert [one.server for one in rows if one.kind == "stage"] == ["EX02"]
    assert [one.server for one in rows] == sorted(one.server for one in rows)


def test_nothing_read_is_no_row():
    assert judge([log("iis", records=0)], [], []) == ()
