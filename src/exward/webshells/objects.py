"""What objects of ASP and ASP.NET are, what their members give, and who can choose that.

Names are those of Microsoft's documentation (ASP 3.0, .NET Framework class library), lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from exward.webshells.blocks import JSCRIPT, VB
from exward.webshells.cursor import Budget
from exward.webshells.known_types import TYPES, kinds_of_com, kinds_of_type, named_object
from exward.webshells.sign import Sign
from exward.webshells.values import (
    CONTROL,
    DECODED,
    DECRYPTED,
    DRIVES,
    FILE,
    HERE,
    NET,
    NONE,
    OWN_FOLDER,
    REQUEST,
    SECRET,
    SOURCES,
    UNKNOWN,
    Names,
    Value,
    constant,
    joined,
)

_FROM_REQUEST = frozenset({REQUEST})

FILLING = frozenset(
    {"add", "append", "appendformat", "appendline", "push", "insert", "enqueue", "setvalue",
     "copy", "load", "loadxml", "write", "writeline", "writetext", "read", "writebytes",
     "concat"}
)  # fmt: skip
"""Methods that put their arguments into the object."""

_CHOSEN = frozenset(
    {"form", "querystring", "params", "headers", "cookies", "item", "inputstream",
     "binaryread", "rawurl", "useragent", "urlreferrer", "pathinfo",
     "userlanguages", "getbufferlessinputstream",
     "getbufferedinputstream", "unvalidated", "query", "body",
     "contenttype", "accepttypes", "routedata"}
)  # fmt: skip
FIXED = frozenset(
    {"totalbytes", "contentlength", "httpmethod", "isauthenticated", "physicalpath",
     "mappath", "physicalapplicationpath", "applicationpath", "filepath", "path",
     "userhostaddress", "browser", "islocal", "issecureconnection", "requesttype",
     "logonuseridentity", "currentexecutionfilepath", "servervariables", "clientcertificate",
     "url", "count", "contentencoding", "requestcontext"}
)  # fmt: skip
"""Members that nobody chooses from outside, or that hold nothing of use to a stranger."""
_VARIABLES_CHOSEN = ("http_", "query_string", "all_", "auth_password", "path_info", "content_type",
                     "unencoded_url")  # fmt: skip
_INPUT = frozenset({"text", "value", "innertext", "innerhtml", "selectedvalue", "selecteditem"})
_POSTED = frozenset({"files", "postedfile", "postedfiles"})


_CHECKS_NAMES = re.compile(
    r"getextension|extension\b|fileext|allow|\.(?:jpe?g|gif|png|doc|pdf|zip)\b", re.IGNORECASE
)


def _nothing(_: str) -> Sequence[Sign]:
    return ()


@dataclass(slots=True)
class Known:
    """What the page says besides its code."""

    controls: frozenset[str] = frozenset()
    objects: dict[str, str] = field(default_factory=dict)
    inner: Callable[[str], Sequence[Sign]] = _nothing
    """Judges a page that stands in a text of this one."""
    budget: Budget = field(default_factory=Budget)
    is_net: bool = False
    """A page that says it is of Visual Basic .NET, in which `Eval` binds data."""
    is_set_up: bool = False
    """An application file or a file of code, where a site sets up what stays in memory."""
    code: str = ""
    """All code of the page."""
    checked: bool | None = None
    """Whether the code looks at names, once somebody has asked."""
    elsewhere: dict[str, Value] = field(default_factory=dict)
    """What functions return that stand in another language on the page, by their names."""
    mailed: set[str] = field(default_factory=set)
    """Parts of a message that the request chooses."""
    written: set[str] = field(default_factory=set)
    """Files that the page writes, by the names that stand in it, lower case."""

    @property
    def checks_names(self) -> bool:
        """Whether the page looks at the extensions of names of files."""
        if self.checked is None:
            self.checked = _CHECKS_NAMES.search(self.code) is not None
        return self.checked

    def root(self, name: str, language: str) -> Value:
        """The value of a name that the code does not define."""
        if name in _ROOTS:
            return Value(kinds=frozenset({_ROOTS[name]}))
        if name in _CHOSEN_ROOTS:
            return Value(None, _FROM_REQUEST, frozenset({"fields"}), False)
        if name in self.controls:
            return Value(kinds=frozenset({"control"}))
        if name in self.objects:
            return Value(kinds=kinds_of_com(self.objects[name]))
        if name in {"eval", "execute", "executeglobal"} and language in {VB, JSCRIPT}:
            return Value(kinds=frozenset({"eval"}))
        if name in self.elsewhere:
            return self.elsewhere[name]
        if name in TYPES:
            return Value(kinds=frozenset({f"type:{TYPES[name].removeprefix('type:')}"}))
        if name in _CONSTANTS:
            return constant(_CONSTANTS[name])
        return UNKNOWN


_ROOTS = {
    "request": "request", "httpcontext": "context", "context": "context", "response":
    "response", "server": "server", "httprequest": "request",
}  # fmt: skip
_CHOSEN_ROOTS = frozenset({"routedata"})
_CONSTANTS = {
    "vbcrlf": "\r\n", "vbcr": "\r", "vblf": "\n", "vbnewline": "\r\n", "vbtab": "\t",
    "vbnullstring": "", "empty": "", "string.empty": "",
}  # fmt: skip


_DESERIALISERS = frozenset({"deserialiser", "type:deserialiser"})


_AS_GIVEN = frozenset({"", "file", "uri", "char", "guid", "byte", "int", "short", "long"})
"""`new[] {…}` and arrays of letters and numbers hold what is given to them."""


def made(path: str, arguments: Sequence[Value]) -> Value:
    """The object that `new Type(…)` makes."""
    short = path.rpartition(".")[2]
    value = joined(*arguments) if arguments else UNKNOWN
    if short == "activexobject" and arguments:
        return Value(kinds=named_object(arguments[0]))
    if short == "string" and arguments and isinstance(arguments[0].constant, tuple):
        return constant("".join(arguments[0].constant), frozenset({DECODED}))
    if short == "string" and arguments:
        return Value(
            arguments[0].constant, value.taint, value.kinds | {DECODED}, value.anchored, value.key
        )
    if short in _AS_GIVEN and arguments:
        return arguments[0]
    first = arguments[0] if arguments else UNKNOWN
    taint = value.taint - {SECRET}
    return Value(
        None,
        taint | {NET} if short in _TOLD_THINGS else taint,
        kinds_of_type(short) | (value.kinds & {DECODED, DECRYPTED, OWN_FOLDER, *_DESERIALISERS}),
        first.anchored,
        value.key,
    )


_TOLD_THINGS = frozenset({"namedpipeserverstream", "namedpipeclientstream", "messagequeue"})
"""What others tell the page something by, besides the request."""


def member(value: Value, name: str) -> Value:
    """A member of an object, without a call."""
    if name in _FOLDER_OF and "ownpath" in value.kinds:
        return Value(taint=frozenset({HERE}), kinds=frozenset({OWN_FOLDER}))
    if name in _DELEGATED and (static := _DELEGATED[name]) in value.kinds:
        return value._replace(kinds=value.kinds | {f"method:{static.removeprefix('type:')}.{name}"})
    for kind, of in _MEMBERS:
        if kind in value.kinds:
            return of(value, name)
    if name in _SECRETS or (name in _TOLD and not value.taint):
        return Value(taint=value.taint | {_TOLD.get(name, SECRET)})
    if name in _COUNTS or name == "none":
        held = value.constant if name == "length" else None
        return constant(len(held)) if isinstance(held, str | bytes | tuple) else UNKNOWN
    if name in _NAMES and SECRET in value.taint:
        return value._replace(taint=value.taint - {SECRET})
    if not value.taint and not value.kinds and name in TYPES:
        return Value(kinds=frozenset({f"type:{TYPES[name].removeprefix('type:')}"}))
    if not value.taint & SOURCES and name in _NAMED_SO:
        return Value(kinds=frozenset({_NAMED_SO[name]}))
    return Value(None, value.taint, value.kinds, value.anchored, value.key)


def _of_context(_: Value, name: str) -> Value:
    if name in {"current", "context"}:
        return Value(kinds=frozenset({"context"}))
    known = name in {"request", "response", "server"}
    return Value(kinds=frozenset({name})) if known else UNKNOWN


def _of_request(_: Value, name: str) -> Value:
    if name in _POSTED:
        return Value(None, frozenset({FILE}), frozenset({"posted"}), False)
    if name == "servervariables":
        return Value(kinds=frozenset({"variables"}))
    if name in _OWN:
        return Value(taint=frozenset({HERE}), kinds=_OWN[name])
    if name in FIXED:
        return UNKNOWN
    if name in _CHOSEN:
        whole = frozenset({HERE} if name in _ADDRESS else ())
        return Value(None, _FROM_REQUEST | whole, frozenset({"fields"}), False)
    return Value(kinds=frozenset({"request"})) if name in _WHOLE_REQUEST else UNKNOWN


_WHOLE_REQUEST = frozenset({"request", "current", "saveas"})
_DELEGATED = {"start": "type:process", "load": "type:assembly", "loadfrom": "type:assembly"}
"""Static methods that a variable may stand for, and the types that they belong to."""
_ADDRESS = frozenset({"querystring", "rawurl"})
_OWN: dict[str, Names] = {
    "physicalpath": frozenset({"ownpath"}), "physicalapplicationpath": frozenset({OWN_FOLDER}),
    "url": frozenset({"requesturl"}), "currentexecutionfilepath": frozenset({"ownpath"}),
    "filepath": frozenset({"ownpath"}), "path": frozenset({"ownpath"}),
}  # fmt: skip
"""Members that say where the page stands."""


def _of_url(value: Value, name: str) -> Value:
    taint = value.taint | _FROM_REQUEST if name in _WITH_QUERY else value.taint
    return Value(None, taint, anchored=name not in _WITH_QUERY)


_WITH_QUERY = frozenset({"query", "pathandquery", "absoluteuri", "originalstring", "tostring"})
_FOLDER_OF = frozenset({"directoryname", "directory", "parentfolder"})


def _of_http(value: Value, name: str) -> Value:
    taint = value.taint | {NET} if name in ANSWERS else value.taint
    return Value(None, taint, value.kinds, False)


_RECEIVES = frozenset({"receive", "receivefrom", "receiveasync"})


def _of_socket(value: Value, name: str) -> Value:
    taint = value.taint | {NET} if name in _RECEIVES else value.taint
    return Value(None, taint, value.kinds, value.anchored and not taint)


def _of_control(value: Value, name: str) -> Value:
    if name in _INPUT:
        return Value(None, frozenset({CONTROL}), NONE, False, name)
    if name in _POSTED or name in {"filename", "filebytes", "filecontent"}:
        return Value(None, frozenset({FILE}), frozenset({"posted"}), False)
    return Value(kinds=value.kinds)


_MEMBERS: tuple[tuple[str, Callable[[Value, str], Value]], ...] = (
    ("context", _of_context),
    ("request", _of_request),
    ("control", _of_control),
    ("http", _of_http),
    ("requesturl", _of_url),
    ("socket", _of_socket),
)
ANSWERS = frozenset(
    {"downloaddata", "downloadstring", "uploadstring", "uploaddata", "uploadvalues",
     "responsetext", "responsebody", "openread", "responsestream",
     "getresponsestream", "getstringasync", "getbytearrayasync", "getstreamasync",
     "readasstringasync", "responsexml"}
)  # fmt: skip
"""Members that give what another server answered."""
_NAMED_SO = {
    "assembly": "type:assembly", "request": "request", "httprequest": "request",
    "httpcontext": "context", "websocket": "socket",
}  # fmt: skip
"""Members whose name says what they are, whatever they belong to."""
_SECRETS = frozenset({"validationkey", "decryptionkey", "anonymoususerpass", "wamuserpass"})
_TOLD = {"connectionstrings": SECRET, "drives": DRIVES}
_NAMES = frozenset({"name", "providername", "key", "keys"})
"""Of a connection string, what is no secret."""
_COUNTS = frozenset(
    {"length", "count", "position", "contentlength", "size", "type", "state", "status"}
)


def indexed(value: Value, arguments: Sequence[Value]) -> Value:
    """An element of a value: `Request["x"]`."""
    key = arguments[0].constant if arguments else None
    name = key.lower() if isinstance(key, str) else ""
    if name in _SECRETS:
        return Value(taint=value.taint | {SECRET})
    if "request" in value.kinds:
        return Value(None, _FROM_REQUEST, frozenset({"field"}), False, name)
    if "variables" in value.kinds:
        if name in _OWN_PATH:
            return Value(taint=frozenset({HERE}), kinds=frozenset({"ownpath"}))
        if name in _OWN_HOST:
            return Value(taint=_FROM_REQUEST | {HERE}, anchored=False)
        if name in _OWN_FOLDERS:
            return Value(taint=frozenset({HERE}), kinds=frozenset({OWN_FOLDER}))
        if not name or name.startswith(_VARIABLES_CHOSEN):
            return Value(None, _FROM_REQUEST, NONE, False, name)
        return UNKNOWN
    if (
        isinstance(value.constant, str | bytes | tuple)
        and isinstance(key, int)
        and (0 <= key < len(value.constant))
    ):
        return constant(value.constant[key], frozenset({DECODED}))
    taint = value.taint - {HERE} if "fields" in value.kinds else value.taint
    return Value(None, taint, value.kinds, value.anchored, name or value.key)


_OWN_PATH = frozenset({"script_name", "path_translated", "path_info", "url"})
_OWN_HOST = frozenset({"http_host", "server_name", "query_string"})
_OWN_FOLDERS = frozenset({"appl_physical_path"})
