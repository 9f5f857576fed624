"""YAML from users and strangers, read within bounds: rules, settings, sample descriptions.

A YAML text can stand for far more than its size (aliases of aliases), nest until the stack is
gone, or say a key twice so that one of the two is lost. The event stream is weighed first, which
takes no recursion; only a text within all bounds is built into values.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from exward.model.errors import ContentError

try:
    from yaml import CSafeLoader as BaseLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as BaseLoader  # type: ignore[assignment]

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 200_000
"""Values in one text with every alias written out; the largest public rules have some 5,000."""
MAX_DEPTH = 50
MAX_NUMBER_CHARS = 1000
"""A plain value that begins like a number; base-60 numbers take quadratic time to build."""
_NUMBER_STARTS = frozenset("+-.0123456789")


class Document(NamedTuple):
    """One YAML document and the 1-based line where its content begins."""

    document: object
    line: int


class _Open(NamedTuple):
    """A list or map whose end has not been read: its anchor and the total where it began."""

    anchor: str | None
    before: int


def _refuse_duplicates(root: yaml.Node) -> None:
    """Raise where a map says a key twice; each node is visited once however often it is aliased."""
    waiting = [root]
    visited: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            _refuse_duplicates_in(node)
            waiting += [part for pair in node.value for part in pair]


def _refuse_duplicates_in(node: yaml.MappingNode) -> None:
    seen: set[tuple[str, str]] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        name = (key.tag, key.value)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key.value[:80]!r} stands twice in one map", key.start_mark
            )
        seen.add(name)


def load_documents(source: Path | bytes, name: str | None = None) -> list[Document]:
    """All documents of a YAML text, empty ones left out.

    `name` stands for the source in messages (a path stands for itself). Raises ContentError
    with `name:line` where the text is no YAML, says a key twice or goes beyond a bound.
    """
    shown = name if name is not None else str(source) if isinstance(source, Path) else "(text)"
    data = _read(source, shown) if isinstance(source, Path) else source
    if len(data) > MAX_BYTES:
        raise ContentError(
            f"the YAML text is larger than {MAX_BYTES:,} bytes", "split it into files", shown
        )
    try:
        _weigh(data, shown)
        return list(_built(data))
    except yaml.YAMLError as error:
        raise _explained(error, shown) from error
    except (ValueError, OverflowError) as error:
        # A date or number that looks like one and is none: 2024-13-45, .inf:, 1e999999.
        raise ContentError(
            f"a value cannot be read: {error}", "put it in quotes if it is a text", shown
        ) from error


def _read(path: Path, shown: str) -> bytes:
    if not path.is_file():
        raise ContentError("is not a file that can be read", "check the path", shown)
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", "check its permissions", shown
        ) from error


def _weigh(data: bytes, shown: str) -> None:
    """Refuse a text whose values, aliases written out, are too many or nest too deep."""
    total = 0
    stack: list[_Open] = []
    weights: dict[str, int] = {}
    for event in yaml.parse(data, Loader=BaseLoader):
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        _check_event(event, stack, shown, line)
        if isinstance(event, yaml.AliasEvent):
            total += weights.get(event.anchor or "", 1)
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor is not None:
                weights[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Open(event.anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = stack.pop()
            if anchor is not None:
                weights[anchor] = total - before
        if total > MAX_NODES:
            raise _refused(f"it holds more than {MAX_NODES:,} values", shown, line)


def _check_event(event: yaml.Event, stack: list[_Open], shown: str, line: int) -> None:
    # No text here needs a tag, and PyYAML's constructors fail oddly on values of another kind.
    if getattr(event, "tag", None) not in {None, "!"}:
        raise _refused("it sets a type with a !!tag", shown, line)
    if isinstance(event, yaml.AliasEvent):
        if any(entry.anchor == event.anchor for entry in stack):
            raise _refused(f"the alias *{event.anchor} stands inside itself", shown, line)
    elif isinstance(event, yaml.ScalarEvent):
        _check_number(event, shown, line)
    elif isinstance(event, yaml.CollectionStartEvent) and len(stack) >= MAX_DEPTH:
        raise _refused(f"it is nested deeper than {MAX_DEPTH} levels", shown, line)


def _check_number(event: yaml.ScalarEvent, shown: str, line: int) -> None:
    if len(event.value) <= MAX_NUMBER_CHARS or not event.implicit[0]:
        return
    if event.value[0] in _NUMBER_STARTS:
        raise _refused(f"a number has more than {MAX_NUMBER_CHARS} characters", shown, line)


def _refused(what: str, shown: str, line: int) -> ContentError:
    return ContentError(what, "write it out in a simpler way", f"{shown}:{line}")


def _built(data: bytes) -> Iterator[Document]:
    loader = BaseLoader(data)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None:
                continue
            _refuse_duplicates(node)
            document = loader.construct_document(node)
            if document is not None:
                line = 0 if node.start_mark is None else node.start_mark.line
                yield Document(document, line + 1)
    finally:
        loader.dispose()


def _explained(error: yaml.YAMLError, shown: str) -> ContentError:
    mark = getattr(error, "problem_mark", None)
    where = shown if mark is None else f"{shown}:{mark.line + 1}"
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return ContentError(f"is not valid YAML: {problem}", "correct the text there", where)
