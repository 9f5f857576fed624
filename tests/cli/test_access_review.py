import json

import pytest
import yaml

from tests.access import made


@pytest.fixture
def campaign(run, tmp_path):
    """A campaign file, and the archive it was made from."""
    folder = made.write_sharphound(tmp_path / "now")
    results, file = tmp_path / "r.jsonl", tmp_path / "q4.yml"
    run("access", folder, "--format", "jsonl", "--output", results)
    assert run("access", "review", "start", results, file, "--owner", "j.boss").code == 0
    return folder, file


def decide(file, decisions):
    values = yaml.safe_load(file.read_text("utf-8"))
    for item in values["items"]:
        item["decision"], item["why"] = decisions[item["member"]]
    file.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")


def finish(run, tmp_path, file):
    files = ("--key", tmp_path / "key", "--record", tmp_path / "record.json")
    return run("access", "review", "finish", file, *files, "--accepted", tmp_path / "risks.yml")


KEPT = {"j.doe": ("keep", "on call"), "svc-backup": ("keep", "ticket 4711"),
        "old.admin": ("remove", "")}  # fmt: skip


def test_a_campaign_from_its_start_to_the_next_review(run, tmp_path, campaign):
    folder, file = campaign
    decide(file, KEPT)
    ended = finish(run, tmp_path, file)
    assert ended.code == 0
    assert ended.out == (
        f"Remove-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1103'\n"
        f"# Undo: Add-ADGroupMember -Identity 'OPS' -Members '{made.DOMAIN}-1103'\n"
    )
    assert "the next review is due on" in ended.err
    after = run("access", folder, "--accepted", tmp_path / "risks.yml")
    assert "accepted: 1 findings" in after.out
    assert "Suspect member of DOMÄNEN-ADMINS: svc-backup" not in after.out
    assert "Suspect member of DOMÄNEN-ADMINS: old.admin" in after.out


def test_a_record_that_was_changed_is_found_out(run, tmp_path, campaign):
    decide(campaign[1], KEPT)
    finish(run, tmp_path, campaign[1])
    record = tmp_path / "record.json"
    key = json.loads(record.read_text("utf-8"))["public_key"]
    assert run("access", "review", "verify", record, "--public-key", key).code == 0
    record.write_text(record.read_text("utf-8").replace("ticket 4711", "ticket 4712"), "utf-8")
    ended = run("access", "review", "verify", record, "--public-key", key)
    assert ended.code == 3
    assert "is not as this key signed it" in ended.err


@pytest.mark.parametrize(
    ("member", "answer", "words"),
    [
        ("j.doe", ("", ""), "decision is missing"),
        ("j.doe", ("maybe", ""), "decision is maybe"),
        ("j.doe", ("keep", " "), "why it is kept is missing"),
    ],
)
def test_what_is_not_decided_is_named(run, tmp_path, campaign, member, answer, words):
    decide(campaign[1], KEPT | {member: answer})
    ended = finish(run, tmp_path, campaign[1])
    assert ended.code == 3
    assert words in ended.err
    assert not (tmp_path / "record.json").exists()


def test_decisions_are_not_overwritten(run, tmp_path, campaign):
    ended = run("access", "review", "start", tmp_path / "r.jsonl", campaign[1], "--owner", "x")
    assert ended.code == 2
    assert "exists already" in ended.err


def test_a_file_that_is_no_campaign(run, tmp_path):
    file = tmp_path / "c.yml"
    file.write_text("items: [1]")
    assert "is no campaign" in finish(run, tmp_path, file).err


@pytest.mark.parametrize("command", [
    "Remove-ADGroupMember -Identity 'OPS' -Members 'x'; Remove-Item C:\\ -Recurse",
    "Remove-ADGroupMember -Identity 'OPS' -Members 'x’; calc #'",
    "Add-ADGroupMember -Identity 'OPS' -Members 'x'\nStop-Computer",
    "Remove-Item 'x'",
])  # fmt: skip
@pytest.mark.parametrize("field", ["remove", "undo"])
def test_commands_that_somebody_put_into_the_file_are_not_printed(
    run, tmp_path, campaign, field, command
):
    file = campaign[1]
    decide(file, {**KEPT, "j.doe": ("remove", "")})
    values = yaml.safe_load(file.read_text("utf-8"))
    values["items"][0][field] = command
    file.write_text(yaml.safe_dump(values), "utf-8")
    ended = finish(run, tmp_path, file)
    assert (ended.code, ended.out) == (3, "")
    assert "no command that exward writes" in ended.err
    assert not (tmp_path / "record.json").exists()
