import json

import pytest

from exward.cli.defending import EICAR
from exward.cli.sample import defences_path, sample_path
from exward.incidents.defences import SIGNALS
from exward.rules import library
from exward.rules.lint import check

CHANNEL = "Microsoft-Windows-Windows Defender/Operational"


def event(number, event_id, day, **data):
    return json.dumps(
        {
            "Event": {
                "System": {
                    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Windows Defender"}},
                    "EventID": event_id,
                    "TimeCreated": {"#attributes": {"SystemTime": f"2026-03-{day:02}T06:00:00Z"}},
                    "EventRecordID": number,
                    "Channel": CHANNEL,
                    "Computer": "EX01.contoso.example",
                },
                "EventData": data,
            }
        }
    )


@pytest.fixture
def evidence(tmp_path):
    def write(*events):
        path = tmp_path / "defender.jsonl"
        path.write_text("\n".join(events) + "\n", "utf-8")
        return str(path)

    return write


def test_the_signals_are_rules_that_can_be_used():
    loaded = library.load((defences_path(),), False, None)
    assert {one.meta.id for one in loaded.rules} == SIGNALS
    assert loaded.unusable == ()
    assert list(check([defences_path()])) == []


def test_the_sample_shows_an_antivirus_that_was_switched_off(run):
    ended = run("doctor", "--defences", sample_path())
    assert ended.code == 1
    assert "EX01.contoso.example  " in ended.out
    assert "broken   protection: switched off 2026-03-03 06:44:39 UTC" in ended.out
    assert "ok       signatures: updated 2026-03-03 09:25:00 UTC" in ended.out
    assert "ok       iis: 259 records" in ended.out
    assert "rules could see it" in ended.out
    assert "eicar.org" in ended.out


def test_an_eicar_test_that_was_found_is_told(run, evidence):
    path = evidence(
        event(1, 5001, 2),
        event(2, 5000, 3),
        event(3, 2000, 3),
        event(4, 1116, 4, **{"Threat Name": "Virus:DOS/EICAR_Test_File"}),
    )
    ended = run("doctor", "--defences", path)
    assert "ok       test: the EICAR file was found 2026-03-04 06:00:00 UTC" in ended.out
    assert "ok       protection: switched on 2026-03-03 06:00:00 UTC" in ended.out
    assert "To test the antivirus by hand" not in ended.out
    assert "warning  Security log: no record in this evidence" in ended.out
    # Defender alone shows no web request: some steps nobody could see.
    assert "broken   Enumeration: 0 of" in ended.out
    assert ended.code == 1


def test_other_malware_is_no_test(run, evidence):
    path = evidence(event(1, 1116, 4, **{"Threat Name": "Backdoor:ASP/Chopper"}))
    ended = run("doctor", "--defences", path)
    assert "unknown  test: " in ended.out
    assert "ok       protection: found something" in ended.out


def test_evidence_without_a_record_says_nothing(run, tmp_path):
    (tmp_path / "empty.txt").write_text("nothing")
    ended = run("doctor", "--defences", str(tmp_path))
    assert ended.code == 4
    assert "this says nothing about defences" in ended.out


def test_exward_says_how_to_make_the_test_file_and_holds_none():
    assert "X5O!P" not in EICAR
    assert "never writes" in EICAR
