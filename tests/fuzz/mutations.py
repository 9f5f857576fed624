"""Damage of all kinds, done to what was made or collected."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MAX_LARGE = 5 * 1024 * 1024
MAX_REPEATED = 64 * 1024
_BYTES = (b"\0", b"\xff", b"\x80", b'"', b"'", b"(", b")", b"{", b"}", b"<%", b"%>", b"\n", b"\\")

_DEEP = tuple(
    word.encode()
    for word in (
        "(", "[", "{", "a(", "a[", "x=", "x:=", "-", "!", "&", "+", "@", "~", "Not ", "new ",
        "await ", "(string)", "typeof(", "a?b:", "a??", "a.", "a=>", "${", '$"{', "<%", "if(a)",
        "If a Then ", "else if(a)", "{if(a)", "Sub a\n", "class a{", "With a\n", "9", "eval(",
        'Execute("', "a&", "a,", "case 1:", "lambda ", "Chr(", "/*", "''", '""', "_\n", "<a ",
    )
)  # fmt: skip

Mutation = Callable[[Random, bytearray], None]


def damaged(rng: Random, data: bytes) -> bytes:
    """The data with one to thirty changes."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        if not changed:
            break
        rng.choice(_MUTATIONS)(rng, changed)
    return bytes(changed)


def damaged_program(rng: Random, data: bytes) -> bytes:
    """A program with changes where its tables lie: headers, and the beginning of its metadata."""
    changed = bytearray(data)
    metadata = data.find(b"BSJB")
    for _ in range(rng.choice((1, 2, 5, 20))):
        places = [len(data), 0x400] if metadata < 0 else [len(data), 0x400, metadata + 0x600]
        end = min(len(data), rng.choice(places))
        start = metadata if end == metadata + 0x600 else 0
        if end <= start:
            continue
        changed[rng.randrange(start, end)] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
    return bytes(changed[: rng.randrange(len(changed))] if rng.random() < 0.1 else changed)


def large(rng: Random, data: bytes) -> bytes:
    """A piece of the data over and over, to megabytes: what takes more than linear time shows."""
    start = rng.randrange(max(1, len(data)))
    piece = data[start : start + rng.choice((1, 2, 8, 40, 400))] or b"("
    size = rng.choice((MAX_LARGE // 50, MAX_LARGE // 8, MAX_LARGE))
    return data[:start] + piece * (size // len(piece)) + data[start:]


def _place(rng: Random, data: bytearray) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice((1, 1, 2, 5, 20, 100)))


def _set(rng: Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] = rng.randrange(256)


def _insert(rng: Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    data[at:at] = rng.choice(_BYTES)


def _remove(rng: Random, data: bytearray) -> None:
    start, end = _place(rng, data)
    del data[start:end]


def _copy(rng: Random, data: bytearray) -> None:
    start, end = _place(rng, data)
    at = rng.randrange(len(data))
    data[at:at] = data[start:end]


def _repeat(rng: Random, data: bytearray) -> None:
    start, end = _place(rng, data)
    times = min(rng.choice((2, 10, 100, 2000)), max(1, MAX_REPEATED // (end - start)))
    data[start:end] = data[start:end] * times


def _deepen(rng: Random, data: bytearray) -> None:
    """A word or sign many times over: what is read by recursion goes deep."""
    at = rng.randrange(len(data))
    data[at:at] = rng.choice(_DEEP) * rng.choice((30, 300, 3_000))


def _cut(rng: Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


def _swap(rng: Random, data: bytearray) -> None:
    (one, end), (two, other) = _place(rng, data), _place(rng, data)
    first, second = data[one:end], data[two:other]
    if end <= two:
        data[two:other] = first
        data[one:end] = second


_MUTATIONS: tuple[Mutation, ...] = (
    _set, _insert, _insert, _remove, _remove, _copy, _copy, _repeat, _cut, _swap, _swap, _deepen,
)  # fmt: skip
