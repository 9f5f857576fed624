import subprocess
import sys
from pathlib import Path

import click
import pytest

from exward import __version__
from exward.cli.main import root
from exward.model.errors import EvidenceError

VERBS = root.list_commands(click.Context(root))


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_named_like_its_module_and_explains_itself(run, name):
    command = root.get_command(click.Context(root), name)
    assert command is not None
    assert command.name == name
    ended = run(name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Usage: exward {name}")


@pytest.mark.parametrize("args", [("--version",), ("version",)])
def test_version(run, args):
    ended = run(*args)
    assert (ended.code, ended.out) == (0, f"exward {__version__}\n")


def test_no_verb_shows_the_help(run):
    ended = run()
    assert ended.code == 2
    assert "scan" in ended.err


def test_an_unknown_verb_is_wrong_usage(run):
    ended = run("scna")
    assert ended.code == 2
    assert "No such command 'scna'" in ended.err
    assert "exward --help" in ended.err


@pytest.mark.parametrize("debug", [False, True])
def test_an_error_says_where_what_and_the_next_step(run, fake, evidence, monkeypatch, debug):
    def fail(_settings, _progress):
        raise EvidenceError("is not readable", "check the rights", "disk\x1b[2J.zip")

    monkeypatch.setattr("exward.scan.pipeline.scan", fail)
    ended = run("scan", evidence, *(["--debug"] if debug else []))
    assert ended.code == 3
    assert ended.err.endswith("exward: disk\\x1b[2J.zip: is not readable\n  → check the rights\n")
    assert ("Traceback" in ended.err) is debug


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_defect_is_one_line_and_a_place_to_report(run, fake, evidence, monkeypatch, debug):
    def fail(_settings, _progress):
        raise KeyError("oops")

    monkeypatch.setattr("exward.scan.pipeline.scan", fail)
    monkeypatch.setenv("EXWARD_DEBUG", debug)
    ended = run("scan", evidence)
    assert ended.code == 3
    assert "a defect in exward: KeyError: 'oops'\n  → please report it" in ended.err
    assert ("Traceback" in ended.err) is bool(debug)


def test_a_reader_that_goes_away_ends_the_output_only(evidence, tmp_path):
    command = [sys.executable, "-m", "exward", "rules", "list", "--cache-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_standard_output_is_an_error(tmp_path):
    command = [sys.executable, "-m", "exward", "rules", "list", "--cache-dir", str(tmp_path)]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 3
    assert b"standard output: cannot be written" in ended.stderr


def test_the_version_needs_nothing_of_the_engine():
    probe = (
        "import sys; from exward.cli.main import main; main(['--version']);"
        "print(sorted(set(sys.modules) & {'rich', 'numpy', 'evtx', 'jinja2', 'exward.rules'}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == [f"exward {__version__}", "[]"]
