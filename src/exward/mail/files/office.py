"""Office documents: macros, what they do, and what the document loads from elsewhere.

The code of VBA modules is stored compressed (MS-OVBA 2.4.1); it is read from the streams directly.
The kept library for it depends on one under the GPL, which exward cannot ship.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import olefile

MAX_STREAMS = 500
MAX_STREAM_BYTES = 8 * 1024 * 1024
MAX_CODE = 2_000_000
_SIGNATURE = 0x01
_ATTRIBUTE = re.compile(rb"\x00Attribut[\x00e]", re.DOTALL)
_STARTS = re.compile(
    r"\b(?:auto_?open|auto_?exec|auto_?close|document_?open|workbook_?open|workbook_activate|"
    r"document_close|autonew|\w+_(?:layout|painted|mouseenter|change))\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:shell|createobject|getobject|wscript|urldownloadtofile|powershell|winhttp|xmlhttp|"
    r"adodb\.stream|callbyname|virtualalloc|rtlmovememory|createthread|winmgmts|environ|"
    r"savetofile|mshta|regsvr32|certutil|rundll32|application\.run)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Office:
    """What an Office document holds that acts."""

    has_macros: bool = False
    starts: str = ""
    """The name by which code runs without being asked for; empty if there is none."""
    acts: tuple[str, ...] = ()
    is_encrypted: bool = False
    has_embedded: bool = False
    has_excel4: bool = False


def read_ole(data: bytes) -> Office:
    """Look into an OLE document; never raises."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = ["/".join(entry) for entry in ole.listdir()[:MAX_STREAMS]]
            code = "\n".join(_module(ole, name) for name in names if "VBA/" in name)
    except (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
        # A damaged file: what the library raises for it is not one type.
        return Office(has_macros=b"_VBA_PROJECT" in data.replace(b"\0", b""))
    lowered = [name.lower() for name in names]
    return Office(
        has_macros=any("vba/" in name or name.endswith("_vba_project") for name in lowered),
        starts=(_STARTS.search(code) or [""])[0],
        acts=_acts(code),
        is_encrypted="encryptedpackage" in lowered,
        has_embedded=any("ole10native" in name for name in lowered),
        has_excel4=_has_macro_sheet(data),
    )


def _has_macro_sheet(data: bytes) -> bool:
    """Whether a BoundSheet8 record names a macro sheet (MS-XLS 2.4.28: dt = 1)."""
    return re.search(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", data, re.DOTALL) is not None


def _acts(code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0].lower() for match in _ACTS.finditer(code[:MAX_CODE])))


def _module(ole: olefile.OleFileIO, name: str) -> str:
    data = ole.openstream(name.split("/")).read(MAX_STREAM_BYTES)
    found = _ATTRIBUTE.search(data)
    if found is None:
        return ""
    # The container starts three bytes before its first text: signature, two of the chunk's header.
    return decompress(data, found.start() - 3)[:MAX_CODE].decode("latin-1")


def decompress(data: bytes, start: int) -> bytes:
    """Unpack a CompressedContainer (MS-OVBA 2.4.1.3); what is damaged ends it."""
    if start < 0 or data[start : start + 1] != bytes([_SIGNATURE]):
        return b""
    out = bytearray()
    at = start + 1
    while at + 2 <= len(data) and len(out) < MAX_CODE:
        header = int.from_bytes(data[at : at + 2], "little")
        end = min(len(data), at + (header & 0x0FFF) + 3)
        if header & 0x8000:
            _unpack_chunk(data[at + 2 : end], out)
        else:
            out += data[at + 2 : end]
        at = end
    return bytes(out)


def _unpack_chunk(chunk: bytes, out: bytearray) -> None:
    base = len(out)
    at = 0
    while at < len(chunk):
        flags = chunk[at]
        at += 1
        for bit in range(8):
            if at >= len(chunk):
                return
            if not flags >> bit & 1:
                out.append(chunk[at])
                at += 1
                continue
            token = int.from_bytes(chunk[at : at + 2], "little")
            at += 2
            width = max(4, (len(out) - base - 1).bit_length())
            offset = (token >> (16 - width)) + 1
            if offset > len(out) - base:
                return
            for _ in range((token & (0xFFFF >> width)) + 3):
                out.append(out[-offset])


def read_ooxml(names: list[str], texts: dict[str, bytes]) -> Office:
    """Judge an OOXML package by the names and small members of its zip file."""
    macros = [name for name in names if name.lower().endswith("vbaproject.bin")]
    inner = read_ole(texts[macros[0]]) if macros and macros[0] in texts else Office()
    return Office(
        has_macros=bool(macros),
        starts=inner.starts,
        acts=inner.acts,
        has_embedded=any("/embeddings/" in name and name.endswith(".bin") for name in names),
        has_excel4=any("/macrosheets/" in name for name in names),
    )


_EXTERNAL = re.compile(
    rb'Type="[^"]{0,200}/(attachedTemplate|oleObject|frame|externalLinkPath|hyperlink)"[^>]{0,2000}?'
    rb'Target="([^"]{1,2000})"[^>]{0,100}?TargetMode="External"',
)


def external_targets(texts: dict[str, bytes]) -> list[tuple[str, str]]:
    """What a package refers to outside of itself: the kind of relation and the address."""
    found: list[tuple[str, str]] = []
    for name in sorted(texts):
        if name.endswith(".rels"):
            found.extend(
                (match[1].decode(), match[2].decode("utf-8", "replace"))
                for match in _EXTERNAL.finditer(texts[name][:500_000])
            )
    return found[:200]
