"""Cuts one line of an Exchange log into its values.

Values are separated by commas; one that holds a comma, a quotation mark or a line break stands in
quotation marks, doubled inside. What attackers send may hold a lone quotation mark where the writer
did not quote: a mark opens a value only right behind a comma, and closes it only before one.
"""

from __future__ import annotations

import csv
import re

MAX_COLUMNS = 400

_RECORD = re.compile(rb"\"?(?:\d{4}-\d\d-\d\d[T ]\d|\d{1,2}/\d{1,2}/\d{4} \d)")
"""How a record begins: with its time, in one of the two forms that Exchange's logs have."""


def begins_record(line: bytes) -> bool:
    """Whether a line begins as a record or a header does."""
    return line.startswith(b"#") or begins_with_time(line)


def begins_with_time(line: bytes) -> bool:
    """Whether a line begins as a record does."""
    return _RECORD.match(line) is not None


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


def ended(line: str, inside: bool = False) -> tuple[int, bool]:
    """How many values end in the line, and whether its end stands inside a quoted one.

    `inside`: the line begins inside a quoted value.
    """
    at = count = 0
    quoted = inside
    while True:
        if quoted or line.startswith('"', at):
            end = _closing(line, at if quoted else at + 1)
            if end < 0:
                return count, True
            at = end + 1
        else:
            at = line.find(",", at)
        count += 1
        if at < 0 or at >= len(line):
            return count, False
        quoted = False
        at += 1  # the comma


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
