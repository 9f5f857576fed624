import hashlib

from exward.collector.script import make_script


def test_the_script_is_written_and_its_digest_told(run, tmp_path):
    target = tmp_path / "get.ps1"
    ended = run("collect", "--output", str(target), "--days", "30")
    assert ended.code == 0
    assert target.read_bytes() == make_script(30).encode("ascii")
    assert hashlib.sha256(target.read_bytes()).hexdigest() in ended.err
    assert ".\\get.ps1 -EstimateOnly" in ended.err
    assert ended.out == ""


def test_standard_output_gets_the_script_alone(run):
    ended = run("collect", "--output", "-", "--what", "services,registry", "--what", "iis-logs")
    assert ended.code == 0
    assert ended.out == make_script(chosen=["services", "registry", "iis-logs"])


def test_the_areas_are_listed_with_what_they_are_for(run):
    ended = run("collect", "--list")
    assert ended.code == 0
    assert "services                Windows services. Checks" in ended.out


def test_what_cannot_be_made_is_said(run, tmp_path):
    wrong = run("collect", "--output", "-", "--what", "sevrices")
    assert wrong.code == 2
    assert "sevrices: there is no such area" in wrong.err
    assert run("collect", "--output", str(tmp_path)).code == 2
    assert run("collect", "--days", "0").code == 2
    nowhere = run("collect", "--output", str(tmp_path / "no" / "get.ps1"))
    assert nowhere.code == 3
    assert "cannot be written" in nowhere.err
