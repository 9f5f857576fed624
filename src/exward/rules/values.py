"""Sigma string values: wildcards, escapes, and the encodings that modifiers ask for.

Source: Sigma specification 2.x, "Wildcards" and "Escaping" and the modifiers appendix.
"""

from __future__ import annotations

import base64
import itertools
import re

from exward.rules.ir import QUESTION, STAR

Parts = tuple[str | int, ...]
"""Literal text and wildcards in turn, as in `ir.Like.parts`; the empty string is `()`."""

_WILDCARDS = {"*": STAR, "?": QUESTION}
_TOKEN = re.compile(r"\\[\\*?]|[*?]|[^\\*?]+|\\", re.DOTALL)
_DASH = re.compile(r"\B[-/]\b")
DASHES = ("-", "/", "\N{EN DASH}", "\N{EM DASH}", "\N{HORIZONTAL BAR}")
MAX_DASHES = 3
"""More would make 5 ** n variants of one value."""


def parse(text: str) -> Parts:
    """Read a Sigma string: `*` and `?` are wildcards, a backslash escapes these and itself.

    A backslash before any other character is a plain backslash.
    """
    parts: list[str | int] = []
    for token in _TOKEN.findall(text):
        if token in _WILDCARDS:
            parts.append(_WILDCARDS[token])
            continue
        plain = token[1:] if len(token) == 2 and token[0] == "\\" and token[1] in "\\*?" else token
        if parts and isinstance(parts[-1], str):
            parts[-1] += plain
        else:
            parts.append(plain)
    return tuple(parts)


def plain_text(parts: Parts) -> str:
    """Text of a value without wildcards; raises ValueError if it has one."""
    if any(isinstance(part, int) for part in parts):
        raise ValueError("wildcards are not allowed in an encoded or compared value")
    return "".join(str(part) for part in parts)


def contains(parts: Parts) -> Parts:
    """Match anywhere inside the field."""
    return startswith(endswith(parts))


def startswith(parts: Parts) -> Parts:
    """Match at the field's beginning."""
    return parts if parts and parts[-1] == STAR else (*parts, STAR)


def endswith(parts: Parts) -> Parts:
    """Match at the field's end."""
    return parts if parts and parts[0] == STAR else (STAR, *parts)


def windash(parts: Parts) -> list[Parts]:
    """All variants in which an option's leading `-` or `/` is another dash.

    Raises ValueError if more than `MAX_DASHES` dashes begin an option.
    """
    choices: list[tuple[str | int, ...]] = []
    dashes = 0
    for part in parts:
        if isinstance(part, int):
            choices.append((part,))
            continue
        position = 0
        for found in _DASH.finditer(part):
            choices += [(part[position : found.start()],), DASHES]
            position = found.end()
            dashes += 1
        choices.append((part[position:],))
    if dashes > MAX_DASHES:
        raise ValueError(
            f"windash on a value with {dashes} options; split it ({MAX_DASHES} at most)"
        )
    return [joined(tuple((piece,) for piece in form)) for form in itertools.product(*choices)]


def joined(pieces: tuple[Parts, ...]) -> Parts:
    """Parts in a row as one value."""
    parts: list[str | int] = []
    for part in itertools.chain.from_iterable(pieces):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part)
    return tuple(parts)


def base64_text(data: bytes) -> str:
    """Base64 of the whole value."""
    return base64.b64encode(data).decode("ascii")


def base64_offsets(data: bytes) -> list[str]:
    """The parts of Base64 text that do not depend on what surrounds the value, for each offset."""
    texts = []
    for offset in range(3):
        encoded = base64.b64encode(b" " * offset + data).decode("ascii")
        # The first characters mix with what stands before, the last with what follows.
        start = (0, 2, 3)[offset]
        end = (len(encoded), -3, -2)[(len(data) + offset) % 3]
        texts.append(encoded[start:end])
    return texts
