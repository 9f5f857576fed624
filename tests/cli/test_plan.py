import pytest


@pytest.mark.parametrize("name", ["plan.md", "plan.ps1"])
def test_posture_writes_a_plan(run, tmp_path, name):
    path = tmp_path / name
    ended = run("posture", "--sample", "--plan", str(path), "--fail-on", "never")
    assert ended.code == 0
    assert f"written: {path}" in ended.err
    assert "exward has run none of them" in ended.err
    text = path.read_text("utf-8")
    assert "2019 CU15 Aug26SU" in text
    assert "Set-SmbServerConfiguration -EnableSMB1Protocol $false -Force" in text


def test_demo_writes_a_plan(run, tmp_path):
    path = tmp_path / "plan.ps1"
    assert run("demo", "--no-progress", "--plan", str(path)).code == 1
    data = path.read_bytes()
    assert b"Unregister-ScheduledTask" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_another_ending_is_refused_before_any_work(run, tmp_path):
    ended = run("demo", "--plan", str(tmp_path / "plan.txt"))
    assert ended.code == 2
    assert ".md or .ps1" in ended.err
    assert not list(tmp_path.iterdir())


def test_the_plan_must_not_be_another_output(run, tmp_path):
    path = str(tmp_path / "plan.md")
    ended = run("demo", "--output", path, "--plan", path)
    assert ended.code == 2
    assert "is the same file as --output" in ended.err


def test_saved_results_give_the_plan_that_they_gave_at_first(run, tmp_path):
    saved, first, again = (str(tmp_path / name) for name in ("r.jsonl", "first.ps1", "again.ps1"))
    quiet = ("--quiet", "--fail-on", "never")
    run("posture", "--sample", "--format", "jsonl", "--output", saved, "--plan", first, *quiet)
    ended = run("report", saved, "--plan", again, *quiet)
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / "again.ps1").read_bytes() == (tmp_path / "first.ps1").read_bytes()


def test_the_plan_of_saved_results_has_a_known_ending(run, tmp_path):
    saved = tmp_path / "r.jsonl"
    run("posture", "--sample", "--format", "jsonl", "--output", str(saved), "--quiet")
    ended = run("report", str(saved), "--plan", str(tmp_path / "plan.txt"))
    assert ended.code == 2
    assert ".md or .ps1" in ended.err
