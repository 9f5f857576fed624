"""Builds small program files: what a compiler makes of a few lines of C#, without a compiler."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

BASE = 0x1000  # where the only section lies in memory
_STRING, _OBJECT, _VOID, _BYTES = b"\x0e", b"\x1c", b"\x01", b"\x1d\x05"
SIGNATURES = {"string": _STRING, "object": _OBJECT, "void": _VOID, "bytes": _BYTES}


def program_file(section: bytes, directories: dict[int, tuple[int, int]]) -> bytes:
    """A PE file of one section; a directory is its offset in that section, and its size."""
    padded = section + bytes(-len(section) % 0x200)
    table = b"".join(
        struct.pack("<II", *((BASE + place[0], place[1]) if place else (0, 0)))
        for place in (directories.get(number) for number in range(16))
    )
    optional = struct.pack("<HBBIIIII", 0x10B, 8, 0, len(padded), 0, 0, 0, BASE)
    optional += struct.pack("<IIIIHHHHHHI", BASE, 0x400000, 0x1000, 0x200, 4, 0, 0, 0, 4, 0, 0)
    optional += struct.pack(
        "<IIIHHIIIIII", 0x100000, 0x200, 0, 3, 0, 1 << 20, 1 << 12, 1 << 20, 1 << 12, 0, 16
    )
    optional += table
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, len(optional), 0x2102) + optional
    head += b".text\0\0\0" + struct.pack(
        "<IIIIIIHHI", len(section), BASE, len(padded), 0x200, 0, 0, 0, 0, 0x60000020
    )
    return head.ljust(0x200, b"\0") + padded


def _compressed(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    if number < 0x4000:
        return struct.pack(">H", number | 0x8000)
    return struct.pack(">I", number | 0xC0000000)


@dataclass
class Library:
    """A .NET library with one class, whose methods are given as instructions.

    Methods are added with `method`; tokens for their code come from `call`, `text` and `type`.
    """

    base: str = "System.Object"
    strings: bytearray = field(default_factory=lambda: bytearray(1))
    texts: bytearray = field(default_factory=lambda: bytearray(1))
    blobs: bytearray = field(default_factory=lambda: bytearray(1))
    types: list[tuple[int, int]] = field(default_factory=list)
    members: list[tuple[int, int, int]] = field(default_factory=list)
    methods: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    _types: dict[str, int] = field(default_factory=dict)

    def _string(self, text: str) -> int:
        place = len(self.strings)
        self.strings += text.encode() + b"\0"
        return place

    def _blob(self, raw: bytes) -> int:
        place = len(self.blobs)
        self.blobs += _compressed(len(raw)) + raw
        return place

    def type(self, name: str) -> bytes:
        """The token of another library's class."""
        if name not in self._types:
            space, _, short = name.rpartition(".")
            self.types.append((self._string(short), self._string(space)))
            self._types[name] = len(self.types)
        return struct.pack("<I", 0x01000000 | self._types[name])

    def signature(self, kinds: str, *, static: bool = False) -> bytes:
        """`returned first second`: each one of SIGNATURES or a class."""
        parts = [
            SIGNATURES.get(kind)
            or b"\x12" + _compressed(struct.unpack("<I", self.type(kind))[0] % (1 << 24) << 2 | 1)
            for kind in kinds.split()
        ]
        return bytes([0 if static else 0x20, len(parts) - 1]) + b"".join(parts)

    def call(self, name: str, kinds: str, *, static: bool = False, opcode: int = 0x28) -> bytes:
        """A call of another library's member."""
        owner, _, member = name.partition("::")
        (token,) = struct.unpack("<I", self.type(owner))
        blob = self._blob(self.signature(kinds, static=static))
        self.members.append(((token % (1 << 24)) << 3 | 1, self._string(member), blob))
        return bytes([opcode]) + struct.pack("<I", 0x0A000000 | len(self.members))

    def new(self, owner: str, kinds: str) -> bytes:
        """The making of an object."""
        return self.call(f"{owner}::.ctor", f"void {kinds}".strip(), opcode=0x73)

    def text(self, text: str) -> bytes:
        """The loading of a constant."""
        place, raw = len(self.texts), text.encode("utf-16-le") + b"\0"
        self.texts += _compressed(len(raw)) + raw
        return b"\x72" + struct.pack("<I", 0x70000000 | place)

    def method(self, name: str, code: bytes, kinds: str = "void") -> bytes:
        """Add a method; gives back a call of it."""
        self.methods.append((name, code, self.signature(kinds)))
        return b"\x28" + struct.pack("<I", 0x06000000 | len(self.methods))

    def build(self) -> bytes:
        """The file."""
        bodies, places = bytearray(), []
        for _, code, _ in self.methods:
            bodies += bytes(-len(bodies) % 4)
            places.append(len(bodies))
            bodies += struct.pack("<HHII", 0x3003, 8, len(code), 0) + code
        base = struct.unpack("<I", self.type(self.base))[0] % (1 << 24) << 2 | 1
        rows = struct.pack("<HHHHH", 0, self._string("x.dll"), 0, 0, 0)
        rows += b"".join(struct.pack("<HHH", 0, name, space) for name, space in self.types)
        rows += struct.pack("<IHHHHH", 0, self._string("<Module>"), 0, 0, 1, 1)
        rows += struct.pack("<IHHHHH", 1, self._string("Shell"), 0, base, 1, 1)
        start = 72 + BASE
        for (name, _, signature), place in zip(self.methods, places, strict=True):
            names = self._string(name), self._blob(signature)
            rows += struct.pack("<IHHHHH", start + place, 0, 6, *names, 1)
        rows += b"".join(struct.pack("<HHH", *row) for row in self.members)
        counts = {0: 1, 1: len(self.types), 2: 2, 6: len(self.methods), 0x0A: len(self.members)}
        counts = {number: count for number, count in counts.items() if count}
        mask = sum(1 << number for number in counts)
        tables = struct.pack("<IBBBBQQ", 0, 2, 0, 0, 1, mask, 0)
        tables += struct.pack(f"<{len(counts)}I", *counts.values()) + rows
        metadata = self._metadata(bytes(tables))
        header = struct.pack("<IHHII", 72, 2, 5, start + len(bodies), len(metadata))
        header += struct.pack("<I", 1) + bytes(72 - len(header) - 4)
        return program_file(header + bytes(bodies) + metadata, {14: (0, 72)})

    def _metadata(self, tables: bytes) -> bytes:
        streams = {"#~": tables, "#Strings": bytes(self.strings), "#US": bytes(self.texts)}
        streams["#Blob"] = bytes(self.blobs)
        root = b"BSJB" + struct.pack("<HHII", 1, 1, 0, 12) + b"v4.0.30319\0\0"
        root += struct.pack("<HH", 0, len(streams))
        place = len(root) + sum(8 + len(name) + 4 - len(name) % 4 for name in streams)
        body = b""
        for name, content in streams.items():
            padded = content + bytes(-len(content) % 4)
            root += struct.pack("<II", place + len(body), len(padded))
            root += name.encode() + bytes(4 - len(name) % 4)
            body += padded
        return root + body
