"""The web files of a scan: gathered while evidence is found and read, judged before the logs are.

Which pages are web shells is known before the logs are read, so that the requests for them are
found by rules made for them (`scan/shell_requests.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from exward.model.finding import Finding
from exward.model.skipped import Skipped
from exward.posture.readers.interface import Told
from exward.scan import web_lists
from exward.webshells import page
from exward.webshells.belonging.builds import Named
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.places import place_of
from exward.webshells.belonging.survey import Material, Surveyed, survey
from exward.webshells.served import EXTENSIONS

MAX_FILES = 500_000
"""Web files that are compared; more are counted as not read."""


@dataclass(slots=True)
class WebFiles:
    """What was gathered so far."""

    files: list[WebFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    hints: list[Finding] = field(default_factory=list)
    named: Named = field(default_factory=Named)
    paths: set[str] = field(default_factory=set)
    left_out: int = 0

    def note(self, path: str, head: bytes) -> None:
        """Take in the path of one file of the evidence, whatever it holds."""
        place = place_of(path)
        self.named.note(path, head, place)
        is_page = place is not None and page.extension_of(path) in EXTENSIONS
        if is_page and len(self.paths) < MAX_FILES:
            self.paths.add(path)

    def take(self, files: list[WebFile], findings: list[Finding], hints: list[Finding]) -> None:
        """Take in what a worker brought."""
        room = max(0, MAX_FILES - len(self.files))
        self.files += files[:room]
        self.left_out += len(files[room:])
        self.findings += findings
        self.hints += hints[: max(0, MAX_FILES - len(self.hints))]

    def surveyed(self, lists: Sequence[Told] = ()) -> tuple[Surveyed, list[Skipped]]:
        """Judge all of them, with what the lists of collections say; and what was left out."""
        reason = "more web files than are compared with Exchange's"
        lost = [Skipped("", None, reason, self.left_out)] if self.left_out else []
        listed, unread = web_lists.read(lists, (one.path for one in self.files))
        material = Material(
            self.files, self.findings, self.hints, self.named, frozenset(self.paths), listed
        )
        return survey(material), [*lost, *unread]
