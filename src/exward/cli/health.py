"""What `exward doctor` looks at. Each check is one function that yields what it found."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from exward import __version__
from exward.cli.sample import sample_path
from exward.model.errors import ExwardError
from exward.model.incident import Verdict
from exward.reports.visible import size_text
from exward.rules import library, multi_pattern
from exward.scan import pipeline
from exward.scan.progress import Silent
from exward.yara import loading
from exward.yara.matching import Matcher

OK = "ok"
WARNING = "warning"
BROKEN = "broken"
DISTRIBUTION = "exward"
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination: `state` is `ok`, `warning` or `broken`."""

    name: str
    state: str
    detail: str
    hint: str = ""


def examine(cache_dir: str | None) -> Iterator[Check]:
    """Yield all checks; the last one, the self-test, takes longest."""
    folder = Path(cache_dir) if cache_dir is not None else library.default_cache_dir()
    yield Check("exward", OK, __version__)
    yield Check("python", OK, f"{platform.python_version()} {sys.executable}")
    yield Check("machine", OK, machine())
    yield from libraries()
    yield Check("literal matcher", OK, multi_pattern.engine())
    yield yara_engine()
    yield cache_folder(folder)
    yield rule_pack(cache_dir)
    yield self_test(cache_dir)


def machine() -> str:
    """System, cores and memory in words."""
    cores = f"{os.cpu_count() or 1} cores"
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {size_text(size)} memory"
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        memory = ""
    return f"{platform.system()} {platform.machine()}, {cores}{memory}"


def libraries() -> Iterator[Check]:
    """Versions of what exward is built on, as its own package asks for them."""
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Check("libraries", WARNING, "exward is not installed as a package", "pip install .")
        return
    for requirement in sorted(wanted):
        name = _NAME.match(requirement)
        if name is not None:
            yield _library(name[0], optional=";" in requirement)


def _library(name: str, *, optional: bool) -> Check:
    try:
        return Check(name, OK, metadata.version(name))
    except metadata.PackageNotFoundError:
        if optional:
            return Check(name, OK, "not for this platform")
        return Check(name, BROKEN, "is missing", "install exward again")


def yara_engine() -> Check:
    """Whether YARA rules can be compiled and matched."""
    with tempfile.TemporaryDirectory() as folder:
        rule = Path(folder) / "doctor.yar"
        rule.write_text('rule doctor { strings: $a = "exward" condition: $a }', "utf-8")
        try:
            loaded = loading.load([str(rule)])
        except ExwardError as error:
            return Check("YARA matcher", WARNING, error.what, error.hint)
    matched = Matcher(loaded.compiled).match("doctor.txt", b"exward")
    if [one.identifier for one in matched] == ["doctor"]:
        return Check("YARA matcher", OK, f"YARA-X {metadata.version('yara-x')}")
    return Check("YARA matcher", BROKEN, "a rule did not match", "install exward again")


def cache_folder(folder: Path) -> Check:
    """Whether compiled rules can be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        size = sum(path.stat().st_size for path in folder.glob("rules-*"))
    except OSError as error:
        return Check(
            "cache folder",
            WARNING,
            f"{folder}: {error.strerror}",
            "rules are compiled on every run; --cache-dir names another folder",
        )
    return Check("cache folder", OK, f"{folder}, {size_text(size)}")


def rule_pack(cache_dir: str | None) -> Check:
    """Whether all rules that come with exward can be used."""
    try:
        rules = library.load((), True, cache_dir)
    except (ExwardError, OSError) as error:
        return _broken("own rules", error)
    count = len(rules.rules) + len(rules.correlations)
    if rules.unusable:
        first = rules.unusable[0]
        detail = f"{len(rules.unusable):,} cannot be used: {first.path}: {first.reason}"
        return Check("own rules", BROKEN, detail, "install exward again")
    return Check("own rules", OK, f"{count:,}")


def self_test(cache_dir: str | None) -> Check:
    """Whether the sample intrusion is recognised for what it is."""
    try:
        settings = pipeline.ScanSettings(paths=(sample_path(),), cache_dir=cache_dir)
        result = pipeline.scan(settings, Silent())
    except (ExwardError, OSError) as error:
        return _broken("self-test", error)
    words = ", ".join(f"{one.server}: {one.verdict}" for one in result.verdicts) or "no verdict"
    right = any(one.verdict is Verdict.COMPROMISED for one in result.verdicts)
    if right and not result.skipped:
        return Check("self-test", OK, f"{result.run.records:,} records, {words}")
    lost = f"; {len(result.skipped):,} pieces not read" if result.skipped else ""
    return Check("self-test", BROKEN, f"sample intrusion: {words}{lost}", "install exward again")


def _broken(name: str, error: ExwardError | OSError) -> Check:
    if isinstance(error, ExwardError):
        place = f"{error.where}: " if error.where else ""
        return Check(name, BROKEN, f"{place}{error.what}", error.hint)
    return Check(name, BROKEN, str(error), "install exward again")
