"""Archives made for the tests, and one way to read whatever was made."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import py7zr
import pyzipper

from exward.evidence.discover import discover
from exward.evidence.found import EvidenceFile, NotEvidence, Wanted
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

LOG = b"".join(b"#log 2026-01-05 10:00:%02d GET /owa/%d 200\r\n" % (n % 60, n) for n in range(3000))
"""About 120 KB: more than one head."""
OTHER = b"MZ nothing that anybody logs"
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


def is_log(path: str, head: bytes) -> bool:
    assert path
    return head.startswith(b"#log")


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def aes_zip_of(files: Mapping[str, bytes], password: str, bits: int = 256) -> bytes:
    made = io.BytesIO()
    with pyzipper.AESZipFile(
        made, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=bits)
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tar_of(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def seven_zip_of(
    files: Mapping[str, bytes],
    password: str | None = None,
    filters: list[dict[str, int]] | None = None,
    *,
    hide_names: bool = False,
) -> bytes:
    made = io.BytesIO()
    with py7zr.SevenZipFile(
        made, "w", password=password, filters=filters, header_encryption=hide_names
    ) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return made.getvalue()


@dataclass
class Reading:
    """All that one walk gave: content by path, what was not evidence, what was skipped."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    not_evidence: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    errors: list[tuple[str, EvidenceError | OSError]] = field(default_factory=list)
    sources: list[EvidenceFile] = field(default_factory=list)

    @property
    def reasons(self) -> str:
        return "\n".join(f"{one.source}: {one.reason}" for one in self.skipped)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.files]


def read_all(paths: Sequence[Path | str], wanted: Wanted = is_log, **settings: Any) -> Reading:
    """Walk, and read every source to its end; names are relative to the first path's folder."""
    base = str(Path(paths[0]).parent) + "/"
    reading = Reading()
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, **settings)
        for item in discover([str(path) for path in paths], options, wanted):
            if isinstance(item, Skipped):
                reading.skipped.append(item)
            elif isinstance(item, NotEvidence):
                reading.not_evidence.append(item.path.removeprefix(base))
            else:
                assert isinstance(item, EvidenceFile)
                reading.sources.append(item)
                reading.files.append((item.path.removeprefix(base), _content(item, reading)))
    return reading


def _content(source: EvidenceFile, reading: Reading) -> bytes:
    data = b""
    with source.open() as stream:
        try:
            while piece := stream.read(100_000):
                data += piece
        except (EvidenceError, OSError) as error:
            reading.errors.append((source.path, error))
    return data
