"""YARA rules from folders, compiled together; what cannot be compiled is named and left out.

Every file is a namespace of its own, so that two files may hold rules of the same name. `include`
is refused: rules would otherwise read any file of this machine.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exward.model.errors import UsageError
from exward.model.severity import Severity
from exward.yara.meta import said
from exward.yara.variables import NAMES

if TYPE_CHECKING:
    import yara_x

ENDINGS = frozenset({".yar", ".yara"})
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Signature:
    """One rule that can be used. `id` is unique: file, then name."""

    id: str
    title: str
    severity: Severity
    path: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What the compiler says against a rule, or against all that follows in a file.

    `line` is 0 where it is about the whole file.
    """

    path: str
    line: int
    reason: str

    @property
    def where(self) -> str:
        """The place as people write it."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Loaded:
    """All rules, and their compiled form for `matching.Matcher`; b"" if there is none.

    What is `broken` is left out; a rule with a warning (it is slow, or always true) is used.
    """

    signatures: tuple[Signature, ...] = ()
    broken: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    compiled: bytes = b""


def load(paths: Sequence[str]) -> Loaded:
    """Compile the rules below the given folders, or in single files.

    Raises UsageError for a folder that does not exist or holds no rule file, and where there is no
    engine.
    """
    if not paths:
        return Loaded()
    try:
        import yara_x  # large, and not for every platform: only who has rules needs it
    except ImportError as error:
        hint = "it has no wheel for this platform, or is missing: `pip install yara-x` tells"
        raise UsageError("YARA rules need the package yara-x", hint, "--yara") from error
    compiler = yara_x.Compiler(relaxed_re_syntax=True, includes_enabled=False)
    compiler.ignore_invalid_rules(True)
    for name in NAMES:
        compiler.define_global(name, "")
    files = _by_namespace(paths)
    broken: list[Problem] = []
    for namespace, path in files.items():
        text = _read(path)
        if isinstance(text, Problem):
            broken.append(text)
            continue
        compiler.new_namespace(namespace)
        with suppress(yara_x.CompileError):  # `errors()` has it, with its place
            compiler.add_source(text, origin=str(path))
    broken += map(_problem, compiler.errors())
    warnings = [_problem(warning) for warning in compiler.warnings()]
    rules = compiler.build()
    compiled = io.BytesIO()
    rules.serialize_into(compiled)
    return Loaded(
        tuple(sorted(_signatures(rules, files), key=lambda one: one.id)),
        _ordered(broken),
        _ordered(warnings),
        compiled.getvalue(),
    )


def id_of(rule: yara_x.Rule) -> str:
    """The id of a rule: its file below the folder that was given, and its name."""
    return f"{rule.namespace}:{rule.identifier}"


def files_in(given: str) -> list[tuple[str, Path]]:
    """The rule files of a folder with their names below it, in order; or the one file itself."""
    root = Path(given)
    if root.is_file():
        return [(root.name, root)]
    found = sorted(
        path for path in root.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file()
    )
    return [(path.relative_to(root).as_posix(), path) for path in found]


def _by_namespace(paths: Sequence[str]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for given in dict.fromkeys(paths):
        if not Path(given).exists():
            raise UsageError("there is no such rule folder or file", "check --yara", given)
        found = files_in(given)
        if not found:
            raise UsageError("the folder holds no YARA rule (*.yar)", "check --yara", given)
        for name, path in found:
            if path not in files.values():
                files[_free(_plain(name), path, files)] = path
    return files


def _free(name: str, path: Path, taken: dict[str, Path]) -> str:
    return name if name not in taken else _plain(path.as_posix())


def _plain(name: str) -> str:
    """A file's name as text: bytes that are none would be refused."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _read(path: Path) -> str | Problem:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return Problem(str(path), 0, f"is larger than {MAX_FILE_BYTES:,} bytes")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return Problem(str(path), 0, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return Problem(str(path), 0, "is not UTF-8 text: save it as UTF-8")


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda one: (one.path, one.line, one.reason)))


def _problem(error: dict[str, Any]) -> Problem:
    """An error of the compiler, which is a table of texts and numbers (`Compiler.errors`)."""
    label: dict[str, Any] = next(iter(error.get("labels") or ()), {})
    reason = ": ".join(filter(None, (error.get("title", ""), label.get("text", ""))))
    return Problem(label.get("code_origin") or "", error.get("line") or 0, reason[:MAX_REASON])


def _signatures(rules: yara_x.Rules, files: dict[str, Path]) -> Iterator[Signature]:
    for rule in rules:
        told = said(rule.identifier, rule.metadata)
        yield Signature(id_of(rule), told.title, told.severity, str(files[rule.namespace]))
