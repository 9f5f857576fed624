"""What is told by a page as a whole, without following its code."""

from __future__ import annotations

import re

from exward.webshells.blocks import Page
from exward.webshells.known_types import kinds_of_com
from exward.webshells.sign import Capability, Sign

OTHER_TYPES = ("GIF8", "\x89PNG", "\xff\xd8\xff", "!BDN", "%PDF-", "PK\x03\x04")
"""How images, mail stores, PDF files and archives begin."""
_DIRECTORY = re.compile(r"^[ \t\"]*(?:ExternalUrl|InternalUrl)\"?\s*[:=,]", re.MULTILINE | re.I)
_WINDOWS = (
    "getextendedtcptable", "gettcptable", "allocateandgettcpextablefromstack", "netuserenum",
    "netshareenum", "netsessionenum", "createtoolhelp32snapshot", "readprocessmemory",
    "minidumpwritedump", "enumprocesses",
)  # fmt: skip
_THREADS = (
    "createthread", "createremotethread", "queueuserapc", "createfiber", "enumsystemlocales",
    "marshal.copy", "getdelegateforfunctionpointer",
)  # fmt: skip
_TOGETHER: tuple[tuple[tuple[tuple[str, ...], ...], Capability, str], ...] = (
    (
        (("virtualalloc", "virtualprotect", "ntallocatevirtualmemory"), _THREADS),
        Capability.RUN_SHELLCODE, "puts machine code into memory and runs it",
    ),
    (
        (("receiveall",), ("sockettype.raw",)),
        Capability.STEAL_PASSWORDS, "listens to what passes on the network",
    ),
    (
        (("machinekeysection",), ("validationkey",), ("response",)),
        Capability.STEAL_PASSWORDS, "shows the machine keys of the site",
    ),
    (
        (("x509contenttype.pfx", "x509contenttype.pkcs12"), ("x509store",), ("response",)),
        Capability.STEAL_PASSWORDS, "shows the private keys of the server's certificates",
    ),
    (
        (("kerberosrequestorsecuritytoken",), ("getrequest",), ("response", "write")),
        Capability.STEAL_PASSWORDS, "asks for Kerberos tickets of services and shows them",
    ),
    (
        (("registervirtualpathprovider",), ("override bool fileexists",),
         ("request[", "request.")),
        Capability.STAY_IN_MEMORY, "serves pages that stand in no file",
    ),
    (
        (_WINDOWS,),
        Capability.EXPLORE, "asks Windows itself what runs on it and who is connected",
    ),
)  # fmt: skip
"""Words, one of each group, that say what code is for where they stand together."""
_HIVES = ("localmachine", "classesroot", "currentuser", "registry.users", "currentconfig")
MIN_HIVES = 4
_HIDDEN = re.compile(
    r"<(?:div|span|p|marquee|font|ul)\b[^>]{0,200}?(?:(?:top|left|text-indent|margin-\w+)\s*:\s*-\d{3,}"
    r"|display\s*:\s*none|visibility\s*:\s*hidden)[^>]{0,200}>",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"<a\b[^>]{0,100}?href\s*=\s*[\"']?https?://(?:https?://)?([\w.-]+)", re.IGNORECASE
)
LINKS_BEHIND = 6_000
MIN_SITES = 12
"""Other sites that a hidden part links to; the menus of a site hide links to a few."""
_STUB = re.compile(
    r"\s*[\w.]+\s+\w+\s*=\s*new\s+[\w.]+\(\s*\"[0-9a-fA-F]{16,64}\"\s*\)\s*;?[\s\x01]*"
)
"""Code that does nothing but make an object of a compiled program and give it a hash."""


def signs(text: str, page: Page) -> list[Sign]:
    """What the whole of a page says; `page`: its code."""
    found = [*_of_code(text, page), *_links(text)]
    if page.code and text.startswith(OTHER_TYPES):
        words = "holds server-side code in a file that begins as one of another type"
        found.append(Sign(Capability.RUN_CODE, 1, words))
    dump = _DIRECTORY.search(text)
    if dump and page.code and "DistinguishedName" in text:
        line = text.count("\n", 0, dump.start()) + 1
        words = "is an export of a virtual directory with server-side code in its address"
        found.append(Sign(Capability.RUN_CODE, line, words))
    return found


def _of_code(text: str, page: Page) -> list[Sign]:
    code = "\n".join(page.code.values()).lower()
    found = []
    for groups, capability, words in _TOGETHER:
        named = [next((word for word in group if word in code), "") for group in groups]
        if all(named):
            found.append(Sign(capability, _line(text, named[0]), words))
    if "getsubkeynames" in code and sum(hive in code for hive in _HIVES) >= MIN_HIVES:
        words = "shows what stands in the whole registry"
        found.append(Sign(Capability.EXPLORE, _line(text, "getsubkeynames"), words))
    for name, target in page.objects.items():
        if "shell" in kinds_of_com(target):
            words = "has a command shell at hand, under its class id"
            found.append(Sign(Capability.RUN_COMMANDS, _line(text, name), words))
    if _STUB.fullmatch(code.strip("\x01")):
        words = "hands each request to a compiled program that it gives a hash"
        found.append(Sign(Capability.RUN_CODE, 1, words))
    return found


def _line(text: str, word: str) -> int:
    """The 1-based line where a word stands first; 1 if it is not written out."""
    at = text.lower().find(word)
    return text.count("\n", 0, at) + 1 if at > 0 else 1


def _links(text: str) -> list[Sign]:
    """Hidden links to many other sites, which only search engines see."""
    sites: set[str] = set()
    first = end = 0
    for hidden in _HIDDEN.finditer(text):
        begin = max(hidden.end(), end)
        end = max(end, hidden.end() + LINKS_BEHIND)
        sites |= {site.lower() for site in _LINK.findall(text, begin, end)}
        first = first or text.count("\n", 0, hidden.start()) + 1
        if len(sites) >= MIN_SITES:
            words = f"hides links to {MIN_SITES} or more other sites"
            return [Sign(Capability.SERVE_FOREIGN, first, words)]
    return []
