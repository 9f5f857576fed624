import pytest

from exward.reports.registry import by_name
from tests.reports.sample_result import clean_case, sample_result


@pytest.fixture
def saved(tmp_path):
    def save(name, result):
        path = tmp_path / name
        path.write_text("".join(by_name("jsonl").render(result)), "utf-8", newline="")
        return path

    return save


def test_a_saved_result_renders_as_the_scan_did(run, saved, fake, evidence):
    path = saved("a.jsonl", sample_result())
    again = run("report", path, "--format", "csv")
    assert again == run("scan", evidence, "--format", "csv")
    assert again.code == 1


def test_table_and_page_of_a_saved_result(run, saved, tmp_path):
    page = tmp_path / "a.html"
    ended = run("report", saved("a.jsonl", sample_result()), "--report", page, "--fail-on", "never")
    assert ended.code == 4
    assert "COMPROMISED" in ended.out
    assert str(page) in ended.out
    assert page.is_file()


def test_a_saved_result_is_not_overwritten_by_itself(run, saved):
    path = saved("a.jsonl", sample_result())
    ended = run("report", path, "--format", "csv", "--output", path)
    assert ended.code == 2
    assert "would overwrite" in ended.err


@pytest.mark.parametrize("text", ["not json\n", "{}\n", ""])
def test_what_is_no_result_is_an_error(run, tmp_path, text):
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    ended = run("report", path)
    assert ended.code == 3
    assert str(path) in ended.err


def test_no_difference(run, saved):
    path = saved("a.jsonl", sample_result())
    ended = run("diff", path, path)
    assert ended.code == 0
    assert "No difference" in ended.out


def test_new_findings_decide_the_exit_code(run, saved):
    before, after = saved("a.jsonl", clean_case()), saved("b.jsonl", sample_result())
    assert run("diff", before, after).code == 1
    assert "New findings" in run("diff", before, after).out
    assert run("diff", before, after, "--fail-on", "never").code == 0
    assert run("diff", after, before).code == 0


def test_diff_needs_two_results(run, saved):
    assert run("diff", saved("a.jsonl", sample_result())).code == 2
