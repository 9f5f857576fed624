import pytest

from exward.cli.settings import MAX_FILE_BYTES


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "exward.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("in_file", "in_environment", "on_line", "jobs"),
    [
        (None, None, None, 0),
        (2, None, None, 2),
        (None, 3, None, 3),
        (None, None, 4, 4),
        (2, 3, None, 3),
        (2, None, 4, 4),
        (None, 3, 4, 4),
        (2, 3, 4, 4),
    ],
)
def test_file_yields_to_environment_yields_to_flag(
    run, fake, evidence, config, monkeypatch, in_file, in_environment, on_line, jobs
):
    args = ["scan", evidence, "--quiet"]
    if in_file is not None:
        args += ["--config", config(f"jobs = {in_file}")]
    if in_environment is not None:
        monkeypatch.setenv("EXWARD_JOBS", str(in_environment))
    if on_line is not None:
        args += ["--jobs", on_line]
    run(*args)
    assert fake.settings.jobs == jobs


def test_all_kinds_of_values_in_a_file(run, fake, evidence, config, tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    lines = (
        f"rules = ['{rules}', '{tmp_path}']",
        "no-builtin-rules = true",
        "from = 1970-01-02",
        "to = 1970-01-03T00:00:00Z",
        "level = 'high'",
        "fail-on = 'never'",
        "quiet = true",
    )
    ended = run("scan", evidence, "--config", config("\n".join(lines)))
    settings = fake.settings
    assert (ended.code, ended.err) == (4, "")
    assert settings.rule_dirs == (str(rules), str(tmp_path))
    assert not settings.builtin_rules
    assert (settings.time_from, settings.time_to) == (86_400_000_000, 172_800_000_000)
    assert settings.level == "high"


def test_one_folder_needs_no_list(run, fake, evidence, config, tmp_path):
    run("scan", evidence, "--config", config(f"rules = '{tmp_path}'"))
    assert fake.settings.rule_dirs == (str(tmp_path),)


def test_environment_splits_folders_as_path_does(run, fake, evidence, tmp_path, monkeypatch):
    monkeypatch.setenv(
        "EXWARD_RULES", f"{tmp_path}{':' if tmp_path.anchor == '/' else ';'}{evidence}"
    )
    run("scan", evidence)
    assert fake.settings.rule_dirs == (str(tmp_path), str(evidence))


def test_file_is_named_by_the_environment_too(run, fake, evidence, config, monkeypatch):
    monkeypatch.setenv("EXWARD_CONFIG", str(config("jobs = 7")))
    run("scan", evidence)
    assert fake.settings.jobs == 7


def test_a_file_beside_the_evidence_has_no_say(run, fake, evidence, monkeypatch):
    (evidence / "exward.toml").write_text("jobs = 7")
    monkeypatch.chdir(evidence)
    run("scan", ".")
    assert fake.settings.jobs == 0


def test_a_key_of_another_verb_is_known(run, config, monkeypatch):
    monkeypatch.setenv("EXWARD_FAIL_ON", "low")
    assert run("rules", "list", "--config", config("jobs = 2")).code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("job = 2", "there is no setting 'job'\n  → did you mean 'jobs'?"),
        ("fail_on = 'low'", "did you mean 'fail-on'?"),
        ("[scan]\njobs = 2", "there is no setting 'scan'"),
        ("jobs = ", "is not valid TOML"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"#" * (MAX_FILE_BYTES + 1), "is larger than a settings file can be"),
        ("quiet = 'yes'", "quiet: must be true or false"),
        ("jobs = true", "jobs: must be one text, number or date"),
        ("jobs = [1]", "jobs: must be one text, number or date"),
        ("rules = [['a']]", "rules: must be one text, number or date"),
        ("jobs = -1", "exward.toml: jobs: Invalid value"),
        ("level = 'worst'", "exward.toml: level: Invalid value"),
        ("from = 12:00:00", "exward.toml: from: Invalid value"),
        ("x = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_wrong_usage(run, fake, evidence, config, text, said):
    path = config(text)
    ended = run("scan", evidence, "--config", path)
    assert ended.code == 2
    assert said in ended.err
    assert str(path) in ended.err
    assert not fake.calls


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EXWARD_JOB", "2", "environment: there is no setting 'EXWARD_JOB'\n"),
        ("EXWARD_JOB", "2", "  → did you mean 'EXWARD_JOBS'?"),
        ("EXWARD_JOBS", "many", "EXWARD_JOBS: Invalid value"),
        ("EXWARD_CONFIG", "no-such-file.toml", "no-such-file.toml"),
    ],
)  # fmt: skip
def test_a_wrong_variable_is_wrong_usage(run, fake, evidence, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    ended = run("scan", evidence)
    assert ended.code == 2
    assert said in ended.err
    assert not fake.calls


def test_yara_rules_come_from_file_and_environment_too(
    run, fake, evidence, config, tmp_path, monkeypatch
):
    run("scan", evidence, "--config", config(f"yara = ['{tmp_path}', '{evidence}']"))
    assert fake.settings.yara_dirs == (str(tmp_path), str(evidence))
    monkeypatch.setenv("EXWARD_YARA", str(tmp_path))
    run("scan", evidence)
    assert fake.settings.yara_dirs == (str(tmp_path),)
