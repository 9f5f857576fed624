"""Containers are told by content."""

from __future__ import annotations

import bz2
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.evidence.decode import Codec
from exward.evidence.kinds import Container, container_kind, unreadable_kind
from tests.evidence.archives import LOG, seven_zip_of, tar_of, zip_of, zstd

SKIPPABLE = b"\x5a\x2a\x4d\x18\x04\x00\x00\x00abcd"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (zip_of({"a": b"x"}), Container.ZIP),
        (zip_of({}), Container.ZIP),
        (b"PK\x07\x08PK\x03\x04", Container.ZIP),
        (seven_zip_of({"a": b"x"}), Container.SEVEN_ZIP),
        (tar_of({"a": b"x"}), Container.TAR),
        (b"\xff" * 10 + tar_of({"a": b"x"})[10:], Container.TAR),
        (SKIPPABLE + zstd.compress(b"x"), Codec.ZSTD),
        (bz2.compress(b""), Codec.BZIP2),
        (bz2.compress(b"x"), Codec.BZIP2),
        (LOG, None),
        (b"BZh of the log that starts like this", None),
        (b"PK", None),
        (b"", None),
        (bytes(1024), None),
        (b"ElfFile\x00" + bytes(4096), None),
    ],
)
def test_kinds(head: bytes, kind: Container | Codec | None) -> None:
    assert container_kind(head) is kind


def test_old_tar_without_magic() -> None:
    member = tarfile.TarInfo("a.log")
    block = bytearray(member.tobuf(tarfile.USTAR_FORMAT))
    block[257:265] = bytes(8)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    assert container_kind(bytes(block)) is Container.TAR
    block[3] ^= 1
    assert container_kind(bytes(block)) is None


@given(st.binary(max_size=600))
def test_never_raises(head: bytes) -> None:
    container_kind(head)
    assert isinstance(unreadable_kind(head), str)
