"""What a file is by its content. Sources: the formats' specifications, PRONOM's signatures."""

from __future__ import annotations

import re

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "pe"),
    (b"\x7fELF", "elf"),
    (b"\xca\xfe\xba\xbe", "java"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08PK\x03\x04", "zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
    (b"\x60\xea", "arj"),
    (b"vhdxfile", "vhdx"),
    (b"conectix", "vhd"),
    (b"MSWIM\0\0\0", "wim"),
    (b"{\\rt", "rtf"),
    # MS-SHLLINK 2.1: HeaderSize 0x4C and the link's class identifier.
    (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "lnk"),
    # MS-ONESTORE 2.3.1: guidFileType of a .one file.
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "onenote"),
    (b"ITSF\x03", "chm"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\x01\0", "icon"),
    (b"x\x9f\x3e\x22", "tnef"),
)
_PLACES: tuple[tuple[int, bytes, str], ...] = (
    (32769, b"CD001", "iso"),  # ECMA-119 section 8.4.2
    (32769, b"BEA01", "iso"),  # UDF: ECMA-167 part 2, section 9.1.2
    # Microsoft's FAT specification, section 3.1: BS_FilSysType.
    (54, b"FAT12   ", "fat"),
    (54, b"FAT16   ", "fat"),
    (82, b"FAT32   ", "fat"),
    (3, b"NTFS    ", "fat"),
    (257, b"ustar", "tar"),
    (7, b"**ACE**", "ace"),
)
_XML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?"
    rb"(?:<\?xml[^>]{0,200}>|<!--.{0,2000}?-->|<!DOCTYPE svg[^>]{0,400}>|\s){0,20}<svg",
    re.IGNORECASE | re.DOTALL,
)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|meta\s|form\s|table|div|title)[\s>]?",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    rb"WScript\.|CreateObject\s*\(|ActiveXObject|powershell(?:\.exe)?\s|cmd(?:\.exe)?\s+/[ck]|"
    rb"^@echo off|Invoke-(?:Expression|WebRequest)|<job\b|<package\b|^#!",
    re.IGNORECASE | re.MULTILINE,
)
_URL_FILE = re.compile(rb"\s*\[InternetShortcut\]", re.IGNORECASE)

EXECUTABLE_EXTENSIONS = frozenset(
    [
        "exe",
        "scr",
        "com",
        "pif",
        "cpl",
        "dll",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "msi",
        "msp",
        "mst",
        "jar",
        "jnlp",
        "lnk",
        "url",
        "reg",
        "inf",
        "scf",
        "sct",
        "chm",
        "application",
        "appx",
        "msix",
        "appinstaller",
        "gadget",
        "vb",
        "xll",
        "wll",
        "ppam",
        "xlam",
        "iqy",
        "slk",
        "settingcontent-ms",
        "library-ms",
        "search-ms",
        "theme",
        "themepack",
        "diagcab",
        "rdp",
        "pyz",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "one",
        "onepkg",
    ]
)
"""What Windows opens by running something, from the list of types that Outlook blocks."""

_EXPECTED: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    "png": frozenset({"png"}),
    "jpg": frozenset({"jpeg"}),
    "jpeg": frozenset({"jpeg"}),
    "gif": frozenset({"gif"}),
    "docx": frozenset({"ooxml", "ole"}),
    "xlsx": frozenset({"ooxml", "ole"}),
    "pptx": frozenset({"ooxml", "ole"}),
    "doc": frozenset({"ole", "rtf", "ooxml", "html", "text", "xml"}),
    "xls": frozenset({"ole", "ooxml", "html", "text", "xml"}),
    "txt": frozenset({"text", "html", "script", "unknown"}),
    "csv": frozenset({"text", "unknown"}),
}
ARCHIVES = frozenset(
    {"zip", "rar", "7z", "gzip", "bzip2", "xz", "zstd", "tar", "cab", "arj", "ace"}
)
DISK_IMAGES = frozenset({"iso", "vhd", "vhdx", "wim", "fat"})
IMAGES = frozenset({"png", "jpeg", "gif", "tiff", "bmp", "webp", "icon"})


def file_kind(data: bytes) -> str:
    """Say what a file is: one of the words above, `text` or `unknown`."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return _zip_kind(data) if kind == "zip" else kind
    for at, mark, kind in _PLACES:
        if data.startswith(mark, at):
            return kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:2] == b"BM" and len(data) > 54:
        return "bmp"
    if data[-512:-504] == b"conectix":
        return "vhd"
    return _text_kind(data[:65_536])


def _zip_kind(data: bytes) -> str:
    if b"[Content_Types].xml" in data[:4096] or b"[Content_Types].xml" in data[-65_536:]:
        return "ooxml"
    if data[30:38] == b"mimetype" and b"opendocument" in data[:200]:
        return "odf"
    return "java" if b"META-INF/MANIFEST.MF" in data[:4096] else "zip"


def _text_kind(head: bytes) -> str:
    plain = head.replace(b"\0", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head
    if _XML.match(plain[:8192]):
        return "svg"
    if _URL_FILE.match(plain):
        return "shortcut"
    if _HTML.search(plain[:8192]):
        return "html"
    if plain.count(b"\0") or sum(byte < 9 for byte in plain[:512]) > 2:
        return "unknown"
    if _SCRIPT.search(plain):
        return "script"
    return "xml" if plain.lstrip()[:5] == b"<?xml" else "text"


def extension(name: str) -> str:
    """The last extension of a file name, lower case, as Windows takes it."""
    plain = name.rstrip(" .").replace("\u202e", "")
    return plain.rpartition(".")[2].lower().strip() if "." in plain else ""


def is_disguised(name: str, kind: str) -> bool:
    """Whether a file is of another type than its name promises, in a way that matters."""
    expected = _EXPECTED.get(extension(name))
    return expected is not None and kind not in expected and kind != "unknown"
