"""Rules against the samples that lie beside them: does each fire where it should, and only there.

Two layouts are read:

- SigmaHQ's regression data: `info.yml` with `rule_metadata` and `regression_tests_info`; the
  evidence lies beside it under the last part of its `path`. Some of its recordings hold more
  matching records than their `match_count` says: such a case passes, and its note names them.
- Our own: `rule.yml` with `hit.*` and `miss.*` beside it. In a `hit` log every record has to match
  (for a correlation: the file has to show at least one burst), in a `miss` log none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from exward.model.errors import ContentError, ExwardError, UsageError
from exward.rules import safe_yaml, single
from exward.rules.lint_subject import section, text_of

Counter = Callable[[Sequence[str], bool, Path], dict[str, int]]
"""(rule folders, with our own pack, evidence file) → rule id to number of matching records."""

_MAX_OTHERS = 5
_MAX_POSITIONS = 10
_RECORDS_PER_LINE = {".log", ".jsonl"}


@dataclass(frozen=True, slots=True)
class Case:
    """One sample against one rule. `expected` None: at least one record has to match.

    `rule` is an id. `note` says why a case failed, or why it passed with another count.
    """

    path: str
    rule: str
    expected: int | None
    counted: int
    passed: bool
    note: str


@dataclass(frozen=True, slots=True)
class _Task:
    evidence: Path
    rule: str
    expected: int | None
    problem: str = ""
    more_allowed: bool = False


def run(
    directory: str,
    rule_dirs: Sequence[str],
    builtin: bool,
    count: Counter = single.count_hits,
) -> Iterator[Case]:
    """Run all samples below a folder, sorted by path.

    Raises UsageError if the folder does not exist or holds no sample.
    """
    root = Path(directory)
    if not root.is_dir():
        raise UsageError("there is no such folder", "check the path", directory)
    tasks = sorted(_tasks(root), key=lambda task: (str(task.evidence), task.rule))
    if not tasks:
        raise UsageError(
            "the folder holds no samples",
            "it needs info.yml or rule.yml with hit.* files",
            directory,
        )
    for task in tasks:
        yield _judged(task, rule_dirs, builtin, count)


def _judged(task: _Task, rule_dirs: Sequence[str], builtin: bool, count: Counter) -> Case:
    counts: dict[str, int] = {}
    problem = task.problem
    if not problem:
        try:
            counts = count(rule_dirs, builtin, task.evidence)
        except ExwardError as error:
            problem = str(error)
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
    counted = counts.get(task.rule, 0)
    passed = not problem and _is_met(task, counted)
    note = problem or ("" if _is_exact(task, counted) else _difference(task, counts))
    if passed and note:
        note = _further(task, counted, rule_dirs, builtin)
    return Case(str(task.evidence), task.rule, task.expected, counted, passed, note)


def _is_exact(task: _Task, counted: int) -> bool:
    return counted > 0 if task.expected is None else counted == task.expected


def _is_met(task: _Task, counted: int) -> bool:
    more = task.more_allowed and task.expected is not None and counted > task.expected > 0
    return more or _is_exact(task, counted)


def _further(task: _Task, counted: int, rule_dirs: Sequence[str], builtin: bool) -> str:
    """Which records match where there are more than the description says."""
    found = single.positions(rule_dirs, builtin, task.evidence, task.rule)
    shown = ", ".join(map(str, found[:_MAX_POSITIONS]))
    more = " and more" if len(found) > _MAX_POSITIONS else ""
    return f"expected {task.expected}, counted {counted}: each of records {shown}{more} matches"


def _difference(task: _Task, counts: Mapping[str, int]) -> str:
    wanted = "at least 1" if task.expected is None else str(task.expected)
    counted = counts.get(task.rule, 0)
    others = sorted(
        ((name, number) for name, number in counts.items() if name != task.rule and number),
        key=lambda pair: (-pair[1], pair[0]),
    )
    shown = ", ".join(f"{name} ({number})" for name, number in others[:_MAX_OTHERS])
    more = f" and {len(others) - _MAX_OTHERS} more" if len(others) > _MAX_OTHERS else ""
    instead = f"other rules that matched: {shown}{more}" if shown else "no other rule matched"
    if task.expected is not None and counted > task.expected > 0:
        instead = "the rule is wider than the sample says"
    return f"expected {wanted}, counted {counted}; {instead}"


def _tasks(root: Path) -> Iterator[_Task]:
    for path in sorted(root.rglob("info.yml")):
        yield from _guarded(path, _upstream)
    for path in sorted(root.rglob("rule.yml")):
        yield from _guarded(path, _own)


def _guarded(path: Path, read: Callable[[Path], Iterator[_Task]]) -> Iterator[_Task]:
    """A description that cannot be read is a case that failed."""
    try:
        yield from read(path)
    except ContentError as error:
        yield _Task(path, "", None, str(error))


def _upstream(info: Path) -> Iterator[_Task]:
    document = _document(info)
    rules = [text_of(entry, "id") for entry in _maps(document, "rule_metadata")]
    tests = list(_maps(document, "regression_tests_info"))
    if not rules or not tests:
        raise ContentError(
            "names no rule or no test", "see SigmaHQ's regression_data for the form", str(info)
        )
    for test in tests:
        evidence = _beside(info, text_of(test, "path"))
        for rule in rules:
            problem = "" if evidence.is_file() else "the evidence file is missing"
            yield _Task(evidence, rule, _match_count(test, info), problem, more_allowed=True)


def _document(path: Path) -> Mapping[str, object]:
    documents = safe_yaml.load_documents(path)
    value = documents[0].document if len(documents) == 1 else None
    if not isinstance(value, dict):
        raise ContentError("must be one map", "see docs/rules.md", str(path))
    return {str(key): entry for key, entry in value.items()}


def _maps(document: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    value = document.get(key)
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict):
            yield {str(name): one for name, one in entry.items()}


def _beside(info: Path, stated: str) -> Path:
    """The file beside info.yml that a path of the upstream repository means.

    Only the last part counts, so that no description can point elsewhere.
    """
    name = PureWindowsPath(stated).name
    exact = info.parent / name
    if name and exact.is_file():
        return exact
    suffix = PureWindowsPath(stated).suffix.lower()
    same = sorted(path for path in info.parent.iterdir() if path.suffix.lower() == suffix)
    return same[0] if len(same) == 1 and suffix else exact


def _match_count(test: Mapping[str, object], info: Path) -> int | None:
    value = test.get("match_count")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ContentError("match_count must be a whole number", "correct it", str(info))
    return value


def _own(path: Path) -> Iterator[_Task]:
    documents = [
        {str(key): value for key, value in document.items()}
        for document, _ in safe_yaml.load_documents(path)
        if isinstance(document, dict)
    ]
    # Rules that stand beside a correlation only feed it.
    subjects = [entry for entry in documents if "correlation" in entry] or documents
    for subject in subjects:
        correlates = bool(section(subject, "correlation"))
        rule = text_of(subject, "id")
        for sample in sorted(path.parent.glob("hit*.*")):
            yield _Task(sample, rule, None if correlates else _records(sample))
        for sample in sorted(path.parent.glob("miss*.*")):
            yield _Task(sample, rule, 0)


def _records(sample: Path) -> int | None:
    """How many records a text sample holds; None where lines are not records."""
    if sample.suffix.lower() not in _RECORDS_PER_LINE:
        return None
    try:
        return single.count_records(sample)
    except ExwardError:  # of no known format: who counts the hits will say so
        with sample.open("rb") as lines:
            return sum(1 for line in lines if line.strip() and not line.startswith(b"#"))
