"""What a page's directives and tags alone say: code that is taken from odd files, odd languages.

Attributes are those of Microsoft's documentation of ASP.NET's directives and of ASP 3.0.
"""

from __future__ import annotations

import re

from exward.webshells.sign import Capability, Sign

_TAKEN = re.compile(
    r"<%@[^%]{0,1000}?\b(?:CodeFile|Src)\s*=\s*[\"']?[^\"'\s%>]{0,300}?\.(\w{1,10})[\"'\s%>]", re.I
)
"""`CodeBehind` is for editors only: the server does not read what it names."""
_INCLUDED = re.compile(r"<!--\s{0,20}#\s{0,20}include\b[^>]{0,300}?\.(\w{1,10})[\"'\s]", re.I)
_CODE = frozenset({"cs", "vb", "js", "jsl", "cpp", "h", "fs", "ascx", "master", "aspx"})
_NO_CODE = frozenset(
    {"jpg", "jpeg", "png", "gif", "bmp", "ico", "webp", "svg", "css", "log", "dat", "zip", "pdf",
     "mp3", "mp4", "swf", "woff", "ttf", "docx", "xlsx"}
)  # fmt: skip
_LANGUAGE = re.compile(
    r"(?:<%@|<script\b)[^<>]{0,300}?\blanguage\s*=\s*[\"']?"
    r"(perlscript|perl|python|pyscript|rubyscript|ruby|rexx|tclscript|phpscript|vj#|vjs|cpp|c\+\+|f#|fsharp)(?!\w)",
    re.IGNORECASE,
)
"""Of script engines for Windows and of compilers whose code is not read here."""
_ASKS = re.compile(r"\bRequest\b")
_RUNS = re.compile(
    r"`[^`\n]*\$|\b(?:eval|exec|system|popen|subprocess|WScript\.Shell|win32com)\b"
    r"|Process\s*(?:\.|::)\s*Start",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"<asp:ObjectDataSource\b[^>]{0,1000}?\bTypeName\s*=\s*[\"']?"
    r"\s*System\.(?:Diagnostics\.Process|IO\.File|Reflection\.Assembly|Activator)\b",
    re.IGNORECASE,
)


def signs(text: str) -> list[Sign]:
    """What stands in directives, includes and data sources of a page."""
    found = []
    for taken in _TAKEN.finditer(text) if "<%@" in text else ():
        if taken[1].lower() not in _CODE:
            words = "takes its code from a file that does not look like code"
            found.append(Sign(Capability.RUN_CODE, _line(text, taken), words))
    for included in _INCLUDED.finditer(text) if "<!--" in text else ():
        if included[1].lower() in _NO_CODE:
            words = "runs the code that stands in an image or the like"
            found.append(Sign(Capability.RUN_CODE, _line(text, included), words))
    named = _LANGUAGE.search(text)
    if named and _ASKS.search(text, named.end()) and (run := _RUNS.search(text, named.end())):
        words = f"runs what the request says, in {named[1].lower()}, which is not followed further"
        found.append(Sign(Capability.RUN_CODE, _line(text, run), words))
    for source in _SOURCE.finditer(text) if "<asp:" in text else ():
        words = "lets a data source call a part of Windows that starts programs or reads files"
        found.append(Sign(Capability.RUN_COMMANDS, _line(text, source), words))
    return found


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
