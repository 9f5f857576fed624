"""What is known of a value: its constant, who can choose it, and what kind of object it is."""

from __future__ import annotations

import re
from typing import NamedTuple

Constant = str | bytes | int | float | tuple[str, ...] | None
Names = frozenset[str]
NONE: Names = frozenset()
REQUEST, FILE, CONTROL, NET = "request", "file", "control", "net"
"""Sources: the request's text, an uploaded file, an input field, an answer from the network."""
SOURCES: Names = frozenset({REQUEST, FILE, CONTROL, NET})
DIGITS = "digits"
"""Followed likewise: a number that the request says, which does no harm until letters are made of
it."""
HERE, ABROAD, SECRET = "here", "abroad", "secret"
"""Followed like sources, though nobody chooses them: where the page itself stands, the address of
another server that stands in the code, and the keys and passwords of the site."""
DRIVES, PROGRAMS, SERVICES = "the drives", "the running programs", "the services"
ACCOUNTS, MACHINE = "the accounts", "what WMI knows of the machine"
DIRECTORY = "what stands in the directory"
NETWORK, EVENTS, SITES = "the network connections", "the event logs", "the sites of the server"
INSIDE: Names = frozenset(
    {DRIVES, PROGRAMS, SERVICES, ACCOUNTS, DIRECTORY, MACHINE, NETWORK, EVENTS, SITES}
)
"""Followed likewise: what only an administrator should see."""
DECODED = "decoded"
"""Kind of a value that was put together or decoded from constants, so that nobody reads it."""
DECRYPTED = "decrypted"
OWN_FOLDER = "ownfolder"
"""Kind of a path: the folder in which the page itself, or the site, stands."""
LEAF = "leaf"
"""Kind of a name without a folder."""
FUNCTION = "function:"
"""Begins the kind of a value that stands for a function of the code; its name comes behind."""
FOREIGN = "foreign"
"""Kind of a value that another file gives, by a property that this one does not set."""
MAX_KINDS = 60
MAX_CONSTANT = 500_000
MAX_PREFIX = 200
_SERVED = re.compile(
    r"^[a-z]:[\\/].*(?:inetpub|wwwroot|aspnet_client|httpproxy|clientaccess)\b.*[\\/]$", re.I
)
"""Absolute paths of folders that IIS serves."""
MIN_DECODED = 3
_ROOT = re.compile(r"(?:[A-Za-z]:)?[\\/]{0,2}")
"""What a path begins with that leaves all folders of a machine open."""


class Value(NamedTuple):
    """`taint`: the sources that can choose it. `kinds`: what it is, such as `process`.

    `anchored`: it begins with a text that nobody from outside can choose (a folder, a command).
    `key`: the name under which it stands in the request.
    """

    constant: Constant = None
    taint: Names = NONE
    kinds: Names = NONE
    anchored: bool = True
    key: str = ""
    prefix: str = ""
    """The text in the code that it begins with, if the rest is not known."""
    others: tuple[str, ...] = ()
    """Texts that it is besides, in another case."""


UNKNOWN = Value()


def constant(value: Constant, kinds: Names = NONE) -> Value:
    """A value that stands in the code."""
    if isinstance(value, str | bytes) and len(value) > MAX_CONSTANT:
        value = None
    return Value(value, NONE, kinds)


def functions_in(value: Value) -> Names:
    """The kinds by which a value stands for functions of the code."""
    if not value.kinds:
        return NONE
    return frozenset(kind for kind in value.kinds if kind.startswith(FUNCTION))


def lettered(value: Value) -> Value:
    """Letters made of numbers: who says the numbers, says the text."""
    if DIGITS not in value.taint:
        return value
    return value._replace(taint=value.taint - {DIGITS} | {REQUEST}, anchored=False)


def merged_kinds(some: Names, others: Names) -> Names:
    """Kinds of either; of too many, the latter: hostile code has functions without end."""
    return others if len(some) > MAX_KINDS else some | others


def joined(*values: Value) -> Value:
    """What may be any of these, or is made of all of them."""
    taint: Names = NONE
    kinds: Names = NONE
    key = ""
    anchored = True
    for value in values:
        taint |= value.taint
        if value.kinds:
            kinds = merged_kinds(kinds, value.kinds)
        key = key or value.key
        anchored = anchored and value.anchored
    return Value(None, taint, kinds, anchored, key)


def concatenated(left: Value, right: Value) -> Value:
    """Left and right behind each other."""
    taint = left.taint | right.taint
    kinds = (_lasting(left) | _lasting(right)) & _CARRIED
    begun = left.constant if isinstance(left.constant, str) else ""
    if stays(right) and (OWN_FOLDER in left.kinds or _SERVED.match(begun)):
        kinds |= {OWN_FOLDER}
    key = f"{left.key} {right.key}".strip()[:MAX_PREFIX]
    text: Constant = None
    if left.constant is not None and right.constant is not None:
        text = text_of(left.constant) + text_of(right.constant)
        if len(text) > MAX_CONSTANT:
            text = None
    is_own = isinstance(left.constant, str) and FOREIGN not in left.kinds
    open_ended = is_own and _ROOT.fullmatch(begun)
    anchored = right.anchored if open_ended else left.anchored
    prefix = left.prefix or text_of(left.constant)[:MAX_PREFIX]
    return Value(text, taint, kinds, anchored, key, prefix if text is None else "")


def _lasting(part: Value) -> Names:
    """A letter or two that were made from their numbers hide nothing in a longer text."""
    short = isinstance(part.constant, str) and len(part.constant) < MIN_DECODED
    return part.kinds - {DECODED} if short else part.kinds


def stays(part: Value) -> bool:
    """Whether a path stays in the folder that it begins with if this comes behind it."""
    return bool(part.taint & SOURCES) or text_of(part.constant).strip("/\\") == ""


_CARRIED: Names = frozenset({DECODED, DECRYPTED})


def text_of(value: Constant) -> str:
    """A constant as text."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, tuple):
        return "".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def listed(values: list[Value]) -> Value:
    """A list: of texts or bytes it is a constant, else whatever its elements may be."""
    held = [value.constant for value in values]
    if held and all(isinstance(one, str) for one in held):
        return constant(tuple(str(one) for one in held))
    numbers = [one for one in held if isinstance(one, int) and 0 <= one < 256]
    if len(numbers) == len(held) > 3:
        return constant(bytes(numbers))
    return joined(*values) if values else UNKNOWN


def computed(result: Constant, left: Value, right: Value) -> Value:
    """The result of an operation if it is known, else what may be either side."""
    return joined(left, right) if result is None else constant(result)
