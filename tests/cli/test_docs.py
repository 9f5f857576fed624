import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pages_say_what_the_code_does():
    ended = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_page_that_differs_is_named(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "cli.md").write_text("old")
    copy = tmp_path / "scripts" / "generate_docs.py"
    ended = subprocess.run(
        [sys.executable, copy, "--check"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "docs/cli.md" in ended.stderr
    assert "docs/settings.md" in ended.stderr
    assert "docs/coverage.md" in ended.stderr
