"""Made-up .NET libraries: methods of instructions that may or may not make sense."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

from tests.fuzz.vocabulary import members, words
from tests.webshells.assembling import Library

BASES = (
    "System.Object", "System.Web.UI.Page", "System.Web.IHttpHandler", "System.Web.IHttpModule",
    "System.MulticastDelegate",
)  # fmt: skip
KINDS = ("string", "object", "bytes", "void", "System.Web.HttpRequest", "System.Type")
MAX_METHODS = 6
MAX_INSTRUCTIONS = 30


def program(rng: Random) -> bytes:
    """A library."""
    library = Library(base=rng.choice(BASES))
    calls: list[bytes] = []
    for number in range(rng.randrange(1, MAX_METHODS)):
        name = rng.choice(("Page_Load", "ProcessRequest", "Init", f"m{number}", ".ctor"))
        count = rng.randrange(MAX_INSTRUCTIONS)
        code = b"".join(_instruction(rng, library, calls) for _ in range(count))
        calls.append(library.method(name, code + b"\x2a", _kinds(rng)))
    return library.build()


def _kinds(rng: Random) -> str:
    return " ".join(rng.choices(KINDS, k=rng.randrange(1, 5)))


def _instruction(rng: Random, library: Library, calls: list[bytes]) -> bytes:
    if calls and rng.random() < 0.1:
        return rng.choice(calls)
    return rng.choice(_MAKERS)(rng, library)


def _member(rng: Random, library: Library) -> bytes:
    opcode = rng.choice((0x28, 0x6F, 0x73, 0x7B, 0x7D, 0x7E, 0x80))
    return library.call(
        rng.choice(members()), _kinds(rng), static=rng.random() < 0.4, opcode=opcode
    )


def _text(rng: Random, library: Library) -> bytes:
    return library.text(rng.choice(("cmd.exe", "/c ", "", rng.choice(words()))))


def _simple(rng: Random, _library: Library) -> bytes:
    """Arguments, locals, constants, arithmetic, arrays, returns: one byte each."""
    return bytes([rng.choice((*range(0x02, 0x0E), *range(0x14, 0x27), *range(0x58, 0x6F), 0x8E))])


def _branch(rng: Random, _library: Library) -> bytes:
    if rng.random() < 0.3:
        targets = struct.pack("<3i", *(rng.randrange(-60, 60) for _ in range(3)))
        return b"\x45" + struct.pack("<I", rng.choice((3, 3, 1 << 30))) + targets
    if rng.random() < 0.5:
        return bytes([rng.randrange(0x38, 0x45)]) + struct.pack("<i", rng.randrange(-90, 90))
    return bytes([rng.randrange(0x2B, 0x38)]) + struct.pack("<b", rng.randrange(-30, 30))


def _token(rng: Random, _library: Library) -> bytes:
    """An instruction about something that need not be there."""
    table = rng.choice((0x01, 0x02, 0x04, 0x06, 0x0A, 0x11, 0x1B, 0x2B, 0x70, 0xFF))
    opcode = rng.choice((0x28, 0x6F, 0x72, 0x73, 0x74, 0x7B, 0x8D, 0xD0))
    return bytes([opcode]) + struct.pack("<I", table << 24 | rng.choice((0, 1, 2, 9, 0xFFFFFF)))


def _noise(rng: Random, _library: Library) -> bytes:
    return rng.randbytes(rng.randrange(1, 4))


Maker = Callable[[Random, Library], bytes]
_MAKERS: tuple[Maker, ...] = (
    _member, _member, _member, _member, _text, _text, _simple, _simple, _simple, _simple, _simple,
    _branch, _token, _noise,
)  # fmt: skip
