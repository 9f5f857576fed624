"""Ways that data takes through a compiled program, and what the program does to the machine."""

from __future__ import annotations

import pytest

from exward.webshells.assemblies import analyse
from exward.webshells.sign import Capability
from tests.webshells.assembling import Library

_RETURN, _POP, _DUP, _THIS, _NULL = b"\x2a", b"\x26", b"\x25", b"\x02", b"\x14"
_PROCESS = "System.Diagnostics.Process"
_COMMANDS = {Capability.RUN_COMMANDS}


def _request(library: Library) -> bytes:
    """`this.Request["c"]`."""
    page = library.call("System.Web.UI.Page::get_Request", "System.Web.HttpRequest")
    item = library.call("System.Web.HttpRequest::get_Item", "string string")
    return _THIS + page + library.text("c") + item


def _start(library: Library) -> bytes:
    return library.call(f"{_PROCESS}::Start", f"{_PROCESS} string string", static=True) + _POP


def _sure(code: bytes, library: Library) -> set[Capability]:
    library.base = "System.Web.UI.Page"
    library.method("Page_Load", code + _RETURN)
    return {sign.capability for sign in analyse(library.build()) if sign.sure}


def test_a_builder_of_texts_holds_what_was_added() -> None:
    library, owner = Library(), "System.Text.StringBuilder"
    append = library.call(f"{owner}::Append", f"{owner} string")
    text = library.call(f"{owner}::ToString", "string")
    built = library.new(owner, "") + _DUP + _request(library) + append + _POP + text
    code = library.text("cmd.exe") + built + _start(library)
    assert _sure(code, library) == _COMMANDS


def test_a_cache_is_one_object_for_all_who_ask() -> None:
    library, cache = Library(), "System.Web.Caching.Cache"
    asked = _THIS + library.call("System.Web.UI.Page::get_Cache", cache) + library.text("k")
    insert = library.call(f"{cache}::Insert", "void string string")
    item = library.call(f"{cache}::get_Item", "string string")
    code = asked + _request(library) + insert
    code += library.text("cmd.exe") + asked + item + _start(library)
    assert _sure(code, library) == _COMMANDS


def test_a_method_of_windows_that_stands_in_a_value() -> None:
    library, kind = Library(), "System.Func`3"
    started = library.call(f"{_PROCESS}::Start", f"{_PROCESS} string string", static=True)
    made = _NULL + b"\xfe\x06" + started[1:] + library.new(kind, "string string")
    invoked = library.call(f"{kind}::Invoke", f"{_PROCESS} string string")
    code = made + library.text("cmd.exe") + _request(library) + invoked + _POP
    assert _sure(code, library) == _COMMANDS


def test_who_connects_gives_the_commands() -> None:
    library, net = Library(), "System.Net.Sockets."
    made = library.text("4444") + library.new(f"{net}TcpListener", "string")
    client = library.call(f"{net}TcpListener::AcceptTcpClient", f"{net}TcpClient")
    stream = library.call(f"{net}TcpClient::GetStream", f"{net}NetworkStream")
    reader = library.new("System.IO.StreamReader", f"{net}NetworkStream")
    line = library.call("System.IO.TextReader::ReadLine", "string")
    code = library.text("cmd.exe") + made + client + stream + reader + line + _start(library)
    assert _sure(code, library) == _COMMANDS


@pytest.mark.parametrize("prefix", ["", "~/upload/"])
def test_a_name_that_the_request_gives_whole_can_leave_the_folder(prefix: str) -> None:
    library = Library()
    name = _request(library)
    if prefix:
        concat = library.call("System.String::Concat", "string string string", static=True)
        name = library.text(prefix) + name + concat
    mapped = library.call("System.Web.HttpServerUtility::MapPath", "string string")
    written = library.call("System.IO.File::WriteAllText", "void string string", static=True)
    code = _THIS + name + mapped + _request(library) + written
    assert _sure(code, library) == (set() if prefix else {Capability.WRITE_FILES})


def test_services_times_and_event_logs() -> None:
    library, service = Library(), "System.ServiceProcess.ServiceController"
    made = _request(library) + library.new(service, "string")
    assert _sure(made + library.call(f"{service}::Start", "void"), library) == _COMMANDS

    library = Library()
    time = library.call("System.IO.File::SetLastWriteTime", "void string string", static=True)
    code = _request(library) + library.text("2019-01-01") + time
    assert _sure(code, library) == {Capability.HIDE_TRACKS}

    library, log = Library(), "System.Diagnostics.EventLog"
    code = library.text("Security") + library.new(log, "string")
    assert _sure(code + library.call(f"{log}::Clear", "void"), library) == {Capability.HIDE_TRACKS}
