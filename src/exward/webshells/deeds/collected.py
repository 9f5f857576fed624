"""Passwords of people that a page sends to another server."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import CONTROL, REQUEST, Value, text_of

_PASSWORDS = re.compile(r"pass|pwd", re.IGNORECASE)
# System.Net.WebClient, HttpClient and WebRequest; MSXML's XMLHTTP; System.Net.Mail and CDO.
_SENDS = re.compile(
    r"(?:^|\.)(?:(?:upload|download)(?:string|data|values)(?:async|taskasync)?"
    r"|openread(?:async|taskasync)?|(?:post|put|get|getstring|getbytearray|getstream)async"
    r"|(?:http)?webrequest\.create|navigate)$"
)
_ASKED = frozenset({"send", "open"})
_MESSAGE = 4
"""`SmtpClient.Send(from, to, subject, body)`"""
_MAILED = frozenset({"set_body", "set_htmlbody", "set_textbody", "set_subject"})
_ADDRESS = re.compile(r"https?://(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}\b", re.IGNORECASE)
ABOUT = About(
    _ASKED | _MAILED,
    ("string", "data", "values", "async", "openread", "create", "navigate", "mailmessage"),
)


def look(reader: Reader, call: Call) -> Value | None:
    """Note a password that is given to what sends it away.

    Applications hand passwords on to services that check them: for sure it is a theft only where
    an address of the internet stands in the code as a number.
    """
    kinds = call.receiver.kinds
    sends = _SENDS.search(call.path) is not None
    sends = sends or (call.name in _ASKED and bool(kinds & {"http", "asked"}))
    mails = call.name in _MAILED and "mail" in kinds
    mails = mails or call.path.endswith("mailmessage")
    mails = mails or (call.name == "send" and len(call.arguments) == _MESSAGE)
    for given in call.arguments if sends or mails else ():
        if given.taint & {REQUEST, CONTROL} and _PASSWORDS.search(given.key):
            words = f"sends the passwords of people {'by mail' if mails else 'to another server'}"
            sure = sends and any(map(_is_number, call.arguments))
            reader.note(Sign(Capability.STEAL_PASSWORDS, call.line, words, sure))
            break
    return None


def _is_number(value: Value) -> bool:
    """Whether an address begins with an IP address that is not of a private network (RFC 1918)."""
    found = _ADDRESS.match(text_of(value.constant) or value.prefix)
    if found is None:
        return False
    first, second = int(found[1]), int(found[2])
    is_private = first in {10, 127} or (first, second) in {(192, 168), (169, 254)}
    return not is_private and not (first == 172 and 16 <= second <= 31)
