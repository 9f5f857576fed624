"""The milter protocol's packets, version 6: a length, a letter, data.

Source: `include/libmilter/mfdef.h` of sendmail 8.17 and Postfix's MILTER_README and
`src/milter/milter8.c`, which name every command and flag.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

VERSION = 6
MAX_PACKET_BYTES = 1024 * 1024
"""Postfix sends at most 64 KiB of body at once; headers may be longer."""

# What a filter may do.
ADD_HEADERS, CHANGE_BODY, CHANGE_HEADERS, QUARANTINE = 0x01, 0x02, 0x10, 0x20
# What the server need not send, or need not wait for.
NO_UNKNOWN, NO_DATA = 0x100, 0x200
NO_REPLY_HEADER, NO_REPLY_CONNECT, NO_REPLY_HELO = 0x80, 0x1000, 0x2000
NO_REPLY_MAIL, NO_REPLY_RCPT, NO_REPLY_EOH, NO_REPLY_BODY = 0x4000, 0x8000, 0x40000, 0x80000
LEADING_SPACE = 0x100000
"""Header values come with the blank after the colon: signatures need every byte."""

OPTIONS, MACROS, CONNECT, HELO, MAIL, RCPT, DATA = b"O", b"D", b"C", b"H", b"M", b"R", b"T"
HEADER, END_OF_HEADERS, BODY, END, ABORT, QUIT, QUIT_NEW = b"L", b"N", b"B", b"E", b"A", b"Q", b"K"
MAX_BODY_BYTES = 65_535
"""Of one packet of a body (MILTER_CHUNK_SIZE)."""
CONTINUE, ACCEPT, TEMPFAIL, DISCARD, HOLD = b"c", b"a", b"t", b"d", b"q"


class ProtocolError(Exception):
    """The other side does not speak the milter protocol; the connection ends."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its letter and what follows."""

    command: bytes
    data: bytes = b""


def encode(packet: Packet) -> bytes:
    """A packet as it goes over the wire."""
    return struct.pack("!I", 1 + len(packet.data)) + packet.command + packet.data


def cut_packets(held: bytearray) -> Iterator[Packet]:
    """Take every whole packet off the front; raises ProtocolError for a length that cannot be."""
    while len(held) >= 4:
        (length,) = struct.unpack_from("!I", held)
        if not 1 <= length <= MAX_PACKET_BYTES:
            raise ProtocolError(f"a packet of {length:,} bytes")
        if len(held) < 4 + length:
            return
        packet = Packet(bytes(held[4:5]), bytes(held[5 : 4 + length]))
        del held[: 4 + length]
        yield packet


def texts(data: bytes) -> list[bytes]:
    """Texts that each end with a NUL."""
    return data.split(b"\0")[:-1]


def options(data: bytes) -> tuple[int, int, int]:
    """Version, actions, protocol flags."""
    if len(data) < 12:
        raise ProtocolError("options that are too short")
    version, actions, flags = struct.unpack_from("!III", data)
    return version, actions, flags


def options_packet(version: int, actions: int, flags: int) -> Packet:
    """The answer to options."""
    return Packet(OPTIONS, struct.pack("!III", version, actions, flags))


def insert_header(index: int, name: str, value: str) -> Packet:
    """Insert a header at a place from the top."""
    return Packet(b"i", struct.pack("!I", index) + _pair(name, value))


def change_header(number: int, name: str, value: str) -> Packet:
    """Change the header of that name and number from 1; an empty value removes it."""
    return Packet(b"m", struct.pack("!I", number) + _pair(name, value))


def replace_body(body: bytes) -> list[Packet]:
    """Put another body in the place of the one that came."""
    return [Packet(b"b", body[at : at + MAX_BODY_BYTES])
            for at in range(0, len(body), MAX_BODY_BYTES)]  # fmt: skip


def hold(reason: str) -> Packet:
    """Put the message on hold in the server's own queue."""
    return Packet(HOLD, _plain(reason) + b"\0")


def reply(text: str) -> Packet:
    """Answer the client with a code of our own: `550 5.7.1 words`."""
    return Packet(b"y", _plain(text).replace(b"%", b"%%") + b"\0")


def _pair(name: str, value: str) -> bytes:
    # Milters fold with a bare line feed.
    return _plain(name) + b"\0" + _plain(value.replace("\r\n", "\n")) + b"\0"


def _plain(text: str) -> bytes:
    return text.encode("ascii", "replace").replace(b"\0", b"").replace(b"\r", b"")
