"""Writes rows into the files of each server, in order of time, hour by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from exward.simulate.layouts.interface import layouts
from exward.simulate.world import HOUR, Host, Row


class Writer:
    """Keeps which files were begun and how many rows each log has; lives for one run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: Counter[tuple[Host, str]] = Counter()
        self._begun: dict[Path, str] = {}
        self.size_bytes = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows that are not earlier than those written before."""
        known = layouts()
        texts: dict[Path, list[str]] = {}
        paths: dict[tuple[Host, str, int], Path] = {}
        for row in sorted(rows, key=lambda row: row.time):
            layout = known[row.log]
            key = (row.host, row.log, row.time // HOUR)  # no log begins a file more often
            path = paths.get(key)
            if path is None:
                path = paths[key] = self._folder / row.host.name / layout.file(row.time)
            text = texts.setdefault(path, [])
            if path not in self._begun:
                self._begun[path] = layout.footer
                text.append(layout.header(row.time))
            number = self._rows[row.host, row.log]
            self._rows[row.host, row.log] = number + 1
            text.append(layout.line(row.host, row.time, row.data, number))
        for path, text in texts.items():
            self._append(path, "".join(text))

    def file(self, host: Host, name: str, text: str) -> None:
        """Write a file that is no log."""
        self._append(self._folder / host.name / name, text)

    def finish(self) -> int:
        """End every file; returns how many there are."""
        for path, footer in self._begun.items():
            if footer:
                self._append(path, footer)
        return len(self._begun)

    def _append(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode()
        with path.open("ab") as file:
            file.write(data)
        self.size_bytes += len(data)
