"""What a file is, told from its first bytes and never from its name: container or not."""

from __future__ import annotations

import tarfile
from enum import StrEnum

from exward.evidence.decode import Codec


class Container(StrEnum):
    """Archives with members."""

    ZIP = "zip"
    TAR = "tar"
    SEVEN_ZIP = "7z"


# PKWARE APPNOTE 6.3.10, section 4.3: local header, empty archive, one-part split archive.
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
_SEVEN_ZIP_START = b"7z\xbc\xaf\x27\x1c"
_GZIP_START = b"\x1f\x8b\x08"
_XZ_START = b"\xfd7zXZ\x00"
# A bzip2 block starts with the digits of pi, an empty stream ends with those of its square root.
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_ZSTD_START = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = b"\x2a\x4d\x18"  # after a byte 0x50 to 0x5f, RFC 8878 section 3.1.2

_UNREADABLE = (
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x04\x22\x4d\x18", "LZ4 file"),
    (b"LZIP\x01", "lzip file"),
    (b"vhdxfile", "VHDX disk image"),
    (b"conectix", "VHD disk image"),
    (b"EVF\x09\x0d\x0a\xff\x00", "EnCase (E01) disk image"),
    (b"EVF2\x0d\x0a\x81\x00", "EnCase (Ex01) disk image"),
    (b"KDMV", "VMDK disk image"),
    (b"QFI\xfb", "QCOW disk image"),
)


def container_kind(head: bytes) -> Container | Codec | None:
    """Say which container or compressed file starts with `head`; None for neither."""
    if head.startswith(_ZIP_STARTS):
        return Container.ZIP
    if head.startswith(_SEVEN_ZIP_START):
        return Container.SEVEN_ZIP
    if head.startswith(_GZIP_START):
        return Codec.GZIP
    if head.startswith(_XZ_START):
        return Codec.XZ
    if head.startswith(_ZSTD_START) or _is_skippable_zstd(head):
        return Codec.ZSTD
    if head[:3] == b"BZh" and head[3:4].isdigit() and head[4:10] in _BZIP2_BLOCKS:
        return Codec.BZIP2
    return Container.TAR if _is_tar(head) else None


def unreadable_kind(head: bytes) -> str:
    """Name a container that may hold evidence but cannot be read here; "" for all others."""
    return next((name for start, name in _UNREADABLE if head.startswith(start)), "")


def _is_skippable_zstd(head: bytes) -> bool:
    return head[1:4] == _ZSTD_SKIPPABLE and 0x50 <= head[0] <= 0x5F


def _is_tar(head: bytes) -> bool:
    """A header with a right checksum; or, so that a damaged one is reported, POSIX's magic."""
    block = head[: tarfile.BLOCKSIZE]
    if len(block) < tarfile.BLOCKSIZE:
        return False
    if block[257:262] == b"ustar":
        return True
    # Without the magic only the header of a named regular file or folder will do.
    if block[0] == 0 or block[156:157] not in b"\x0005":
        return False
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
