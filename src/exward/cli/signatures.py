"""YARA rules in `exward rules`: listed, checked and shown beside Sigma rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from exward.model.errors import ContentError
from exward.rules.lint import Issue
from exward.yara.loading import ENDINGS, Loaded, Problem, Signature, files_in, load

CODE = "yara"
_RULE = r"^[ \t]*(?:(?:private|global)[ \t]+)*rule[ \t]+"


def line(signature: Signature, form: str) -> str:
    """A line of the list, in the form `table` or `jsonl`."""
    if form == "jsonl":
        entry = {
            "kind": "yara",
            "id": signature.id,
            "title": signature.title,
            "level": signature.severity,
            "path": signature.path,
        }
        return msgspec.json.encode(entry).decode()
    return f"{signature.severity:<13}  {'-':<12}  {signature.id:<36}  {signature.title}"


def divided(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paths to check as Sigma rules, and those that hold YARA rules; a folder may be both."""
    of_yara = [path for path in paths if any(_is_yara(one) for _, one in files_in(path))]
    return [path for path in paths if not _is_yara(Path(path))], of_yara


def _is_yara(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file()


def issues(paths: Sequence[str]) -> Iterator[Issue]:
    """What the compiler says against the YARA rules in files and folders."""
    loaded = load(paths)
    advice = "Correct this: until then the rule is left out of every scan."
    yield from (_issue(one, advice) for one in loaded.broken)
    yield from (
        Issue(one.path, max(1, one.line), "warning", CODE, one.reason, "")
        for one in loaded.warnings
    )


def _issue(problem: Problem, advice: str) -> Issue:
    return Issue(problem.path, max(1, problem.line), "error", CODE, problem.reason, advice)


def named(wanted: str, loaded: Loaded) -> Signature | None:
    """The rule of this id, or the only one of this name."""
    exact = [one for one in loaded.signatures if one.id == wanted]
    found = exact or [one for one in loaded.signatures if _name(one) == wanted]
    return found[0] if len(found) == 1 else None


def _name(signature: Signature) -> str:
    return signature.id.rpartition(":")[2]


def card(signature: Signature) -> Iterator[str]:
    """The rule with its source."""
    try:
        text = Path(signature.path).read_text("utf-8-sig", "backslashreplace")
    except OSError as error:
        reason = f"the rule's file cannot be read: {error.strerror}"
        raise ContentError(reason, "", signature.path) from error
    yield f"{signature.title}\n"
    yield f"id       {signature.id}"
    yield f"file     {signature.path}"
    yield f"level    {signature.severity}"
    start = re.search(rf"{_RULE}{re.escape(_name(signature))}\b", text, re.MULTILINE)
    if start is not None:
        after = re.compile(_RULE, re.MULTILINE).search(text, start.end())
        yield f"\n{text[start.start() : after.start() if after else None].rstrip()}"
