"""Which methods of an assembly call which, and what that alone says."""

from __future__ import annotations

import re
from collections import defaultdict

from exward.webshells.clr_knowledge import NATIVE, SOURCES, STORES
from exward.webshells.clr_metadata import Assembly
from exward.webshells.clr_sinks import SINKS
from exward.webshells.clr_tables import Method

_CALLS = re.compile(rb"[\x06\x07\x28\x6f\x73](?=(..[\x00-\x03][\x06\x0a\x2b]))", re.DOTALL)
_HARMLESS_SINKS = ("get_Item", "::Get", "GetMethod", "get_BaseStream")
# What no comparison or text of an object does: payloads of web shells are entered this way.
_ENTRIES = {("Equals", 1), ("ToString", 0), ("GetHashCode", 0)}
_DRASTIC = frozenset(
    {
        "System.Diagnostics.Process::Start",
        "System.CodeDom.Compiler.CodeDomProvider::CompileAssemblyFromSource",
        "System.Net.Sockets.Socket::Connect",
        "System.Net.Sockets.TcpClient::Connect",
        "System.Net.Sockets.TcpListener::Start",
        "System.IO.File::Delete",
        "System.IO.File::WriteAllBytes",
        "System.IO.Directory::GetDirectories",
        "System.IO.DirectoryInfo::GetDirectories",
        "System.IO.DriveInfo::GetDrives",
        "System.IO.Directory::GetLogicalDrives",
        "System.Data.Common.DbConnection::Open",
        "System.Data.SqlClient.SqlConnection::Open",
        "System.Web.Hosting.HostingEnvironment::RegisterVirtualPathProvider",
    }
)
_PAGES = frozenset({"System.Web.UI.Page", "System.Web.IHttpHandler", "System.Web.UI.UserControl"})
_ADDS_FILES = "System.Web.Hosting.HostingEnvironment::RegisterVirtualPathProvider"
_LISTENS = "System.Net.Sockets.Socket::IOControl"
_EMPTIES = "System.Diagnostics.EventLog::Clear"
ALONE = frozenset({_ADDS_FILES, _LISTENS, _EMPTIES})  # tell something where they stand
_COMMANDS = "System.Diagnostics.Process::Start"
_WEB_OBJECTS = frozenset(
    {
        "System.Web.UI.Page",
        "System.Web.HttpContext",
        "System.Web.HttpContextBase",
        "System.Net.HttpListenerContext",
        "System.Web.HttpRequest",
    }
)


class Shape:
    """The calls between methods, and the members of .NET that each uses."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.calls: defaultdict[int, set[int]] = defaultdict(set)
        self.may_call: defaultdict[int, set[int]] = defaultdict(set)
        """As `calls`, with what a call of a method without code may reach."""
        self.uses: defaultdict[int, set[str]] = defaultdict(set)
        self.sinks: set[int] = set()
        self.sources: set[int] = set()
        self.named: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for method in assembly.methods.values():
            if method.code:
                self.named[method.name, method.signature.parameters].append(method.token)

    def read(self) -> None:
        """Look through the code of all methods."""
        known: dict[bytes, tuple[int, str]] = {}
        for method in self.assembly.methods.values():
            for raw in set(_CALLS.findall(method.code)):
                if raw not in known:
                    token = int.from_bytes(raw, "little")
                    own = self.assembly.target(token)
                    known[raw] = own, "" if own else self.assembly.name(token)
                own, name = known[raw]
                if own:
                    self._calls(method, own)
                elif name:
                    self._uses(method, name)

    def _calls(self, method: Method, own: int) -> None:
        self.calls[method.token].add(own)
        self.may_call[method.token].update(self._implementations(own))
        if self.assembly.imports.get(own) in NATIVE:
            self.sinks.add(method.token)

    def _implementations(self, token: int) -> set[int]:
        """A method, and those that a call of it may reach if it has no code of its own."""
        method = self.assembly.methods.get(token)
        if method is None or method.code:
            return {token}
        key = (method.name, method.signature.parameters)
        return {token, *self.named.get(key, ())}

    def _uses(self, method: Method, name: str) -> None:
        self.uses[method.token].add(name)
        if is_sink(name):
            self.sinks.add(method.token)
        if name in SOURCES:
            self.sources.add(method.token)

    def worth_following(self) -> set[int]:
        """The methods that lead to what a web shell does, and those that these call."""
        callers: defaultdict[int, set[int]] = defaultdict(set)
        for caller, callees in self.may_call.items():
            for callee in callees:
                callers[callee].add(caller)
        wanted = _reach(self.sinks, callers)
        methods, types = (
            self.assembly.methods,
            {self.assembly.methods[token].owner for token in wanted},
        )
        wanted |= {token for token in self.sources if methods[token].owner in types}
        wanted |= {
            token
            for owner in types
            for token in self.assembly.types[owner].methods
            if methods[token].name in {".ctor", ".cctor"}
        }
        return {token for token in _reach(wanted, self.may_call) if methods[token].code}

    def entered_by_comparison(self) -> list[tuple[Method, str]]:
        """Methods that .NET has for comparing objects, and what drastic thing they do."""
        found = []
        for method in self.assembly.methods.values():
            if (method.name, method.signature.parameters) not in _ENTRIES or not method.code:
                continue
            reached = _reach({method.token}, self.calls)
            used = {name for token in reached for name in self.uses.get(token, ())} & _DRASTIC
            if _COMMANDS in used:
                found.append((method, _COMMANDS))
            elif used and self._casts_to_web(method):
                found.append((method, min(used)))
        return found

    def done_by_pages(self) -> list[tuple[Method, str]]:
        """What no page does: listening on the network, adding folders, emptying event logs."""
        found = []
        for token, used in self.uses.items():
            method = self.assembly.methods[token]
            kind = self.assembly.types[method.owner]
            page = kind.base in _PAGES or not _PAGES.isdisjoint(kind.interfaces)
            if _ADDS_FILES in used and (page or method.name in {".ctor", ".cctor"}):
                found.append((method, _ADDS_FILES))
            found += [(method, name) for name in (_LISTENS, _EMPTIES) if name in used and page]
        return found

    def _casts_to_web(self, method: Method) -> bool:
        for raw in re.findall(rb"[\x74\x75](?=(..[\x00-\x03][\x01]))", method.code, re.DOTALL):
            if self.assembly.name(int.from_bytes(raw, "little")) in _WEB_OBJECTS:
                return True
        return False


def is_sink(name: str) -> bool:
    """Whether a member of .NET does something that a web shell does."""
    return name in STORES or (name in SINKS and not name.endswith(_HARMLESS_SINKS))


def _reach(start: set[int], edges: dict[int, set[int]]) -> set[int]:
    reached, todo = set(start), list(start)
    while todo:
        for token in edges.get(todo.pop(), ()):
            if token not in reached:
                reached.add(token)
                todo.append(token)
    return reached
