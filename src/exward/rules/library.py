"""Rules from folders, compiled once and kept on disk by the content of all their files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

import msgspec

from exward import __version__
from exward.model.errors import ContentError, UsageError
from exward.rules import safe_yaml, sigma_loader
from exward.rules.ir import RuleSet, Unusable
from exward.rules.sigma_loader import Located

CACHE_FORMAT = 4
"""Raised when ir.py changes."""
_ENDINGS = {".yml", ".yaml"}
_KEPT = 8


def load(
    directories: Sequence[str],
    builtin: bool,
    cache_dir: str | None = None,
    placeholders: str | None = None,
) -> RuleSet:
    """Load all rules below the given folders (or single files), and our own pack.

    Raises UsageError for a folder that does not exist or holds no rule, ContentError for a broken
    placeholder file. A rule that cannot be used is listed in the result, with the reason.
    """
    files = {str(path): path for directory in directories for path in _files(directory)}
    if builtin:
        own = Path(str(resources.files("exward").joinpath("content/rules")))
        files.update({str(path): path for path in _files(str(own))})
    contents = {name: _read(path) for name, path in sorted(files.items())}
    known = _placeholders(placeholders)
    key = _key(contents, known)
    folder = Path(cache_dir) if cache_dir is not None else default_cache_dir()
    cached = _from_cache(folder / f"rules-{key}.msgpack")
    if cached is not None:
        return cached
    built = _build(contents, known)
    _to_cache(folder, key, built)
    return built


def default_cache_dir() -> Path:
    """Where compiled rules are kept: the platform's cache folder for the user."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "exward" / "cache"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "exward"


def _files(directory: str) -> list[Path]:
    root = Path(directory)
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise UsageError("there is no such rule folder or file", "check --rules", directory)
    # A rule's samples lie beside it in our pack: only YAML that is a rule is taken.
    found = sorted(
        path
        for path in root.rglob("*")
        if path.suffix.lower() in _ENDINGS and path.name != "info.yml" and path.is_file()
    )
    if not found:
        raise UsageError("the folder holds no rule (*.yml)", "check --rules", directory)
    return found


def _read(path: Path) -> bytes | str:
    """The file's bytes, or why they cannot be read."""
    try:
        if path.stat().st_size > safe_yaml.MAX_BYTES:
            return f"is larger than {safe_yaml.MAX_BYTES} bytes"
        return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _placeholders(path: str | None) -> dict[str, tuple[str, ...]]:
    if path is None:
        return {}
    try:
        documents = safe_yaml.load_documents(Path(path))
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", "check --placeholders", path
        ) from None
    values = documents[0][0] if len(documents) == 1 else None
    if not isinstance(values, dict):
        raise ContentError("must be one map of placeholder: [values]", "", path)
    return {
        str(name): tuple(str(one) for one in (value if isinstance(value, list) else [value]))
        for name, value in values.items()
    }


def _key(contents: Mapping[str, bytes | str], placeholders: Mapping[str, tuple[str, ...]]) -> str:
    digest = hashlib.blake2b(f"{__version__} {CACHE_FORMAT}".encode(), digest_size=16)
    digest.update(repr(sorted(placeholders.items())).encode("utf-8", "backslashreplace"))
    for name, content in contents.items():
        data = content if isinstance(content, bytes) else content.encode()
        digest.update(f"\0{name}\0{len(data)}\0".encode("utf-8", "backslashreplace"))
        digest.update(data)
    return digest.hexdigest()


def _build(
    contents: Mapping[str, bytes | str], placeholders: Mapping[str, tuple[str, ...]]
) -> RuleSet:
    unusable: list[Unusable] = []
    documents = list(_documents(contents, unusable))
    built = sigma_loader.build(documents, placeholders)
    everything = sorted(
        {*built.unusable, *unusable}, key=lambda bad: (bad.path, bad.id, bad.reason)
    )
    return msgspec.structs.replace(built, unusable=tuple(everything))


def _documents(contents: Mapping[str, bytes | str], unusable: list[Unusable]) -> Iterator[Located]:
    for name, content in contents.items():
        if isinstance(content, str):
            unusable.append(Unusable(name, "", "", content))
            continue
        try:
            documents = safe_yaml.load_documents(content, name)
        except ContentError as error:
            unusable.append(Unusable(error.where or name, "", "", error.what))
            continue
        located = [Located(name, line, document) for document, line in documents]
        yield from sigma_loader.merge_actions(located)


def _from_cache(path: Path) -> RuleSet | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=RuleSet)
    except (OSError, msgspec.MsgspecError):
        return None


def _to_cache(folder: Path, key: str, rules: RuleSet) -> None:
    """Keep the compiled rules; a cache that cannot be written only costs time."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(msgspec.msgpack.encode(rules))
        Path(file.name).replace(folder / f"rules-{key}.msgpack")
        kept = sorted(folder.glob("rules-*.msgpack"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-_KEPT]:
            old.unlink()
    except OSError:
        return
