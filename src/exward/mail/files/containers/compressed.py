"""Single compressed files."""

from __future__ import annotations

from exward.evidence.decode import Codec, decode
from exward.mail.files.containers.interface import Limits, Opened, take

_CODECS = {"gzip": Codec.GZIP, "bzip2": Codec.BZIP2, "xz": Codec.XZ, "zstd": Codec.ZSTD}
_STARTS = {b"\x1f\x8b": "gzip", b"BZ": "bzip2", b"\xfd7": "xz", b"\x28\xb5": "zstd"}
KINDS = frozenset(_CODECS)


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`."""
    opened = Opened()
    codec = _CODECS[_STARTS[data[:2]]]
    content = take(decode(iter([data]), codec), opened.room(limits))
    if content:
        opened.files.append(("", content))
    opened.is_unread = not content
    return opened
