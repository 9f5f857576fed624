"""Each check of `lint` finds its fault, at its line, and stays silent about a good rule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exward.model.errors import UsageError
from exward.rules.lint import CHECKS, check

GOOD = """title: A good rule
id: 3b1d7e0a-52f4-4c1b-9f5e-6f1f0a0c7d11
status: test
description: Says what it finds.
references:
    - https://attack.mitre.org/techniques/T1059/
author: somebody
date: 2026-01-05
tags:
    - attack.execution
    - attack.t1059.001
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\cmd.exe'
        CommandLine|contains: whoami
    filter_admin:
        User|contains: admin
    condition: selection and not 1 of filter_*
falsepositives:
    - Administrators
level: medium
"""
OTHER_ID = "7c0f31de-9c1c-4d6a-8d33-52f1f7a9b0aa"


def lint(tmp_path: Path, text: str, pack: bool = False) -> dict[str, tuple[int, str]]:
    """Code → (line, message) of the issues of one file."""
    path = tmp_path / "rule.yml"
    path.write_text(text, "utf-8")
    home = tmp_path if pack else tmp_path / "pack"
    return {
        issue.code: (issue.line, issue.message) for issue in check([str(tmp_path)], pack=str(home))
    }


def test_a_good_rule_gives_no_issue(tmp_path: Path):
    assert lint(tmp_path, GOOD) == {}


FAULTS = {
    # code: (text of GOOD, what stands there instead, line)
    "title": ("title: A good rule\n", "title:\n", 1),
    "id": ("3b1d7e0a-52f4", "not-a-uuid", 2),
    "level": ("level: medium", "levels: medium", 1),
    "status": ("status: test", "status: final", 3),
    "date": ("date: 2026-01-05", "date: 2026/01/05", 8),
    "modified": ("date: 2026-01-05", "date: 2026-01-05\nmodified: 2025-01-05", 9),
    "tag": ("attack.t1059.001", "attack.t1059.1", 9),
    "tag-twice": ("attack.t1059.001", "attack.execution", 9),
    "no-attack-tag": ("    - attack.execution\n    - attack.t1059.001", "    - cve.2021-1", 9),
    "reference": ("https://attack.mitre.org/techniques/T1059/", "Internal research", 5),
    "no-description": ("description: Says what it finds.\n", "", 1),
    "no-references": ("references:\n    - https://attack.mitre.org/techniques/T1059/\n", "", 1),
    "no-falsepositives": ("falsepositives:\n    - Administrators\n", "", 1),
    "no-author": ("author: somebody\n", "", 1),
    "log-source": ("category: process_creation", "category: firewall", 12),
    "field": ("CommandLine|contains", "ComandLine|contains", 18),
    "modifier": ("CommandLine|contains", "CommandLine|includes", 18),
    "unused-search": ("condition: selection and not 1 of filter_*", "condition: selection", 19),
    "wildcard": ("CommandLine|contains: whoami", "CommandLine|contains: '*whoami'", 18),
    "matches-anything": ("CommandLine|contains: whoami", "CommandLine|contains: ''", 18),
    "regex": ("CommandLine|contains: whoami", "CommandLine|re: 'who(ami'", 18),
    "regex-open": ("CommandLine|contains: whoami", "CommandLine|re: '.*whoami'", 18),
    "regex-slow": ("CommandLine|contains: whoami", "CommandLine|re: '(who+)+ami'", 18),
    "regex-short": ("CommandLine|contains: whoami", "CommandLine|re: '.+'", 18),
    "exward-map": ("level: medium", "level: medium\nexward:\n    stage: somewhere", 26),
    "unusable": ("condition: selection", "condition: selektion", 1),
    "yaml": ("author: somebody", "author: somebody\nauthor: another", 8),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_found_at_its_line(code, tmp_path: Path):
    good, bad, line = FAULTS[code]
    assert good in GOOD
    found = lint(tmp_path, GOOD.replace(good, bad))
    assert code in found, found
    assert found[code][0] == line


def test_a_placeholder_is_no_error(tmp_path: Path):
    text = GOOD.replace("User|contains: admin", "User|contains|expand: '%admins%'")
    assert set(lint(tmp_path, text)) == {"placeholder"}


def test_ids_and_titles_are_unique_over_all_files(tmp_path: Path):
    (tmp_path / "a.yml").write_text(GOOD, "utf-8")
    (tmp_path / "b.yml").write_text(GOOD, "utf-8")
    found = [(Path(issue.path).name, issue.code, issue.line) for issue in check([str(tmp_path)])]
    assert found == [("b.yml", "title-twice", 1), ("b.yml", "id-twice", 2)]


@pytest.mark.parametrize(
    ("logsource", "field", "known"),
    [
        ("product: windows\n    service: msexchange-management", "Data[1]", True),
        ("product: windows\n    service: msexchange-management", "Cmdlet", True),
        ("product: windows\n    service: msexchange-management", "Cmdlets", False),
        ("category: exchange_cmdlet", "Parameter.FilePath", True),
        ("category: exchange_cmdlet", "EventData", False),
        ("product: windows\n    service: windefend", "New Value", True),
        ("category: webserver", "cs-uri-stem", True),
        ("category: webserver", "EventID", False),
        ("product: windows\n    service: security", "SubjectUserSid", True),
        ("product: windows\n    service: security", "Data[0]", False),
        ("product: windows\n    service: application", "AnythingAtAll", True),
    ],
)
def test_fields_are_known_by_log_source(logsource, field, known, tmp_path: Path):
    text = GOOD.replace("product: windows\n    category: process_creation", logsource)
    text = text.replace("Image|endswith", field).replace("CommandLine|contains", field + "|re")
    text = text.replace("User|contains", field + "|startswith")
    assert ("field" not in lint(tmp_path, text)) is known


PACKED = (
    GOOD.replace("author: somebody", "author: exward project")
    + """exward:
    stage: exploration
    grade: success
    confidence: high
    advice: Look.
"""
)


@pytest.mark.parametrize("key", ["marks", "explained_by"])
@pytest.mark.parametrize("value", ["something-else", "[exchange-update, other]", "[{a: b}]"])
def test_a_mark_nobody_knows_is_an_error(tmp_path: Path, key: str, value: str):
    known = f"{GOOD}exward:\n    {key}: exchange-update\n"
    assert lint(tmp_path, known) == {}
    code = set(lint(tmp_path, f"{GOOD}exward:\n    {key}: {value}\n"))
    assert code == {"exward-map"}


def test_the_pack_asks_for_more(tmp_path: Path):
    assert set(lint(tmp_path, GOOD, pack=True)) == {
        "exward-map-incomplete",
        "pack-layout",
        "samples",
        "pack-author",
    }
    folder = tmp_path / "exploration" / "good"
    folder.mkdir(parents=True)
    (tmp_path / "rule.yml").unlink()
    (folder / "rule.yml").write_text(PACKED, "utf-8")
    for name in ("hit.jsonl", "miss.jsonl"):
        (folder / name).touch()
    assert list(check([str(tmp_path)], pack=str(tmp_path))) == []


def test_every_check_has_a_fault_here():
    covered = {
        *FAULTS,
        "placeholder",
        "exward-map-incomplete",
        "pack-layout",
        "samples",
        "pack-author",
    }
    assert {one.code for one in CHECKS} <= covered
    assert all(one.recommendation for one in CHECKS)


def test_what_does_not_exist_is_said(tmp_path: Path):
    with pytest.raises(UsageError, match="no such rule file"):
        list(check([str(tmp_path / "absent")]))


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just text", "a: [", "\x00"])
def test_damaged_files_are_issues(text, tmp_path: Path):
    assert lint(tmp_path, text)


SCALARS = st.one_of(st.none(), st.text(max_size=12), st.integers())
KEYS = st.text("ab|re*contains", max_size=14)
DETECTIONS = st.dictionaries(
    st.sampled_from(("selection", "condition", "filter_a", "timeframe")),
    st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(KEYS, SCALARS, max_size=3)),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(DETECTIONS)
def test_any_detection_is_judged_without_an_exception(tmp_path: Path, detection):
    head = GOOD.partition("detection:")[0]
    text = head + yaml.safe_dump({"detection": detection}, allow_unicode=True)
    lines = text.count("\n") + 1
    assert all(1 <= line <= lines for line, _ in lint(tmp_path, text).values())
