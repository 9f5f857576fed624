"""A message as several readers may see it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """A header field: its name in lower case, its value unfolded and as it was sent.

    `text` leaves NUL bytes out, `marked` keeps them: some programs end there.
    """

    name: str
    value: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The value as text, undecoded: UTF-8, or else Latin-1."""
        return self.marked.replace("\0", "").strip()

    @property
    def marked(self) -> str:
        """The same with its NUL bytes."""
        try:
            return self.value.decode().strip()
        except UnicodeDecodeError:
            return self.value.decode("latin-1").strip()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A place that programs read differently; `code` is a key of `AMBIGUITIES`."""

    code: str
    where: str
    """Which part (`1.2`; empty: the message itself), or what stands there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the message; in each tuple the usual reading comes first."""

    path: str
    fields: tuple[Field, ...] = field(repr=False)
    types: tuple[str, ...]
    """Media types in lower case; never empty."""
    names: tuple[str, ...]
    """File names."""
    contents: tuple[bytes, ...] = field(repr=False)
    """The content, decoded; never empty."""
    charsets: tuple[str, ...] = ()
    hidden: bool = False
    """Found where the usual reading sees no part."""
    is_attached: bool = False
    """Content-Disposition says attachment."""

    @property
    def media_type(self) -> str:
        """The usual reading of the media type."""
        return self.types[0]

    @property
    def content(self) -> bytes:
        """The usual reading of the content."""
        return self.contents[0]

    @property
    def name(self) -> str:
        """The usual reading of the file name; empty if there is none."""
        return self.names[0] if self.names else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `parts` are all leaves, also those of messages inside it."""

    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    ambiguities: tuple[Ambiguity, ...]
    size_bytes: int
    structure: tuple[str, ...] = ()
    """Media types of everything that has parts, from the outside in."""
    raw: bytes = field(default=b"", repr=False)
    """The message as it came; empty where it was put together from a store's own form."""

    def all(self, name: str) -> list[str]:
        """The undecoded values of all fields of a name (lower case)."""
        return [one.text for one in self.fields if one.name == name]

    def first(self, name: str) -> str:
        """The undecoded value of the first field of a name; empty if there is none."""
        return next((one.text for one in self.fields if one.name == name), "")


# What each ambiguity is. The first group hides content from some readers and hardly ever comes
# from a mail program; the second is also known from careless senders.
AMBIGUITIES: dict[str, str] = {
    "two-content-types": "two Content-Type headers that differ",
    "two-boundaries": "more than one boundary can be read from Content-Type",
    "two-encodings": "two Content-Transfer-Encoding headers that differ",
    "two-names": "file names that differ, depending on which parameter is read",
    "boundary-not-found": "a multipart whose boundary does not occur, with parts under another",
    "boundary-prefix": "a delimiter line that only begins with the boundary",
    "boundary-odd": "a boundary with characters that none may have",
    "parts-after-end": "parts after the final boundary",
    "part-outside": "a part where only text may stand",
    "encoded-multipart": "a multipart that is encoded as a whole",
    "base64-broken": "base64 that decoders read differently",
    "base64-unannounced": "a file as base64 where no encoding is announced",
    "encoding-unknown": "a transfer encoding that does not exist",
    "encoding-odd": "a transfer encoding with comments or blanks in it",
    "uuencoded": "a uuencoded file in a text",
    "yencoded": "a file as yEnc in a text",
    "content-encoding": "content packed in a way that mail does not have (Content-Encoding)",
    "nul-bytes": "NUL bytes in headers or text",
    "utf-7": "text in UTF-7",
    "external-body": "a part whose content lies somewhere else",
    "fragment": "only a fragment of a message (message/partial)",
    "too-deep": "parts nested too deep to be read",
    "too-many": "too many parts to be read",
    "two-from": "more than one From header",
    "header-name-odd": "blanks or control characters in a MIME header's name",
    "header-broken": "a line among the headers that is none",
    "bare-cr": "lines that end with a carriage return alone",
    "no-final-boundary": "a multipart without its final boundary",
}
