"""Small messages made for the tests."""

from __future__ import annotations

from exward.mail.facts import Facts, gather
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings

USUAL = {
    "From": "Ann Lee <ann.lee@contoso.example>",
    "To": "bob@fabrikam.example",
    "Subject": "Minutes of Monday",
    "Date": "Mon, 05 Jan 2026 10:00:00 +0000",
    "Message-ID": "<1@contoso.example>",
    "MIME-Version": "1.0",
}


def letter(body: str | bytes = "Hello\n", **headers: str) -> bytes:
    """A message; `From_Name`-like keywords name headers with `_` for `-`; "" leaves one out."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {**USUAL, **given}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    text = body.encode() if isinstance(body, str) else body
    return head.encode() + b"\r\n" + text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def html(body: str, **headers: str) -> bytes:
    """A message that is HTML."""
    return letter(body, **{"Content_Type": "text/html; charset=utf-8", **headers})


def attached(content: bytes, name: str, text: str = "See the file.\n", **headers: str) -> bytes:
    """A message with one file."""
    import base64

    coded = base64.encodebytes(content).decode()
    body = (
        f"--b1\nContent-Type: text/plain\n\n{text}\n--b1\n"
        f'Content-Type: application/octet-stream; name="{name}"\n'
        f'Content-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{coded}\n--b1--\n"
    )
    return letter(body, **{"Content_Type": 'multipart/mixed; boundary="b1"', **headers})


def facts(raw: bytes, settings: MailSettings | None = None) -> Facts:
    """What the checks see of it."""
    return gather(parse(raw), settings or MailSettings())
