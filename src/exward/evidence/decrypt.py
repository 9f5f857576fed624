"""The two encryptions of zip files, as steps from chunks of cipher text to chunks of plain text."""

from __future__ import annotations

import hashlib
import hmac
import zlib
from itertools import chain
from typing import TYPE_CHECKING

from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter

from exward.model.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

ZIPCRYPTO_HEADER_BYTES = 12
AES_VERIFIER_BYTES = 2
AES_MAC_BYTES = 10
# WinZip AE-1 and AE-2: strength code to (salt bytes, key bytes); 1000 rounds of PBKDF2-HMAC-SHA1.
# https://www.winzip.com/en/support/aes-encryption/
_AES_SIZES = {1: (8, 16), 2: (12, 24), 3: (16, 32)}
_AES_ROUNDS = 1000


def _wrong() -> EvidenceError:
    return EvidenceError("the password is wrong", "give the right one with --password")


def aes_header_bytes(strength: int) -> int:
    """Length of salt and password check in front of an AES member; 0 for an unknown strength."""
    sizes = _AES_SIZES.get(strength)
    return 0 if sizes is None else sizes[0] + AES_VERIFIER_BYTES


def aes_fits(header: bytes, strength: int, password: str) -> bool:
    """Say whether the password belongs to a member that starts with `header` (1 in 65536 errs)."""
    return _aes_keys(header, strength, password) is not None


def _aes_keys(header: bytes, strength: int, password: str) -> tuple[bytes, bytes] | None:
    """Cipher key and authentication key, or None if the password does not fit."""
    if strength not in _AES_SIZES or len(header) < aes_header_bytes(strength):
        return None
    salt_bytes, key_bytes = _AES_SIZES[strength]
    secret = password.encode("utf-8", "surrogateescape")
    wanted = 2 * key_bytes + AES_VERIFIER_BYTES
    made = hashlib.pbkdf2_hmac("sha1", secret, header[:salt_bytes], _AES_ROUNDS, wanted)
    if made[-AES_VERIFIER_BYTES:] != header[salt_bytes : salt_bytes + AES_VERIFIER_BYTES]:
        return None
    return made[:key_bytes], made[key_bytes : 2 * key_bytes]


def decrypt_aes(
    chunks: Iterator[bytes], strength: int, password: str, packed_bytes: int
) -> Iterator[bytes]:
    """Yield the plain text of an AES member of `packed_bytes` in all.

    Raises EvidenceError for a wrong password at once, for a wrong authentication code at the end.
    """
    header, chunks = _take(chunks, aes_header_bytes(strength))
    keys = _aes_keys(header, strength, password)
    if keys is None:
        raise _wrong()
    counter = Counter.new(128, little_endian=True)
    cipher = AES.new(keys[0], AES.MODE_CTR, counter=counter)
    code = hmac.new(keys[1], digestmod="sha1")
    left = packed_bytes - len(header) - AES_MAC_BYTES
    stored = b""
    for chunk in chunks:
        body, tail = chunk[: max(left, 0)], chunk[max(left, 0) :]
        left -= len(body)
        stored += tail
        if body:
            code.update(body)
            yield cipher.decrypt(body)
    if left > 0 or not hmac.compare_digest(code.digest()[:AES_MAC_BYTES], stored):
        raise EvidenceError("the encrypted data are damaged: their authentication code is wrong")


# PKWARE APPNOTE 6.3.10, section 6.1: three 32-bit keys, updated with every plain byte.
_CRC_TABLE = [zlib.crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)]
_KEY_START = (0x12345678, 0x23456789, 0x34567890)


class ZipCrypto:
    """PKWARE's old cipher: state that moves with every byte (about 2 MB/s)."""

    def __init__(self, password: str) -> None:
        """Start with the password's keys."""
        self._keys = _KEY_START
        for byte in password.encode("utf-8", "surrogateescape"):
            self._update(byte)

    def _update(self, byte: int) -> None:
        key0, key1, key2 = self._keys
        key0 = (key0 >> 8) ^ _CRC_TABLE[(key0 ^ byte) & 0xFF]
        key1 = ((key1 + (key0 & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        key2 = (key2 >> 8) ^ _CRC_TABLE[(key2 ^ (key1 >> 24)) & 0xFF]
        self._keys = key0, key1, key2

    def decrypt(self, data: bytes) -> bytes:
        """Return the plain text of the next bytes."""
        key0, key1, key2 = self._keys
        table = _CRC_TABLE
        plain = bytearray(len(data))
        for index, cipher_byte in enumerate(data):
            mixed = key2 | 2
            byte = cipher_byte ^ ((mixed * (mixed ^ 1)) >> 8 & 0xFF)
            plain[index] = byte
            key0 = (key0 >> 8) ^ table[(key0 ^ byte) & 0xFF]
            key1 = ((key1 + (key0 & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            key2 = (key2 >> 8) ^ table[(key2 ^ (key1 >> 24)) & 0xFF]
        self._keys = key0, key1, key2
        return bytes(plain)


def zipcrypto_fits(header: bytes, password: str, check_byte: int) -> bool:
    """Say whether the password belongs to a member that starts with `header` (1 in 256 errs)."""
    if len(header) < ZIPCRYPTO_HEADER_BYTES:
        return False
    return ZipCrypto(password).decrypt(header[:ZIPCRYPTO_HEADER_BYTES])[-1] == check_byte


def decrypt_zipcrypto(chunks: Iterator[bytes], password: str, check_byte: int) -> Iterator[bytes]:
    """Yield the plain text of a ZipCrypto member; raises EvidenceError for a wrong password."""
    header, chunks = _take(chunks, ZIPCRYPTO_HEADER_BYTES)
    cipher = ZipCrypto(password)
    if len(header) < ZIPCRYPTO_HEADER_BYTES or cipher.decrypt(header)[-1] != check_byte:
        raise _wrong()
    for chunk in chunks:
        yield cipher.decrypt(chunk)


def _take(chunks: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """The first `count` bytes (fewer at the end), and the rest."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= count:
            break
    rest = head[count:]
    return head[:count], chain((rest,), chunks) if rest else chunks
