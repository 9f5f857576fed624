"""Hands messages to the mail server by SMTP, and says for certain or not whether it took them."""

from __future__ import annotations

import re
import smtplib
import socket
from dataclasses import dataclass, field

TIMEOUT_S = 60.0
"""Bounds each step; the last one waits for filters as well."""
_PASSED_ON = {"BODY": "8bitmime", "SMTPUTF8": "smtputf8", "RET": "dsn", "ENVID": "dsn",
              "NOTIFY": "dsn", "ORCPT": "dsn"}  # fmt: skip
"""Parameters (RFC 6152, 6531, 3461) that go on, by the extension that a server must have. Others,
SIZE and AUTH above all, were between the sender and us."""
_START_OF_LINE = re.compile(rb"^\.", re.MULTILINE)
MAX_REPLY = 300


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to hand over."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with its envelope; parameters as in `Holding`."""

    mail_from: str
    recipients: tuple[str, ...]
    data: bytes = field(repr=False)
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """What the server said. Not `is_certain`: it may have taken the message for `accepted`."""

    accepted: tuple[str, ...]
    refused: dict[str, str]
    is_certain: bool
    said: str


def hand_over(server: MailServer, letter: Outgoing) -> Handed:
    """Deliver a message; never raises for what a server does."""
    try:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    except (OSError, smtplib.SMTPException) as error:
        return _nobody(letter, f"the mail server cannot be reached: {_words(error)}")
    try:
        accepted, refused = _envelope(smtp, letter)
        if not accepted:
            _leave(smtp)
            return Handed((), refused, True, next(iter(refused.values()), "no recipient"))
        code, text = smtp.docmd("DATA")
        if code != 354:
            _leave(smtp)
            return _nobody(letter, _reply(code, text))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        smtp.close()
        return _nobody(letter, _words(error))
    return _content(smtp, letter, accepted, refused)


def _envelope(smtp: smtplib.SMTP, letter: Outgoing) -> tuple[tuple[str, ...], dict[str, str]]:
    smtp.ehlo_or_helo_if_needed()
    if "SMTPUTF8" in letter.mail_parameters and smtp.has_extn("smtputf8"):
        smtp.command_encoding = "utf-8"
    options = _options(smtp, letter.mail_parameters)
    code, text = smtp.docmd("MAIL", f"FROM:<{letter.mail_from}>{options}")
    if code != 250:
        return (), dict.fromkeys(letter.recipients, _reply(code, text))
    accepted, refused = [], dict[str, str]()
    given = letter.recipient_parameters or ((),) * len(letter.recipients)
    for recipient, parameters in zip(letter.recipients, given, strict=True):
        code, text = smtp.docmd("RCPT", f"TO:<{recipient}>{_options(smtp, parameters)}")
        if code in {250, 251}:
            accepted.append(recipient)
        else:
            refused[recipient] = _reply(code, text)
    return tuple(accepted), refused


def _content(
    smtp: smtplib.SMTP, letter: Outgoing, accepted: tuple[str, ...], refused: dict[str, str]
) -> Handed:
    """From here on a connection that breaks leaves open whether the server has the message."""
    data = _START_OF_LINE.sub(b"..", letter.data)
    end = b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        smtp.send(data + end)
        code, text = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        smtp.close()
        return Handed(accepted, refused, False, f"the connection broke: {_words(error)}")
    _leave(smtp)
    if code != 250:
        said = _reply(code, text)
        return Handed((), {**refused, **dict.fromkeys(accepted, said)}, True, said)
    return Handed(accepted, refused, True, _reply(code, text))


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _options(smtp: smtplib.SMTP, parameters: tuple[str, ...]) -> str:
    kept = [one for one in parameters
            if smtp.has_extn(_PASSED_ON.get(one.partition("=")[0].upper(), "none"))]  # fmt: skip
    return "".join(f" {one}" for one in kept)


def _nobody(letter: Outgoing, said: str) -> Handed:
    return Handed((), dict.fromkeys(letter.recipients, said), True, said)


def _reply(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"[:MAX_REPLY]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        given = error.smtp_error
        return _reply(error.smtp_code, given if isinstance(given, bytes) else given.encode())
    if isinstance(error, socket.timeout):
        return "no answer in time"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:MAX_REPLY]
