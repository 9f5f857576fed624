"""What IIS runs by its extension, wherever it lies."""

from __future__ import annotations

EXTENSIONS = frozenset(
    {"asp", "asa", "cer", "cdx", "aspx", "ashx", "asmx", "asax", "ascx", "master", "cshtml",
     "vbhtml", "svc", "soap"}
)  # fmt: skip
SCRIPTS = tuple(f".{extension}" for extension in sorted(EXTENSIONS))
"""As names end."""
