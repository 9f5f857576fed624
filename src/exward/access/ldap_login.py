"""Who asks a directory, and by which sign-in; how the server proves itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """How to sign in."""

    SIMPLE = "simple"
    """Name and password, inside of TLS only."""
    KERBEROS = "kerberos"
    NTLM = "ntlm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who asks, and how the server proves itself.

    `fingerprint`: SHA-256 of its certificate; `server_name`: its name where the address has none,
    for its certificate and for Kerberos.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    method: Method = Method.SIMPLE
    ca_file: str = ""
    fingerprint: str = ""
    server_name: str = ""
    idle_s: float = 30.0
    """How long the server may be silent."""
    total_s: float = 900.0
