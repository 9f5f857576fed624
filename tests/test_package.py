"""What an installed exward consists of."""

import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(target), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        yield set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel):
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "exward").rglob("*")
        if path.is_file()
        and not any(part[0] in "._" for part in path.parent.relative_to(source).parts)
    }
    assert wanted <= wheel
    assert {"exward/py.typed", "exward/rules/logsources/windows.yml"} <= wheel
    assert any(name.startswith("exward/content/sample/") for name in wheel)


def test_the_wheel_brings_its_licence(wheel):
    assert any(name.endswith("/LICENSE") for name in wheel)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-build"])
def test_locks_pin_by_hash_and_name_no_index(name):
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    blocks = text.replace("\\\n", "").splitlines()
    assert all("==" in line and "--hash=sha256:" in line for line in blocks if line[0] != "#")
    assert "://" not in text
    assert "-url" not in text


def test_the_lock_covers_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "requirements.lock").read_text("utf-8").lower()
    for wanted in project["dependencies"]:
        name = wanted.split(">")[0].strip().lower()
        assert f"\n{name}==" in text
