"""One connection of a mail server, without sockets: packets in, packets and letters out."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field

from exward.mail.authentication.check import Envelope
from exward.mail.milter import packets
from exward.mail.milter.packets import Packet

MAX_RECIPIENTS = 10_000
MAX_LETTER_BYTES = 64 * 1024 * 1024
"""Of a larger message the rest is not kept: it is judged by what was."""
MAX_PARAMETERS = 20
MAX_HOST = 1000
"""Bytes of what a client calls itself; it is kept as long as the connection."""
MAX_HEADER_NAMES = 10_000
"""Different ones of a message whose headers are counted; no honest message has so many."""
ACTIONS = (
    packets.ADD_HEADERS | packets.CHANGE_BODY | packets.CHANGE_HEADERS | packets.QUARANTINE
)  # fmt: skip
SILENT = (
    packets.NO_REPLY_CONNECT | packets.NO_REPLY_HELO | packets.NO_REPLY_MAIL
    | packets.NO_REPLY_RCPT | packets.NO_REPLY_HEADER | packets.NO_REPLY_EOH
    | packets.NO_REPLY_BODY
)  # fmt: skip
WANTED = SILENT | packets.NO_UNKNOWN | packets.NO_DATA | packets.LEADING_SPACE
_NO_REPLY = {
    packets.CONNECT: packets.NO_REPLY_CONNECT,
    packets.HELO: packets.NO_REPLY_HELO,
    packets.MAIL: packets.NO_REPLY_MAIL,
    packets.RCPT: packets.NO_REPLY_RCPT,
    packets.HEADER: packets.NO_REPLY_HEADER,
    packets.END_OF_HEADERS: packets.NO_REPLY_EOH,
    packets.BODY: packets.NO_REPLY_BODY,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole message with its envelope, waiting to be judged."""

    envelope: Envelope
    queue_id: str
    raw: bytes = field(repr=False)
    header_counts: dict[str, int] = field(default_factory=dict)
    """How often each header (lower case) occurs, for taking out what was forged."""
    recipients: tuple[str, ...] = ()
    mail_parameters: tuple[str, ...] = ()
    """What stood behind the sender in MAIL (RFC 5321): `BODY=8BITMIME`."""
    recipient_parameters: tuple[tuple[str, ...], ...] = ()
    """The same of each recipient."""
    has_too_many_names: bool = False
    """Not all headers were counted."""
    is_cut: bool = False
    """Message or recipients are not complete."""
    is_dropped: bool = False
    """There was no memory left for it: `raw` is empty."""
    is_body_fixed: bool = False
    """The server does not let the body be changed."""


class Closed:
    """The other side ends the connection."""


@dataclass(slots=True)
class _Open:
    """What is known of the connection and the message that is coming in."""

    client: str = ""
    helo: str = ""
    mail_from: str = ""
    mail_parameters: tuple[str, ...] = ()
    recipients: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    envelope_bytes: int = 0
    """Of sender, recipients and parameters."""
    queue_id: str = ""
    raw: io.BytesIO = field(default_factory=io.BytesIO)
    is_cut: bool = False
    is_dropped: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    has_too_many_names: bool = False


class Session:
    """The state of one connection; `receive` never blocks and touches nothing outside."""

    def __init__(self) -> None:
        """Start before the options are agreed."""
        self._held = bytearray()
        self._open = _Open()
        self._flags = self._actions = 0

    def receive(self, data: bytes) -> list[Packet | Letter | Closed]:
        """Take what came over the wire and say what to answer; raises ProtocolError."""
        self._held += data
        found: list[Packet | Letter | Closed] = []
        for packet in packets.cut_packets(self._held):
            found += self._take(packet)
        return found

    @property
    def size(self) -> int:
        """Bytes that are kept of what came and is no whole letter yet."""
        return len(self._held) + self._open.raw.tell() + self._open.envelope_bytes

    def drop(self) -> None:
        """Keep nothing of the message that is coming in, if there is one, now and later."""
        if self._open.recipients or self._open.raw.tell():
            self._open.raw, self._open.is_dropped = io.BytesIO(), True
            self._open.recipients, self._open.envelope_bytes = [], 0

    def _take(self, packet: Packet) -> list[Packet | Letter | Closed]:
        match packet.command:
            case packets.OPTIONS:
                return [self._agree(packet.data)]
            case packets.MACROS:
                self._note_macros(packet.data)
                return []
            case packets.ABORT:
                self._forget_message()
                return []
            case packets.QUIT:
                return [Closed()]
            case packets.QUIT_NEW:
                self._open = _Open()
                return []
            case packets.END:
                self._keep(packet.data)
                return [self._letter()]
        self._note(packet)
        silent = self._flags & _NO_REPLY.get(packet.command, 0)
        return [] if silent else [Packet(packets.CONTINUE)]

    def _agree(self, data: bytes) -> Packet:
        version, actions, flags = packets.options(data)
        self._flags, self._actions = flags & WANTED, actions & ACTIONS
        return packets.options_packet(min(version, packets.VERSION), self._actions, self._flags)

    def _note_macros(self, data: bytes) -> None:
        values = packets.texts(data[1:])
        pairs = dict(zip(values[::2], values[1::2], strict=False))
        queue_id = pairs.get(b"i", b"")
        if queue_id:
            self._open.queue_id = queue_id[:100].decode("ascii", "replace")

    def _note(self, packet: Packet) -> None:
        given = packets.texts(packet.data)
        match packet.command:
            case packets.CONNECT:
                self._open.client = _client(packet.data)
            case packets.HELO if given:
                self._open.helo = given[0][:MAX_HOST].decode("utf-8", "replace")
            case packets.MAIL | packets.RCPT if given:
                self._note_envelope(packet, _path(given))
            case packets.HEADER if len(given) >= 2:
                self._note_header(given[0], given[1])
            case packets.END_OF_HEADERS:
                self._keep(b"\r\n")
            case packets.BODY:
                self._keep(packet.data)

    def _note_envelope(self, packet: Packet, given: tuple[str, tuple[str, ...]]) -> None:
        now = self._open
        if packet.command == packets.MAIL:
            now.mail_from, now.mail_parameters = given
        elif now.is_dropped or len(now.recipients) >= MAX_RECIPIENTS:
            now.is_cut = True
            return
        else:
            now.recipients.append(given)
        now.envelope_bytes += len(packet.data)

    def _note_header(self, name: bytes, value: bytes) -> None:
        # A server that does not send leading blanks has taken one away.
        colon = b":" if self._flags & packets.LEADING_SPACE else b": "
        folded = value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self._keep(name + colon + folded + b"\r\n")
        counts, key = self._open.counts, name.decode("ascii", "replace").lower()
        if key in counts or len(counts) < MAX_HEADER_NAMES:
            counts[key] += 1
        else:
            self._open.has_too_many_names = True

    def _keep(self, data: bytes) -> None:
        if self._open.is_dropped:
            return
        room = MAX_LETTER_BYTES - self._open.raw.tell()
        self._open.is_cut |= len(data) > room
        self._open.raw.write(data[:room])

    def _letter(self) -> Letter:
        now = self._open
        envelope = Envelope(now.client, now.helo, now.mail_from)
        letter = Letter(
            envelope,
            now.queue_id,
            now.raw.getvalue(),
            dict(now.counts),
            tuple(address for address, _ in now.recipients),
            now.mail_parameters,
            tuple(parameters for _, parameters in now.recipients),
            has_too_many_names=now.has_too_many_names,
            is_cut=now.is_cut,
            is_dropped=now.is_dropped,
            is_body_fixed=not self._actions & packets.CHANGE_BODY,
        )
        self._forget_message()
        return letter

    def _forget_message(self) -> None:
        self._open = _Open(self._open.client, self._open.helo)


def _path(given: list[bytes]) -> tuple[str, tuple[str, ...]]:
    """The address and the parameters of MAIL or RCPT."""
    address, *parameters = (one.decode("utf-8", "replace") for one in given[: MAX_PARAMETERS + 1])
    return address.removeprefix("<").removesuffix(">"), tuple(parameters)


def _client(data: bytes) -> str:
    """The address of a connection: host name, family, port, address (`4` and `6` only)."""
    _, _, rest = data.partition(b"\0")
    if rest[:1] not in {b"4", b"6"}:
        return ""
    address = rest[3 : 3 + MAX_HOST].partition(b"\0")[0]
    return address.decode("ascii", "replace").removeprefix("IPv6:")
