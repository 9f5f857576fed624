"""The address of a server, as the user gives it: `https://mail.example`, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from exward.model.errors import UsageError

PORT = 443
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is; `host` is a name in ASCII, or an IP address without brackets."""

    host: str
    port: int
    is_ip: bool

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL and in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The beginning of every URL that is asked for."""
        return f"https://{self.authority}"


def parse(url: str) -> Address:
    """Read one address; raises UsageError for what is not `https://HOST[:PORT]`."""
    if not url.lower().startswith("https://"):
        raise UsageError("is no https address", _example(url), url)
    if any(char <= " " or char == "\\" for char in url):
        raise UsageError("is no address: it holds blanks or control characters", _HINT, url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"is no address: {error}", _HINT, url) from error
    if parts.username is not None or parts.password is not None:
        raise UsageError("holds a user: no credentials are ever sent", _HINT, "URL")
    if parts.path.strip("/") or parts.query or parts.fragment:
        hint = f"give the server alone: https://{parts.netloc}"
        raise UsageError("names a page, and which pages are asked for is fixed", hint, url)
    host = (parts.hostname or "").removesuffix(".")  # no certificate has the dot of the root
    return Address(_ascii(host, url), PORT if port is None else port, _is_ip(host))


_HINT = "https://mail.example, https://mail.example:8443 or https://192.0.2.10"


def _example(url: str) -> str:
    bare = url.partition("://")[2] or url
    return f"did you mean https://{bare}?" if _NAME.fullmatch(bare) else _HINT


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _ascii(host: str, url: str) -> str:
    if _is_ip(host):
        return host
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UsageError("is no name of a host", _HINT, url) from error
    if not _NAME.fullmatch(name):
        raise UsageError("is no name of a host", _HINT, url)
    return name
