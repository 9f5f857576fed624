"""Says what is wrong with rule files, and what to do about it.

Each check is one small function in the list `CHECKS` of its module. Checks read the YAML as it is
written; what the engine itself refuses is reported in its own words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from exward.model.errors import ContentError, UsageError
from exward.rules import lint_detection, lint_metadata, lint_pack, safe_yaml, sigma_loader
from exward.rules.ir import Unusable
from exward.rules.lint_subject import (
    Check,
    Issue,
    Severity,
    Subject,
    issues,
    line_of,
    text_of,
)
from exward.rules.sigma_loader import Located

__all__ = ["CHECKS", "Issue", "check"]

CHECKS: tuple[Check, ...] = (*lint_metadata.CHECKS, *lint_detection.CHECKS, *lint_pack.CHECKS)
_ENDINGS = {".yml", ".yaml"}
_TWICE = "has the same id as"


def check(paths: Sequence[str], pack: str | None = None) -> Iterator[Issue]:
    """Check all rules in files and folders; issues come sorted by path, line and code.

    `pack` is the folder whose rules must meet our own pack's demands; by default the shipped one.
    Raises UsageError for a path that does not exist.
    """
    home = Path(pack if pack is not None else str(resources.files("exward") / "content" / "rules"))
    found: list[Issue] = []
    subjects: list[Subject] = []
    for path in sorted({path for given in paths for path in _files(given)}):
        try:
            subjects += _subjects(path, home)
        except ContentError as error:
            found.append(_unreadable(path, error))
    for subject in subjects:
        found += [issue for check in CHECKS for issue in issues(check, subject)]
    found += _twice(subjects, "id", "error", "Give this rule an id of its own.")
    found += _twice(subjects, "title", "warning", "Say in the title what sets this rule apart.")
    found += _refused(subjects)
    yield from sorted(
        set(found), key=lambda issue: (issue.path, issue.line, issue.code, issue.message)
    )


def _files(given: str) -> list[Path]:
    root = Path(given)
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise UsageError("there is no such rule file or folder", "check the path", given)
    return [
        path
        for path in root.rglob("*")
        if path.suffix.lower() in _ENDINGS and path.name != "info.yml" and path.is_file()
    ]


def _subjects(path: Path, home: Path) -> list[Subject]:
    documents = safe_yaml.load_documents(path)
    text = tuple(path.read_text("utf-8", "replace").splitlines())
    in_pack = path.resolve().is_relative_to(home.resolve())
    located = [Located(str(path), line, document) for document, line in documents]
    merged = list(sigma_loader.merge_actions(located))
    if not merged:
        raise ContentError("holds no rule", "remove the file or write the rule", str(path))
    return [
        Subject(
            path=entry.path,
            line=entry.line,
            document={str(key): value for key, value in entry.document.items()}
            if isinstance(entry.document, dict)
            else {},
            text=text,
            in_pack=in_pack,
        )
        for entry in merged
    ]


def _unreadable(path: Path, error: ContentError) -> Issue:
    name, _, line = error.where.rpartition(":")
    number = int(line) if name == str(path) and line.isdecimal() else 1
    return Issue(str(path), number, "error", "yaml", error.what, error.hint)


def _twice(
    subjects: Iterable[Subject], key: str, severity: Severity, advice: str
) -> Iterator[Issue]:
    groups: defaultdict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if value := text_of(subject.document, key).casefold():
            groups[value].append(subject)
    for value, members in groups.items():
        first = members[0]
        for other in members[1:]:
            message = f"the {key} {value[:80]!r} is that of {first.path}:{first.line}, too"
            yield Issue(other.path, line_of(other, key), severity, f"{key}-twice", message, advice)


def _refused(subjects: Sequence[Subject]) -> Iterator[Issue]:
    """What the engine cannot use; what another check says in other words is left out."""
    located = [Located(subject.path, subject.line, subject.document) for subject in subjects]
    lines = {text_of(subject.document, "id"): subject.line for subject in subjects}
    for unusable in sigma_loader.build(located, {}).unusable:
        if unusable.reason.startswith(_TWICE):
            continue
        path, line = _place(unusable, lines)
        yield Issue(
            path=path,
            line=line,
            severity="error",
            code="unusable",
            message=unusable.reason,
            recommendation="Correct this: until then the rule is left out of every scan.",
        )


def _place(unusable: Unusable, lines: dict[str, int]) -> tuple[str, int]:
    path, _, line = unusable.path.rpartition(":")
    if path and line.isdecimal():
        return path, int(line)
    return unusable.path, lines.get(unusable.id, 1)
