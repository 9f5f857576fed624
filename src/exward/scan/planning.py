"""From paths to tasks: what lies there, and what each file is read as."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence

from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.formats import registry
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.manifest import is_part
from exward.scan import lures, posture
from exward.scan.collections import checks
from exward.scan.state import State
from exward.scan.tasks import MAIL, PAGE, SERVED, Task
from exward.webshells import page
from exward.webshells.belonging.builds import names_build
from exward.webshells.skimming import page as logon_page

MAX_MAIL_FILES = 5_000
"""Files of mail that are judged: some two minutes of one core."""
# What only logs hold: a file with one of these that no reader takes is a loss.
LOG_MARKS = re.compile(
    rb"^#(?:fields|software: microsoft internet information):?|^ElfFile\0", re.I | re.M
)


def plan(
    paths: Sequence[str], options: EvidenceOptions, workers: int, state: State
) -> Iterator[Task]:
    """Find the evidence below the paths, and yield what is to be done with it.

    Raises EvidenceError if a path does not exist.
    """
    for item in discover(paths, options, _wanted(state)):
        state.web.note(*_named(item))
        if isinstance(item, Skipped):
            state.skipped.append(item)
        elif isinstance(item, NotEvidence):
            state.not_evidence += 1
        elif not item.head and not item.size_bytes:
            state.files += 1
            state.skipped.append(Skipped(item.path, 0, "the file is empty"))
        else:
            state.collected.note(item, with_head=False)
            yield from _tasks(item, workers, state)
    if state.mail_files > MAX_MAIL_FILES:
        state.skipped.append(_mail_left_out(paths[0], state.mail_files - MAX_MAIL_FILES))
    for check in checks(state.collected):
        if isinstance(check, Skipped):
            state.skipped.append(check)
        else:
            yield check


def _mail_left_out(path: str, count: int) -> Skipped:
    reason = f"more than {MAX_MAIL_FILES:,} files of mail, the others were not judged: give the "
    reason += "verdicts of `exward mail check --format jsonl` with --mail-verdicts"
    return Skipped(path, None, reason, count)


def _named(item: Source | Skipped | NotEvidence) -> tuple[str, bytes]:
    """The path of what was found, and its beginning if it is to be read."""
    if isinstance(item, Skipped):
        return item.source, b""
    return item.path, b"" if isinstance(item, NotEvidence) else item.head


def _tasks(item: Source, workers: int, state: State) -> Iterator[Task]:
    """What to do with one file: read it as a log, judge it as a web page, or both."""
    if state.inventories.take(item, state.skipped):
        state.files += 1
        state.sizes[item.path] = item.size_bytes or 0
        return
    form = registry.identify(item.head)
    kind = PAGE if _is_page(item.path, item.head) else ""
    if form is None and not kind and lures.is_mail(item.path, item.head):
        kind = MAIL
        state.mail_files += 1
        if state.mail_files > MAX_MAIL_FILES:
            return
    if form is None and not kind and state.signatures.wants(item.path):
        kind = SERVED
    if form is None and not kind:
        state.not_evidence += 1
        if LOG_MARKS.search(item.head):
            reason = "looks like a log, but of no form that is known here"
            state.skipped.append(Skipped(item.path, None, reason))
        return
    state.files += 1
    size = item.size_bytes or 0
    state.sizes[item.path] = size
    count = 0 if form is None else max(1, form.parts(item, workers))
    # A head for each of many thousand files would fill the memory: workers read it again.
    light = copy.copy(item)
    light.head = b""
    for index in range(count):
        yield Task(light, form.NAME if form else "", Part(index, count), size // count)
    if kind:
        yield Task(light, kind, Part(0, 1), size)


def _wanted(state: State) -> Callable[[str, bytes], bool]:
    return lambda path, head: state.signatures.wants(path) or _is_evidence(path, head)


def _is_page(path: str, head: bytes) -> bool:
    """Whether a web server runs it, or browsers get it before people are signed in."""
    return page.is_page(path, head) or logon_page.concerns(path)


def _is_evidence(path: str, head: bytes) -> bool:
    known = not head or registry.identify(head) is not None or _is_page(path, head)
    known = known or names_build(path) or is_part(path, head)
    known = known or posture.is_inventory(path, head) or lures.is_mail(path, head)
    return known or LOG_MARKS.search(head) is not None
