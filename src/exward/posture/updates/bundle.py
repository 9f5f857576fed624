"""A bundle of tables: a zip with `manifest.json`, its signature, and tables of facts.

`manifest.json` is `{"schema": "exward.facts-bundle/1", "files": {"cves.json": SHA-256, …}}`;
`manifest.sig` is the Ed25519 signature (RFC 8032) of its bytes, in Base64. A bundle is believed if
the signature is right for the key that the user trusts, or if the file has the SHA-256 that the
user got by another way.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import zipfile
import zlib

import msgspec
from Cryptodome.PublicKey import ECC
from Cryptodome.Signature import eddsa

from exward.model.errors import ContentError
from exward.posture.facts import MAX_TABLE_BYTES, TABLES, check_table
from exward.posture.updates.interface import Changed, Trust

TITLE = "Bundle of tables"
SCHEMA = "exward.facts-bundle/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MAX_MEMBERS = 20


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bundle holds: file name → SHA-256 in lower-case hexadecimal."""

    schema: str
    files: dict[str, str]


def recognises(data: bytes) -> bool:
    """Say whether it is a zip."""
    return data.startswith(b"PK\x03\x04")


def apply(data: bytes, tables: dict[str, bytes], trust: Trust, where: str) -> Changed:
    """Take the bundle's tables once they are proved; an older one than the present is refused."""
    members = _members(data, where)
    manifest_bytes = members.get(MANIFEST, b"")
    _prove(data, manifest_bytes, members.get(SIGNATURE, b""), trust, where)
    changed: dict[str, bytes] = {}
    for name, digest in _manifest(manifest_bytes, where).files.items():
        table = name.removesuffix(".json")
        if table not in TABLES:
            raise ContentError(f"{name!r} is no table of facts", "take another bundle", where)
        content = members.get(name, b"")
        if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), digest):
            raise ContentError(f"{name} is not the file that the manifest names", "", where)
        new = check_table(table, content, f"{where}: {name}")
        if new.as_of < check_table(table, tables[table], table).as_of:
            raise ContentError(f"{name} is older than the present table", "", where)
        changed[table] = content
    said = tuple(f"{name}: replaced" for name in sorted(changed))
    return Changed(changed, said)


def _members(data: bytes, where: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_MEMBERS or any(one.flag_bits & 1 for one in entries):
                raise ContentError("too many files in it, or encrypted ones", "", where)
            found = {}
            for entry in entries:
                with archive.open(entry) as file:
                    found[entry.filename] = file.read(MAX_TABLE_BYTES + 1)
            return found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise ContentError(f"the bundle is damaged: {error}", "fetch it again", where) from error


def _manifest(data: bytes, where: str) -> Manifest:
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ContentError(f"no manifest: {error}", "take another bundle", where) from error
    if manifest.schema != SCHEMA:
        raise ContentError(f"the manifest is not of the schema {SCHEMA}", "", where)
    return manifest


def _prove(data: bytes, manifest: bytes, signature: bytes, trust: Trust, where: str) -> None:
    if trust.sha256:
        if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), trust.sha256):
            raise ContentError("the file has another SHA-256 than --sha256 says", "", where)
        return
    if not trust.key:
        hint = "give --key FILE (the signer's public key) or --sha256 HEX"
        raise ContentError("nothing proves where the bundle comes from", hint, where)
    try:
        verifier = eddsa.new(ECC.import_key(trust.key), "rfc8032")
        verifier.verify(manifest, base64.b64decode(signature.strip(), validate=True))
    except (ValueError, IndexError, TypeError, binascii.Error) as error:
        raise ContentError("the signature is not right for this key", "do not use it", where) from (
            error
        )
