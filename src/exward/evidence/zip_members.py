"""Members of a zip archive as regions of the archive and the steps that decode them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from exward.evidence.blob import (
    Blob,
    Cap,
    Decode,
    DecryptAes,
    DecryptZipCrypto,
    Step,
    Verify,
)
from exward.evidence.decode import Codec
from exward.evidence.decrypt import (
    AES_MAC_BYTES,
    ZIPCRYPTO_HEADER_BYTES,
    aes_fits,
    aes_header_bytes,
    zipcrypto_fits,
)
from exward.evidence.found import Found, Member, Walk, describe, member_path
from exward.evidence.zip_directory import (
    FLAG_DESCRIPTOR,
    FLAG_ENCRYPTED,
    METHOD_AES,
    ZipEntry,
    data_start,
    find_directory,
    iter_directory,
)
from exward.evidence.zip_recovery import recover_entries
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_STORED = 0
# PKWARE APPNOTE 6.3.10, section 4.4.5.
_CODECS = {
    8: Codec.DEFLATE,
    9: Codec.DEFLATE64,
    12: Codec.BZIP2,
    14: Codec.ZIP_LZMA,
    93: Codec.ZSTD,
    95: Codec.XZ,
}
_FLAG_PATCH = 0x20
_FLAG_STRONG_ENCRYPTION = 0x40


@dataclass(slots=True)
class _Tally:
    """What is said once for the whole archive."""

    members: int = 0
    locked: int = 0
    packed_bytes: int = 0


def read_zip(path: str, blob: Blob, walk: Walk) -> Iterator[Found]:
    """Yield the members of the archive that lies in the region `blob`.

    Where the table of contents is lost or damaged, the rest is found by the local headers.
    """
    tally = _Tally()
    lost = ""
    try:
        with blob.open(path) as table, blob.open(path) as file:
            for entry in _entries(table, file, blob.length):
                if isinstance(entry, ZipEntry):
                    yield from _read_entry(path, blob, entry, (walk, tally, file))
                else:
                    lost = f"{entry}; what follows was searched for in the archive itself"
    except (EvidenceError, OSError) as error:
        yield Skipped(path, None, f"zip archive: {describe(error)}")
    if lost:
        yield Skipped(path, None, f"zip archive: {lost} ({tally.members} members found in all)")
    if tally.locked:
        given = walk.options.password is not None
        reason = "encrypted with another password" if given else "encrypted"
        advice = "give the right one with --password" if given else "give the password: --password"
        yield Skipped(path, None, f"{reason}; {advice}", tally.locked)


def _entries(table: BinaryIO, file: BinaryIO, length: int) -> Iterator[ZipEntry | str]:
    """The entries of the table of contents; where it fails, why, then those found without it."""
    end = 0
    try:
        directory = find_directory(table, length)
        if directory is None:
            yield "cut off or damaged, its table of contents is missing"
        else:
            for entry in iter_directory(table, directory):
                end = max(end, entry.offset + entry.packed_bytes)
                yield entry
            if directory.shift:
                # Another archive in front of this one, or bytes that do not belong there.
                yield f"{directory.shift} bytes more than its table of contents knows of"
                yield from recover_entries(file, 0, directory.shift)
            return
    except EvidenceError as error:
        yield describe(error)
    yield from recover_entries(file, end, length)


def _read_entry(
    path: str, blob: Blob, entry: ZipEntry, rest: tuple[Walk, _Tally, BinaryIO]
) -> Iterator[Found]:
    walk, tally, file = rest
    if entry.is_folder:
        return
    walk.spool.count_member()
    tally.members += 1
    tally.packed_bytes += entry.packed_bytes
    if tally.packed_bytes > blob.length:
        raise EvidenceError(
            "its members overlap (archive bomb?), the rest is not read",
            "if you trust it, unpack it yourself and give the unpacked files",
        )
    name = member_path(path, entry.name)
    begin = data_start(file, entry)
    problem = _problem(entry, begin, blob.length)
    if problem or begin is None:
        yield Skipped(name, None, problem)
        return
    steps = _decryption(entry, begin, file, walk.options.password)
    if steps is None:
        tally.locked += 1
        return
    region = Blob(blob.disk_path, blob.offset + begin, entry.packed_bytes, steps)
    if entry.method != _STORED:
        region = region.then(Decode(_CODECS[entry.method]))
    if entry.size_bytes is None:
        region = region.then(Cap(walk.options.cap(entry.packed_bytes)))
    yield Member(
        name,
        region.then(Verify(entry.size_bytes, entry.crc)),
        entry.size_bytes,
        entry.modified,
    )


def _problem(entry: ZipEntry, begin: int | None, length: int) -> str:
    """Say why a member cannot be read; "" if it can."""
    if entry.is_link:
        return "symbolic link not followed"
    if begin is None:
        return "damaged: there is no member where the archive's table of contents says"
    if begin + entry.packed_bytes > length:
        return "damaged: its data would end behind the end of the archive"
    if entry.flags & _FLAG_STRONG_ENCRYPTION or entry.method == METHOD_AES:
        return "encrypted in a way that is not supported; unpack it yourself"
    if (entry.method not in _CODECS and entry.method != _STORED) or entry.flags & _FLAG_PATCH:
        return f"compression method {entry.method} is not supported; unpack it yourself"
    return ""


def _decryption(
    entry: ZipEntry, begin: int, file: BinaryIO, password: str | None
) -> tuple[Step, ...] | None:
    """The step that decrypts a member, if it needs one; None if the password does not fit."""
    if not entry.flags & FLAG_ENCRYPTED:
        return ()
    if password is None:
        return None
    file.seek(begin)
    if entry.aes_strength:
        header = file.read(aes_header_bytes(entry.aes_strength))
        fits = aes_fits(header, entry.aes_strength, password)
        fits = fits and entry.packed_bytes >= len(header) + AES_MAC_BYTES
        return (DecryptAes(entry.aes_strength, entry.packed_bytes, password),) if fits else None
    # APPNOTE 6.1.6; where the CRC follows the data, the time stands in for it.
    by_time = entry.flags & FLAG_DESCRIPTOR or entry.crc is None
    check_byte = entry.mod_time >> 8 if by_time else (entry.crc or 0) >> 24
    fits = zipcrypto_fits(file.read(ZIPCRYPTO_HEADER_BYTES), password, check_byte)
    return (DecryptZipCrypto(check_byte, password),) if fits else None
