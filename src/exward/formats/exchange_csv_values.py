"""Cuts one line of an Exchange log into its values.

Values are separated by commas; one that holds a comma, a quotation mark or a line break stands in
quotation marks, doubled inside. What attackers send may hold a lone quotation mark where the writer
did not quote: a mark opens a value only right behind a comma, and closes it only before one.
"""

from __future__ import annotations

import csv

MAX_COLUMNS = 400


def split(line: str) -> list[str]:
    """The values of a line; a quotation mark that nothing closes is a character like others."""
    if '"' not in line:
        return line.split(",")
    values: list[str] = []
    at = 0
    while True:
        if line.startswith('"', at):
            end = _closing(line, at + 1)
            if end < 0:
                return [*values, *line[at:].split(",")]
            values.append(line[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            end = line.find(",", at)
            if end < 0:
                return [*values, line[at:]]
            values.append(line[at:end])
            at = end
        if at >= len(line):
            return values
        at += 1  # the comma


def is_open(line: str, columns: int) -> bool:
    """Whether the line ends inside a quoted value, so that the record may go on in the next one.

    A record that has all its columns before that is none that goes on.
    """
    at = seen = 0
    while seen < columns:
        seen += 1
        if line.startswith('"', at):
            end = _closing(line, at + 1)
            if end < 0:
                return True
            at = end + 1
        else:
            at = line.find(",", at)
        if at < 0 or at >= len(line):
            return False
        at += 1
    return False


def fitting(line: str, columns: int) -> list[str] | None:
    """The values if there are as many as columns, read strictly or as Python's csv reads; or None.

    csv also lets a quoted part end inside a value. What it makes of `"5"5` stands nowhere in the
    line, so that nobody could look for it: such a line is counted as unreadable.
    """
    values = split(line)
    if len(values) == columns:
        return values
    if '"' in line:
        try:
            values = next(csv.reader([line]), [])
        except csv.Error:
            return None
        if not all(part in line for value in values for part in value.split('"')):
            return None
    return values if len(values) == columns else None


def _closing(line: str, at: int) -> int:
    """Where the quotation mark stands that closes the value begun before `at`; -1 if none does."""
    while True:
        end = line.find('"', at)
        if end < 0 or end + 1 == len(line) or line[end + 1] == ",":
            return end
        at = end + (2 if line[end + 1] == '"' else 1)
